package mrs

import (
	"strings"
	"testing"
)

func TestHiddenField(t *testing.T) {
	for _, tc := range []struct{ name, page, want string }{
		{"plain", `<input type="hidden" name="lt" value="LT-1"/>`, "LT-1"},
		{"another order", `<input value='LT-1' name='lt' type='hidden'>`, "LT-1"},
		{"no quotes", `<input type=hidden name=lt value=LT-1>`, "LT-1"},
		{"no quotes, closed", `<input type=hidden name=lt value=LT-1 />`, "LT-1"},
		{"capitals and lines", "<INPUT\n TYPE = \"Hidden\"\n NAME=\"lt\"\n VALUE=\"LT-1\"\n>", "LT-1"},
		{"entities", `<input type="hidden" name="lt" value="a&amp;b&#39;c">`, "a&b'c"},
		{"brackets in the value", `<input type="hidden" name="lt" value="a>b">`, "a>b"},
		{"quotes in the value", `<input type="hidden" name="lt" value='a"b'>`, `a"b`},
		{"other attributes", `<input id="x" data-lt="no" type="hidden" class='a b' name="lt" disabled value="LT-1">`, "LT-1"},
		{"the first of two", `<input type="hidden" name="lt" value="1"><input type="hidden" name="lt" value="2">`, "1"},
		{"after another", `<input type="hidden" name="execution" value="e1"><input type="hidden" name="lt" value="LT-1">`, "LT-1"},
		{"another name", `<input type="hidden" name="LT" value="1"><input type="hidden" name="alt" value="2">`, ""},
		{"not hidden", `<input type="text" name="lt" value="1">`, ""},
		{"no value", `<input type="hidden" name="lt">`, ""},
		{"another tag", `<inputs type="hidden" name="lt" value="1">`, ""},
		{"cut off", `<input type="hidden" name="lt" value="1`, ""},
		{"after a quote that does not end", `<input "><input type="hidden" name="lt" value="LT-1">`, "LT-1"},
		{"inside a comment", `<!-- <input type="hidden" name="lt" value="LT-1"> -->`, "LT-1"},
		{"an attribute twice", `<input type="hidden" name="lt" value="1" value="2">`, "1"},
		{"the last input that is looked at", strings.Repeat("<input>", maxInputs-1) + `<input type="hidden" name="lt" value="LT-1">`, "LT-1"},
		{"one input too many", strings.Repeat("<input>", maxInputs) + `<input type="hidden" name="lt" value="1">`, ""},
		{"the longest input", `<input type="hidden" name="lt" value="` + strings.Repeat("x", maxInput-40) + `">`, strings.Repeat("x", maxInput-40)},
		{"an input too long", `<input type="hidden" name="lt" value="` + strings.Repeat("x", maxInput) + `">`, ""},
		{"empty", ``, ""},
	} {
		if got := hiddenField([]byte(tc.page), "lt"); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// The largest pages that fetch lets through, of 4 MiB, are read in no time, whatever fills
// them: work that grows with the square of their size would keep this test for minutes.
func TestHostileLogins(t *testing.T) {
	const page = 4 << 20
	for name, unit := range map[string]string{
		"inputs":          "<input>",
		"open inputs":     "<input ",
		"open quotes":     `<input "`,
		"both quotes":     `<input '<input>"<input "'`,
		"quotes and ends": `<input "x<input '>`,
		"attributes":      ` a="a='`,
		"entities":        "&amp",
	} {
		if got := hiddenField([]byte("<input "+strings.Repeat(unit, page/len(unit))), "lt"); got != "" {
			t.Errorf("%s: found %q", name, got)
		}
	}
}

func FuzzHiddenField(f *testing.F) {
	for _, page := range []string{`<input type="hidden" name="lt" value="LT-1"/>`, `<input value='LT-1' name='lt' type=hidden>`, `<input "`, ``} {
		f.Add(page)
	}
	f.Fuzz(func(t *testing.T, page string) {
		if got := hiddenField([]byte(page), "lt"); got != "" && !strings.Contains(page, "=") {
			t.Errorf("found %q in a page without attributes", got)
		}
		// Text without a tag in it takes nothing away from a form after it.
		if strings.ContainsAny(page, "<") {
			return
		}
		if got := hiddenField([]byte(page+`<input type="hidden" name="lt" value="LT-1">`), "lt"); got != "LT-1" {
			t.Errorf("found %q after %q", got, page)
		}
	})
}
