package described

import (
	"errors"
	"strings"
	"testing"

	"github.com/itchyny/gojq"

	"progress_exporter/collector/progress"
)

// Whatever an expression does with an answer, it costs what a read may cost.
func TestExpressionsAreBounded(t *testing.T) {
	list := "[" + strings.TrimSuffix(strings.Repeat(`"`+strings.Repeat("x", 30)+`",`, 20_000), ",") + "]"
	long := `"` + strings.Repeat("a", maxText) + `"`
	doubled := `"xxxxxxxxxxxxxxxx" as $a0`
	for i := range 60 {
		doubled += " | ($a" + string(rune('0'+i%10)) + " + $a" + string(rune('0'+i%10)) + ") as $a" + string(rune('0'+(i+1)%10))
	}
	for name, tc := range map[string]struct{ text, in string }{
		"each for each":       {`[.[] as $x | .[] as $y | 1] | length`, list},
		"lists of lists":      {`[.[] as $x | [.[]]] | length`, list},
		"objects":             {`[.[] as $x | .[] | {a: .}] | length`, list},
		"a sort for each":     {`[.[] as $x | sort | length] | add`, list},
		"a count for each":    {`[.[] as $x | length] | add`, list},
		"sums of lists":       {`. as $a | ($a + $a + $a + $a) as $a | ($a + $a + $a + $a) as $a | ($a + $a + $a + $a) as $a | $a + $a | length`, list},
		"texts of a list":     {`tostring | length`, "[" + list + "," + list + "]"},
		"a long separator":    {`. as $l | [$l[], $l[]] | join($l[0])`, list},
		"a text for each":     {`[.[] as $x | .[] as $y | $x + $y] | length`, list},
		"comparing each":      {`. as $l | [.[] | [$l == $l]] | length`, list},
		"caught and on":       {`[.[] as $x | try ([.[] as $y | 1] | length) catch 0] | length`, list},
		"a search for each":   {`. as $t | [[$t, $t, $t, $t, $t][] | [., ., ., ., .][] | test("(a?b?c?d?){20}z")] | length`, long},
		"a split for each":    {`. as $t | [[$t, $t, $t, $t, $t][] | [., ., ., ., .][] | split("")] | length`, long},
		"a doubled text":      {doubled + " | $a0 | length", "null"},
		"outputs without end": {`.[] as $x | .[] as $y | .[] as $z | 1`, list},
		"nested comparisons":  {`[.[] as $x | any(.[]; . == $x)] | length`, list},
	} {
		t.Run(name, func(t *testing.T) {
			_, s, err := try(t, tc.text, tc.in)
			var f *failure
			if !errors.As(err, &f) {
				t.Fatalf("%v, want a failure", err)
			}
			switch f.why {
			case errSpent.Error():
				if s.meter.left >= 0 {
					t.Errorf("%d are left", s.meter.left)
				}
			case "makes a text of more than 16384 bytes":
			default:
				t.Errorf("failed with %s", f.why)
			}
		})
	}
}

// What needs no machine says what gojq says.
func TestNative(t *testing.T) {
	inputs := []string{`{}`, `null`, `{"a":1,"b":"x","c":null}`, `{"a":"x","b":false,"c":{"d":2.50}}`, `{"a":[1],"b":true,"c":[]}`, `[1]`, `7`}
	for _, text := range []string{
		`.`, `.a.b`, `.c.d`, `null`, `"x"`, `7`, `true`, `.a / 4`, `.c.d / 0`, `.a | time`, `"\(.a)/\(.c.d)"`, `"\(.a)\("x")\(null)"`, `.a == 1`, `.b != "x"`, `"x" == .a`, `.a == null`, `.a and .b`, `.b or .a`,
		`.a == 1 or .c.d == 2.5`, `if .a == "x" or .b then .c.d else null end`, `if .c then 1 else "\(.a)" end`, `if .b == true and .a != 1 then "y" else .b end`, `(.a)`,
	} {
		q, err := gojq.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		native, ok := nativeOf(q)
		if !ok {
			if text != `.a == 1 or .c.d == 2.5` {
				t.Errorf("%s needs a machine", text)
			}
			continue
		}
		c := checker{rules: functions()}
		c.query(q)
		code, err := gojq.Compile(q, host()...)
		if err != nil {
			t.Fatal(err)
		}
		machine := &expression{key: "k", text: text, code: code}
		for _, in := range inputs {
			root, err := progress.DecodeAny(progress.Response{Status: 200, Body: []byte(in)})
			if err != nil {
				t.Fatal(err)
			}
			s := &scope{root: root, meter: newMeter(t.Context())}
			want, wrong := machine.one(s, root)
			got, err := native(s.meter, root)
			if (err == nil) != (wrong == nil) || err == nil && gojq.Compare(got, want) != 0 {
				t.Errorf("%s of %s: %v, %v; gojq gives %v, %v", text, in, got, err, want, wrong)
			}
		}
	}
}
