package targets

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

func TestMistakes(t *testing.T) {
	userinfo := strings.Join([]string{"ops", "hunt/er2"}, ":") // a slash in a password ends the host too early
	_, badURL := url.Parse("http://" + userinfo + "@example.com")
	for _, tt := range []struct {
		name string
		err  error
		want []problem
	}{
		{"none", nil, nil},
		{"types", &yaml.TypeError{Errors: []string{
			"line 3: cannot unmarshal !!str `hunter2` into int",
			"line 4: cannot unmarshal !!str `a into b` into []string",
			"line 5: cannot unmarshal !!seq into map[string]config.Header",
			"line 6: cannot unmarshal !!map into config.plain",
			"line 7: cannot unmarshal !!str `soon` into time.Duration",
			"line 8: cannot unmarshal !!timestamp `2026-12...` into float64",
			"line 9: cannot unmarshal !!null `` into struct { A int }",
			"line 10: cannot unmarshal !!float `1.5` into uint8",
			"line 11: cannot unmarshal !!seq into string",
		}}, []problem{
			{3, "want a whole number, found text"},
			{4, "want a list, found text"},
			{5, "want a mapping, found a list"},
			{6, "a mapping does not fit here"},
			{7, "want a duration such as 10s, found text"},
			{8, "want a number, found a date"},
			{9, "nothing does not fit here"},
			{10, "want a whole number, found a number"},
			{11, "want text, found a list"},
		}},
		{"keys", &yaml.TypeError{Errors: []string{
			"line 3: field tokn not found in type product.options",
			"line 4: field not found in type x not found in type product.options",
			"line 5: field api already set in type targets.targetKeys",
			`line 6: mapping key "a\"b" already defined at line 2`,
		}}, []problem{
			{3, `unknown key "tokn"`},
			{4, "unknown key (not shown, it does not look like one; is the space after a colon missing?)"},
			{5, `the key "api" is given twice`},
			{6, "the key (not shown, it does not look like one; is the space after a colon missing?) is already given at line 2"},
		}},
		{"unheard of", &yaml.TypeError{Errors: []string{"hunter2"}}, []problem{{0, "does not fit here"}}},
		{"url", fmt.Errorf("proxy: %w", badURL), []problem{{0, "contains a URL that is not valid"}}},
		{"tag", errors.New("yaml: cannot decode !!str `hunter2` as a !!int"), []problem{{0, "a value does not fit its tag (!!name)"}}},
		{"own", errors.New("zone is unknown"), []problem{{0, "zone is unknown"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, mistakes(tt.err), cmp.AllowUnexported(problem{})); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSyntax(t *testing.T) {
	for _, tt := range []struct{ from, want string }{
		{"yaml: line 7: could not find expected ':'", "f:7: is not valid YAML, here or below: could not find expected ':'"},
		{"yaml: did not find expected key", "f: is not valid YAML: did not find expected key"},
		{"yaml: unknown anchor 'hunter2' referenced", "f: is not valid YAML: an alias (*name) has no anchor (&name) before it; put a value that begins with * into quotes"},
		{"hunter2", "f: is not valid YAML"},
	} {
		r := reader{file: "f"}
		r.syntax(errors.New(tt.from))
		if err := r.err(); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.from, err, tt.want)
		}
	}
}

// TestAliasBomb decodes aliases of aliases of aliases, which would fill the memory.
func TestAliasBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("x-0: &x0 [a]\n")
	for i := range 9 {
		fmt.Fprintf(&b, "x-%d: &x%d [%s*x%d]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*x%d, ", i), 9), i)
	}
	b.WriteString("targets: [{name: a, api: mrs, url: 'http://localhost', options: {bomb: *x9}}]")
	c := &Config{Path: "f"}
	if err := c.parse([]byte(b.String()), "/"); err != nil {
		t.Fatal(err)
	}
	var o map[string]any
	want := "f:11: targets[0].options: too much of it comes from aliases (*name)"
	if err := c.Targets[0].Options(&o); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
