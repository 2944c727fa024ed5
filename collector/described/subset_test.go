package described

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// try evaluates an expression on a JSON text.
func try(t testing.TB, text, in string) ([]any, *scope, error) {
	t.Helper()
	e, found := newExpression("key", text, functions())
	if found != nil {
		t.Fatalf("%s: %v", text, found)
	}
	var v any
	dec := json.NewDecoder(strings.NewReader(in))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%s: %v", in, err)
	}
	s := &scope{root: v, status: 200, options: map[string]any{"job": "7", "none": nil}, meter: newMeter(t.Context())}
	var out []any
	err := e.each(s, v, func(v any) error {
		out = append(out, v)
		return nil
	})
	return out, s, err
}

// What an expression means, as far as it is not jq's own business or is not as in jq.
func TestExpressions(t *testing.T) {
	for _, tc := range []struct{ text, in, want string }{
		{`.a.b`, `{"a":{"b":1}}`, `[1]`},
		{`.a."b c".d`, `{"a":null}`, `[null]`},
		{`.id`, `{"id":12345678901234567890}`, `[12345678901234567890]`},
		{`"\(.id)/\(.b)"`, `{"id":12345678901234567890,"b":true}`, `["12345678901234567890/true"]`},
		{`"\(.a.b)-\(.c)\("x")\(.n)"`, `{"a":{"b":1.50},"n":false}`, `["1.50-nullxfalse"]`},
		{`"\(.a)\(.a | . + 1)"`, `{"a":1}`, `["12"]`},
		{`[.[] | .id | tostring] | join("-")`, `[{"id":9007199254740993},{"id":1}]`, `["9007199254740993-1"]`},
		{`.a / 100`, `{}`, `[null]`},
		{`.a / .b`, `{"a":1,"b":0}`, `[null]`},
		{`.a / .b`, `{"a":0,"b":0}`, `[null]`},
		{`.a / .b`, `{"a":1,"b":4}`, `[0.25]`},
		{`1 - .a`, `{"a":0.25}`, `[0.75]`},
		{`-.a, - 1, -(.b)`, `{"a":2}`, `[-2,-1,null]`},
		{`.a * .b`, `{"a":3000000000,"b":3000000000}`, `[9000000000000000000]`},
		{`.a * .b`, `{"a":9000000000,"b":9000000000}`, `[81000000000000000000]`},
		{`.a % 7`, `{"a":23}`, `[2]`},
		{`.a + .b`, `{"a":9223372036854775807,"b":1}`, `[9223372036854776000]`},
		{`.a + .b + .c`, `{"a":1,"c":2}`, `[3]`},
		{`.a + .b`, `{"a":[1],"b":[2]}`, `[[1,2]]`},
		{`.a + .b`, `{"a":{"x":1},"b":{"y":2}}`, `[{"x":1,"y":2}]`},
		{`.a > 0, .a == null, .b == "x", .a != .b, .b >= .a`, `{"b":"x"}`, `[false,true,true,true,true]`},
		{`[.[] | select(.n > 1) | .n]`, `[{"n":1},{"n":2},{}]`, `[[2]]`},
		{`.a[]?, .b[]?`, `{"a":[1,2],"b":3}`, `[1,2]`},
		{`.[.k]`, `{"k":"v","v":5}`, `[5]`},
		{`. as $x | .l[] | $x.m[.]`, `{"l":["a","b"],"m":{"a":1,"b":2}}`, `[1,2]`},
		{`.l[1:] , .l[-1], .s[:2]`, `{"l":[1,2,3],"s":"abc"}`, `[[2,3],3,"ab"]`},
		{`. as {a: $a, b: [$b]} | $a + $b`, `{"a":1,"b":[2]}`, `[3]`},
		{`to_entries[] | "\(.key)=\(.value)"`, `{"b":2,"a":1}`, `["a=1","b=2"]`},
		{`with_entries(select(.value > 1)) | keys`, `{"b":2,"a":1}`, `[["b"]]`},
		{`.p | split("/") | map(tonumber) | .[0] / .[1]`, `{"p":"3/12"}`, `[0.25]`},
		{`.p | rtrimstr("%") | tonumber? // null`, `{"p":"N/A"}`, `[null]`},
		{`if test("^r"; "i") then capture("(?<n>[0-9]+)").n else empty end`, `"R 42"`, `["42"]`},
		{`contains("b"), index("b"), startswith("a")`, `"abc"`, `[true,1,true]`},
		{`index("failed"), any(. == "x"), all(. != "y"), any`, `["x","failed"]`, `[1,true,true,true]`},
		{`[.[].n] | add, min, max, length, (sort | first), (reverse | last), unique, flatten`, `[{"n":3},{"n":1}]`, `[4,1,3,2,1,3,[1,3],[3,1]]`},
		{`max_by(.n).n, (group_by(.n) | length), (sort_by(-.n) | .[0].n)`, `[{"n":3},{"n":1}]`, `[3,2,3]`},
		{`try (.a | tonumber) catch "no"`, `{"a":[]}`, `["no"]`},
		{`$root.a, $status, $options.job, $options.none`, `{"a":1}`, `[1,200,"7",null]`},
		{`{a: .x, ("b" + .y): 2, "c": 3, $status}`, `{"x":1,"y":"z"}`, `[{"a":1,"bz":2,"c":3,"status":200}]`},
		{`first(.[] | select(. > 1)), isempty(.[]), (.[0] | not), (.[0] | floor)`, `[1.5,2]`, `[1.5,false,false,1]`},
	} {
		out, _, err := try(t, tc.text, tc.in)
		if err != nil {
			t.Errorf("%s: %v", tc.text, err)
			continue
		}
		got, err := json.Marshal(out)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != tc.want {
			t.Errorf("%s of %s: %s, want %s", tc.text, tc.in, got, tc.want)
		}
	}
}

// A failing expression says what is wrong, and nothing of the answer.
func TestFailingExpressions(t *testing.T) {
	const in = `{"s":"hunter2","n":7,"l":["hunter2"],"o":{"hunter2":1}}`
	for text, want := range map[string]string{
		`.s.a`:                      "expected an object but got string",
		`.s / 100`:                  "cannot divide string and number",
		`.s * 3`:                    "cannot multiply string and number",
		`.l - .l`:                   "cannot subtract array and array",
		`.s % 2`:                    "cannot take the remainder of string and number",
		`.s + 1`:                    "cannot add string and number",
		`.o + .l`:                   "cannot add object and array",
		`.s | tonumber`:             "tonumber cannot be applied to what it is given",
		`.n[]`:                      "cannot iterate over number",
		`.l[.s]`:                    "expected an object but got array",
		`.l[.l]`:                    "array is no key; want a number or a text between [ and ]",
		`.s | startswith(3)`:        "fails on this answer",
		`.l | contains("a")`:        "contains looks for a text in a text, found string in array; for a list use any(. == …)",
		`.l | index(.)`:             "index cannot look for array in array",
		`.o | join("")`:             "join cannot put string between the elements of object",
		`[.o] | join("")`:           "join cannot make a text of object",
		`.s | time`:                 "time does not know this form of a date; want RFC 3339, 2026-11-22T09:00:00 with or without a zone, or seconds or milliseconds since 1970",
		`.o | time`:                 "time wants a text or a number, found object",
		`. as $o | .s | time($o.s)`: `time does not know this zone; want a name such as "Asia/Seoul"`,
		`{(.n): 1}`:                 "expected a string for object key but got number",
		`.s | test("a"; "i")[]`:     "cannot iterate over boolean",
	} {
		_, _, err := try(t, text, in)
		if err == nil {
			t.Errorf("%s: no error", text)
			continue
		}
		if got := "key (" + text + "): " + want; err.Error() != got {
			t.Errorf("%s\ngot  %v\nwant %s", text, err, got)
		}
		if strings.Contains(strings.ReplaceAll(err.Error(), text, ""), "hunter2") {
			t.Errorf("%s: the answer is shown: %v", text, err)
		}
	}
}

// What may not end, makes much of little, changes something or knows more than the answer
// is refused before it runs.
func TestRefusedExpressions(t *testing.T) {
	for text, want := range map[string]string{
		`def f: f; f`:                  "def is not for descriptions",
		`reduce .[] as $x (0; . + $x)`: "reduce is not for descriptions; is add, any, all, min or max what it is for?",
		`foreach .[] as $x (0; . + 1)`: "foreach is not for descriptions",
		`label $f | 1`:                 "label and break are not for descriptions; is first what they are for?",
		`..`:                           ".. is not for descriptions; name the keys on the way",
		`.a |= 1`:                      "|= changes a value, which is not for descriptions; is == meant?",
		`.a = 1`:                       "= changes a value, which is not for descriptions; is == meant?",
		`.a += 1`:                      "+= changes a value, which is not for descriptions; is == meant?",
		`@base64`:                      "@base64 is not for descriptions",
		`$ENV`:                         "there is no variable $ENV",
		`$__loc__`:                     "there is no variable $__loc__",
		`$__meter`:                     "there is no variable $__meter",
		`. as $__meter | 1`:            "$__meter is not a name for a variable",
		`{$__meter}`:                   "there is no variable $__meter",
		`. as [$a] ?// $a | $a`:        "?// is not for descriptions",
		`import "a" as a; 1`:           "module, import and include are not for descriptions",
		`test(.a)`:                     "test wants a regular expression between quotes, not one that is made while it runs",
		`test("a"; .f)`:                "test wants a regular expression between quotes, not one that is made while it runs",
		`test("a"; "g")`:               "test knows the flag i only",
		`test("a{1000}")`:              "the regular expression of test is too large: at most 256 bytes and 500 steps; is there a repetition such as {1000}?",
		`test("(a{30}){30}")`:          "the regular expression of test is too large: at most 256 bytes and 500 steps; is there a repetition such as {1000}?",
		`test("[")`:                    "the regular expression of test: error parsing regexp: missing closing ]: `[`",
		`."a\(.b)"`:                    `a key is made of parts; write .["…" + …]`,
		`{"a\(.b)": 1}`:                `a key is made of parts; write {("…" + …): …}`,
		`$x`:                           "variable not defined: $x",
		`.a |`:                         "is not jq: unexpected EOF",
		`.a &`:                         `is not jq: unexpected token "&"`,
		``:                             "is empty",
		strings.Repeat("[", 70) + strings.Repeat("]", 70): "is nested deeper than 64 levels",
		strings.Repeat(" ", maxExpression) + "1":          "has 4097 bytes, at most 4096 are allowed",
	} {
		_, found := newExpression("key", text, functions())
		if len(found) != 1 || found[0].text != want {
			t.Errorf("%.60s: %v, want %s", text, found, want)
		}
	}
	for _, call := range []string{"range(9)", "until(1; 1)", "while(1; 1)", "repeat(1)", "recurse", "recurse(.a)", "limit(1; .)", "input", "inputs", "env", "now", "debug",
		"error", "halt", "paths", "path(.a)", "del(.a)", "to_json", "tojson", "fromjson", "getpath([])", "setpath([]; 1)", "walk(.)", "combinations", "ascii", "implode", "explode",
		"gsub(\"a\"; \"b\")", "sub(\"a\"; \"b\")", "scan(\"a\")", "splits(\"a\")", "match(\"a\")", "ltrimstr", "strptime(\"%Y\")", "mktime", "map_values(.)", "input_line_number", "builtins", "$__prog_args", "limit(3)", "IN(1)", "pow(1; 2)", "tostream", "getpath", "_plus", "splits", "todate", "localtime", "transpose", "bsearch(1)", "indices(1)", "inside(1)", "nth(1)", "ltrimstr(1; 2)"} {
		if _, found := newExpression("key", "[1] | "+call, functions()); len(found) != 1 {
			t.Errorf("%s: %v, want it refused", call, found)
		}
	}
}

// All that is wrong is said at once.
func TestFindings(t *testing.T) {
	_, found := newExpression("key", `[.. , now, (reduce .[] as $x (0; 1)), test(.a)]`, functions())
	var tokens []string
	for _, f := range found {
		tokens = append(tokens, f.token)
	}
	if diff := cmp.Diff([]string{"..", "now", "reduce", "test"}, tokens); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
