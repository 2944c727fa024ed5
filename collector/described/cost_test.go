package described

import (
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"progress_exporter/collector/progress"
)

// mostOfARead is what a read may allocate, whatever the description and the answer are.
const mostOfARead = 16 << 20

// TestCostOfHostility reads answers as large as an answer may be with descriptions that
// keep as much as they can. What is allocated bounds what is in use at any moment.
func TestCostOfHostility(t *testing.T) {
	objects := `{"s":"running","a":[` + strings.TrimSuffix(strings.Repeat(`{"k":1},`, 19_990), ",") + `]}`
	numbers := `{"s":"running","a":[` + strings.TrimSuffix(strings.Repeat(`12345,`, 99_990), ",") + `]}`
	texts := `{"s":"running","a":[` + strings.TrimSuffix(strings.Repeat(`"`+strings.Repeat("x", 30)+`",`, 99_990), ",") + `]}`
	long := `{"s":"running","a":["` + strings.Repeat("y", 4<<20-100) + `"]}`
	keys := `{"s":"running","a":[` + strings.TrimSuffix(strings.Repeat(`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9},`, 9_990), ",") + `]}`
	for answer, body := range map[string]string{"objects": objects, "numbers": numbers, "texts": texts, "long": long, "keys": keys} {
		for name, description := range map[string]string{
			"nothing":  ``,
			"objects":  "\nratio: '[.a[] | {a: ., b: ., c: .}] | length'",
			"nested":   "\nratio: '[.a[] | {a: {a: {a: .}}}] | length'",
			"texts":    "\nratio: '[.a[] as $x | .a[] | \"\\($x)\\(.)\"] | length'",
			"lists":    "\nratio: '[.a[] as $x | [.a[]]] | length'",
			"entries":  "\nratio: '[.a[] | to_entries] | length'",
			"sorted":   "\nratio: '[.a, .a, .a] | map(sort) | length'",
			"grouped":  "\nratio: '[.a | group_by(.)] | length'",
			"split":    "\nratio: '[.a[] | split(\"\")] | length'",
			"captures": "\nratio: '[.a[] | capture(\"(?<a>.)(?<b>.)(?<c>.)\")] | length'",
			"nodes":    "\nnodes: {each: '.a[]', id: '\"\\(.)\"', name: '\"\\(.)\"'}",
			"samples":  "\nmetrics: [{name: m, help: h, each: '.a[]', value: '1', labels: {a: '\"\\(.)\"'}}]",
			"jobs":     "\njobs: .a[]\njob: '\"\\(.)\"'\njob_name: '\"\\(.)\"'\nerror_code: '\"\\(.)\"'",
			"list":     "\njobs: .\njob: '1'\nratio: '[.a[] | {a: ., b: ., c: .}] | length'",
			"list 2":   "\njobs: .\njob: '1'\nratio: '[.a, .a, .a] | map(sort) | length'",
			"list 3":   "\njobs: .\njob: '1'\nratio: '[.a[] as $x | .a[] | \"\\($x)\\(.)\"] | length'",
			"list 4":   "\njobs: .\njob: '1'\nnodes: {each: '.a[]', id: '\"\\(.)\"', name: '\"\\(.)\"'}",
			"list 5":   "\njobs: .\njob: '1'\nmetrics: [{name: m, help: h, each: '.a[]', value: '1', labels: {a: '\"\\(.)\"'}}]",
			"list 6":   "\njobs: .\njob: '1'\nratio: '[.a[] | to_entries] | length'",
			"list 7":   "\njobs: .\njob: '1'\nratio: '[.a[] | capture(\"(?<a>.)(?<b>.)(?<c>.)\")] | length'",
			"one of":   "\nmetrics: [{name: m, help: h, each: '.a[]', value: '\"a\"', one_of: {a: [a, b, c, d, e, f, g, h]}}]",
		} {
			d, err := Parse("a.yml", []byte("name: a\nrequest: {path: /}\nstate: $root.s"+description), nil)
			if err != nil {
				t.Fatal(err)
			}
			source, err := d.API.Open(progress.Target{URL: &url.URL{Scheme: "http", Host: "h"}, Options: func(any) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			resp := progress.Response{Status: http.StatusOK, Body: []byte(body)}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err = source.Progress(t.Context(), func(*http.Request) (progress.Response, error) { return resp, nil })
			runtime.ReadMemStats(&after)
			used := after.TotalAlloc - before.TotalAlloc
			t.Logf("%s with %s: %d KiB, %v", answer, name, used>>10, err)
			if used > mostOfARead {
				t.Errorf("%s with %s: %d KiB are allocated, want %d at most", answer, name, used>>10, mostOfARead>>10)
			}
		}
	}
}
