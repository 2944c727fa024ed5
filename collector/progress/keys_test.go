package progress

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

type pair struct {
	State string `json:"state"`
	Id    string
	Skip  string `json:"-"`
}

type embedded struct {
	Code string `json:"code,omitempty"`
}

// odd decodes itself, whatever its names are.
type odd struct{ text string }

func (o *odd) UnmarshalJSON(b []byte) error { o.text = string(b); return nil }

type tree struct {
	pair2
	embedded
	State  string           `json:"state"`
	Kelvin string           `json:"k"`
	One    *pair            `json:"one"`
	Many   []*pair          `json:"many"`
	Lists  [][]pair         `json:"lists"`
	Map    map[string]*pair `json:"map"`
	Odd    odd              `json:"odd"`
	Self   *tree            `json:"self"`
	Any    any              `json:"any"`
}

type pair2 struct {
	Source string `json:"Source"` // and in verification it is source
	In     *struct {
		Source string `json:"source"`
	} `json:"in"`
}

// TestExact compares with what decoding makes of the same body in which the keys of
// other names are left out.
func TestExact(t *testing.T) {
	for name, tc := range map[string]struct{ in, want string }{
		"exact":                    {`{"state":"a","one":{"state":"b","Id":"c"}}`, `{"state":"a","one":{"state":"b","Id":"c"}}`},
		"another case after it":    {`{"state":"a","STATE":"b"}`, `{"state":"a"}`},
		"another case before it":   {`{"STATE":"b","state":"a"}`, `{"state":"a"}`},
		"another case alone":       {`{"State":"b"}`, `{}`},
		"of another type":          {`{"STATE":{"state":[]},"state":"a"}`, `{"state":"a"}`},
		"a field without a tag":    {`{"one":{"id":"b","ID":"c","Id":"a"}}`, `{"one":{"Id":"a"}}`},
		"of an embedded struct":    {`{"Code":"b","code":"a"}`, `{"code":"a"}`},
		"a letter that folds":      {`{"\u212a":"b","k":"a","ſtate":"c"}`, `{"k":"a"}`},
		"escaped":                  {`{"\u0053tate":"b","\u0073tate":"a"}`, `{"state":"a"}`},
		"escaped quotes":           {`{"state\\":"b","x\"":"STATE","state":"a\\\""}`, `{"state":"a\\\""}`},
		"in a list":                {`{"many":[{"State":"b","state":"a"},{"state":"c"},{"STATE":"d"}]}`, `{"many":[{"state":"a"},{"state":"c"},{}]}`},
		"in a list of lists":       {`{"lists":[[{"State":"b"}],[{"state":"a"},{"STATE":"b"}]]}`, `{"lists":[[{}],[{"state":"a"},{}]]}`},
		"in itself":                {`{"self":{"self":{"State":"b","one":{"STATE":"b","state":"a"}}}}`, `{"self":{"self":{"one":{"state":"a"}}}}`},
		"spelt otherwise outside":  {`{"Source":"a","source":"b","in":{"Source":"b","source":"a"}}`, `{"Source":"a","in":{"source":"a"}}`},
		"after an unknown object":  {`{"x":{"STATE":1,"y":[{"z":{}}]},"STATE":"b","state":"a"}`, `{"state":"a"}`},
		"with blanks":              {"{ \"STATE\" \n\t: \"b\" , \"state\"\r:\"a\" }", `{"state":"a"}`},
		"a value is no key":        {`{"state":"STATE","any":["State",":","STATE"]}`, `{"state":"STATE","any":["State",":","STATE"]}`},
		"data is no name":          {`{"map":{"STATE":{"state":"a"}},"any":{"STATE":1},"odd":{"STATE":1}}`, `{"map":{"STATE":{"state":"a"}},"any":{"STATE":1},"odd":{"STATE":1}}`},
		"the last of two":          {`{"state":"b","state":"a"}`, `{"state":"a"}`},
		"braces in strings":        {`{"x":"}]{[","one":{"state":"{"},"STATE":"b"}`, `{"one":{"state":"{"}}`},
		"a key that is no field's": {`{"skip":"b","one":{"Skip":"c","-":"d"}}`, `{"one":{}}`},
	} {
		t.Run(name, func(t *testing.T) {
			var got, want tree
			if _, err := NewDecoder[tree]().Decode(answer("application/json", tc.in), &got); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(tc.want), &want); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(tree{}, pair2{}, embedded{}, odd{})); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// The body is the debug page's as well: it stays as the product sent it.
func TestExactLeavesTheBody(t *testing.T) {
	body := []byte(`{"STATE":"b"}`)
	var into tree
	if err := DecodeJSON(answer("", string(body)), &into); err != nil {
		t.Fatal(err)
	}
	resp := answer("", "")
	resp.Body = body
	if err := DecodeJSON(resp, &into); err != nil || string(body) != `{"STATE":"b"}` {
		t.Errorf("the body is now %s, %v", body, err)
	}
}

// Whatever the body is, an exact one stays what it is, and none makes it panic.
func FuzzExact(f *testing.F) {
	for _, s := range []string{"", `"`, `{"`, `{"\`, `{"a":`, `}}]]`, strings.Repeat("[", 200), strings.Repeat(`{"self":`, 70), `{"STATE":"b","state":"a","many":[{"Id":1}]}`} {
		f.Add([]byte(s))
	}
	d := NewDecoder[tree]()
	f.Fuzz(func(t *testing.T, body []byte) {
		once, _ := d.keys.look(body)
		if len(once) != len(body) {
			t.Fatalf("%d bytes, then %d", len(body), len(once))
		}
		if twice, _ := d.keys.look(once); !bytes.Equal(once, twice) {
			t.Fatalf("%q, then %q", once, twice)
		}
		if json.Valid(body) && !json.Valid(once) {
			t.Fatalf("%q is JSON, %q is not", body, once)
		}
	})
}
