package described

import (
	"fmt"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"progress_exporter/collector/collectortest/race"
	"progress_exporter/collector/progress"
)

// mostOfARead is what a read may allocate, whatever the description and the answer are.
const mostOfARead = 16 << 20

// repeated is an answer whose list a has so many elements.
func repeated(element string, n int) string {
	return `{"s":"running","a":[` + strings.TrimSuffix(strings.Repeat(element+",", n), ",") + `]}`
}

// hostileAnswers are as large as an answer may be, or as an expression can pay for.
func hostileAnswers() map[string]string {
	long := func(letter string) string { return `"` + strings.Repeat(letter, 16_000) + `"` }
	var keys strings.Builder
	for i := range 150 {
		fmt.Fprintf(&keys, `"%s%d":1,`, strings.Repeat("k", 15_990), i)
	}
	return map[string]string{
		"objects":      repeated(`{"k":1}`, 19_990),
		"some objects": repeated(`{"k":1}`, 3_000),
		"numbers":      repeated("12345", 99_990),
		"some numbers": repeated("1", 3_000),
		"long numbers": repeated(strings.Repeat("9", 99), 9_000),
		"huge numbers": repeated("1e308", 20_000),
		"lists":        repeated("["+strings.TrimSuffix(strings.Repeat("123456789.5,", 40), ",")+"]", 900),
		"texts":        repeated(`"`+strings.Repeat("x", 30)+`"`, 99_990),
		"long texts":   repeated(long("x"), 140),
		"long digits":  repeated(long("9"), 140),
		"blanks":       repeated(long(" "), 140),
		"one text":     repeated(`"`+strings.Repeat("y", 4<<20-100)+`"`, 1),
		"dates":        repeated(`"2026-11-22T09:00:00"`, 20_000),
		"keys":         repeated(`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9}`, 9_990),
		"long keys":    `{"s":"running","a":{` + strings.TrimSuffix(keys.String(), ",") + `}}`,
	}
}

// hostileKeys are descriptions that keep, or look at, as much as they can.
func hostileKeys() []string {
	keys := []string{
		"", "\nnodes: {each: '.a[]', id: '\"\\(.)\"', name: '\"\\(.)\"'}",
		"\nmetrics: [{name: m, help: h, each: '.a[]', value: '1', labels: {a: '\"\\(.)\"'}}]",
		"\nmetrics: [{name: m, help: h, each: '.a[]', value: '\"a\"', one_of: {a: [a, b, c, d, e, f, g, h]}}]",
		"\njobs: .a[]\njob: '\"\\(.)\"'\njob_name: '\"\\(.)\"'\nerror_code: '\"\\(.)\"'",
		"\njobs: .\njob: '1'\nnodes: {each: '.a[]', id: '\"\\(.)\"', name: '\"\\(.)\"'}",
		"\njobs: .\njob: '1'\nmetrics: [{name: m, help: h, each: '.a[]', value: '1', labels: {a: '\"\\(.)\"'}}]",
	}
	for _, e := range []string{
		"[.a[] | {a: ., b: ., c: .}]", "[.a[] | {a: {a: {a: .}}}]", `[.a[] as $x | .a[] | "\($x)\(.)"]`, "[.a[] as $x | [.a[]]]", "[.a[] | to_entries]",
		"[.a, .a, .a] | map(sort)", "[.a | group_by(.)]", `[.a[] | split("")]`, `[.a[] | capture("(?<a>.*)(?<b>.*)(?<c>.*)")]`, `.a | map(test("(?i)^(a|x)*X{1,200}y$"))`,
		".a | map(tonumber)", `.a | map(time("Asia/Seoul"))`, `.a | map(. as $z | try ("2026-11-22T09:00:00" | time($z)) catch 1)`, ".a | map(. % 7)", ".a | map(. * 7.5)", ".a | add",
		".a | sort", ".a | unique", ".a | sort_by($root.a)", ".a | group_by([., $root.a])", ".a | unique_by($root.a)", ".a | max_by($root.a)", ".a as $x | $x | map([$x, .]) | sort",
		".a as $x | $x | map($x) | tostring", ".a as $x | $x | map($x | keys)", ".a as $x | $x | map($x | any)", ".a as $x | $x | map($x | min)", ".a as $x | $x | map($x == .)", ".a as $x | $x | map($x | reverse)",
		".a as $x | $x | map($x) | flatten", ".a as $x | $x | map($x + $x)", ".a | with_entries(.)", ".a | map({(tostring): 1}) | add", `.a | map("\(.)\(.)\(.)\(.)")`, `.a | join("x")`, ".a | map(ascii_downcase)",
		"[., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] | [., .] as $x | [1, 2, 3] | sort_by($x)",
	} {
		keys = append(keys, "\nratio: |\n  "+e+" | length")
	}
	for _, e := range []string{ // what keeps most, of a list, which has more to pay with
		"[.a[] | {a: ., b: ., c: .}]", `[.a[] as $x | .a[] | "\($x)\(.)"]`, "[.a[] | to_entries]", "[.a, .a, .a] | map(sort)", `[.a[] | capture("(?<a>.)(?<b>.)(?<c>.)")]`, ".a | with_entries(.)",
	} {
		keys = append(keys, "\njobs: .\njob: '1'\nratio: |\n  "+e+" | length")
	}
	return keys
}

// readOnce reads an answer with a description.
func readOnce(t *testing.T, description, body string) error {
	t.Helper()
	d, err := Parse("a.yml", []byte("name: a\nrequest: {path: /}\nstate: $root.s"+description), nil)
	if err != nil {
		t.Fatal(err)
	}
	source, err := d.API.Open(progress.Target{URL: &url.URL{Scheme: "http", Host: "h"}, Options: func(any) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	_, err = source.Progress(t.Context(), func(*http.Request) (progress.Response, error) {
		return progress.Response{Status: http.StatusOK, Body: []byte(body)}, nil
	})
	return err
}

// TestCostOfHostility reads hostile answers with hostile descriptions. What is allocated
// bounds what is in use at any moment. How long it takes is bounded by what is counted:
// work that is not, such as comparisons, would keep this test for minutes.
func TestCostOfHostility(t *testing.T) {
	if race.Enabled {
		t.Skip("what is allocated is counted without the race detector, by make unit")
	}
	worst, of := uint64(0), ""
	for name, body := range hostileAnswers() {
		for _, key := range hostileKeys() {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := readOnce(t, key, body)
			runtime.ReadMemStats(&after)
			used := after.TotalAlloc - before.TotalAlloc
			if used > worst {
				worst, of = used, fmt.Sprintf("%s with %s: %v", name, key, err)
			}
			if used > mostOfARead {
				t.Errorf("%s with %s: %d KiB are allocated, want %d at most; %v", name, key, used>>10, mostOfARead>>10, err)
			}
		}
	}
	t.Logf("at most %d KiB: %.300s", worst>>10, of)
}

// Work is paid for before it is done, as often as it is done.
func TestWorkIsPaid(t *testing.T) {
	const spent = "costs more than a read may"
	answers := hostileAnswers()
	for _, tc := range []struct{ answer, expression, want string }{
		{"some numbers", ".a | sort_by($root.a)", spent},
		{"some numbers", ".a | max_by($root.a)", spent},
		{"some numbers", ".a as $x | $x | map([$x, .]) | sort", spent},
		{"some objects", ".a | sort", spent},
		{"long keys", ".a as $x | $x | map($x) | tostring", spent},
		{"long keys", ".a as $x | $x | map($x | keys)", spent},
		{"long digits", ".a | map(tonumber)", "tonumber is given a text of more than 100 bytes"},
		{"long numbers", ".a | map(. * 7.5)", spent},
		{"long texts", ".a | add", "add makes a text of more than 16384 bytes"},
		{"dates", `.a | map(try time("Asia/Nowhere") catch 1)`, spent},
		{"some numbers", ".a | sort", ""},
		{"some objects", ".a | sort_by(.k)", ""},
		{"some objects", `.a | map("2026-11-22T09:00:00" | time("Asia/Seoul"))`, ""},
		{"huge numbers", ".a[:1000] | map(. % 7) | map(select(. == null))", ""},
	} {
		err := readOnce(t, "\nratio: |\n  "+tc.expression+" | length", answers[tc.answer])
		if got := fmt.Sprint(err); tc.want == "" && err != nil || !strings.Contains(got, tc.want) {
			t.Errorf("%s with %s: %v, want %s", tc.answer, tc.expression, err, tc.want)
		}
	}
}
