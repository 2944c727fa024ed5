package progress

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// wire is a wire struct with a field of each kind.
type wire struct {
	State  *string  `json:"state" progress:"essential"`
	Ratio  *float64 `json:"ratio" progress:"essential"`
	Plain  string   `json:"plain"`
	Text   *string  `json:"text"`
	Number *float64 `json:"number"`
	Flag   *bool    `json:"flag"`
	Inner  *inner   `json:"inner"`
	Nodes  []*inner `json:"nodes"`
	Words  []string `json:"words"`
	Whole  *inner   `json:"whole" progress:"essential"`
	Must   []*must  `json:"must" progress:"essential"`
	wireFault
}

type wireFault struct {
	Code *string `json:"code"`
}

type inner struct {
	Count *float64 `json:"count"`
	Name  *string  `json:"name"`
	Deep  *inner   `json:"deep"`
}

type must struct {
	Status *string `json:"status" progress:"essential"`
	Date   *string `json:"date"`
}

// TestTolerant reads answers that encoding/json refuses as a whole.
func TestTolerant(t *testing.T) {
	p, s, yes := Ptr[float64], Ptr[string], Ptr(true)
	for _, tc := range []struct {
		body   string
		want   wire
		unread []Unread
		err    string
	}{
		{body: `{"number": "12345"}`, want: wire{Number: p(12345)}},
		{body: `{"number": "-1.5e3"}`, want: wire{Number: p(-1500)}},
		{body: `{"number": "12,345"}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": "12 345"}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": "Infinity"}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": "NaN"}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": "0x10"}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": "1_000"}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": ""}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": "true"}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": "1e999"}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": 1e999}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": true}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": {"value": 1}}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"number": [1]}`, unread: []Unread{{"number", NumberField}}},
		{body: `{"text": 43200, "plain": -1.50}`, want: wire{Text: s("43200"), Plain: "-1.50"}},
		{body: `{"text": {}, "plain": [], "code": false}`, unread: []Unread{{"text", TextField}, {"plain", TextField}, {"code", TextField}}},
		{body: `{"flag": "true"}`, want: wire{Flag: yes}},
		{body: `{"flag": 1}`, unread: []Unread{{"flag", FlagField}}},
		{body: `{"flag": "yes"}`, unread: []Unread{{"flag", FlagField}}},
		{body: `{"inner": "disabled", "number": 1}`, want: wire{Number: p(1)}, unread: []Unread{{"inner", ObjectField}}},
		{body: `{"inner": [{"count": 1}]}`, unread: []Unread{{"inner", ObjectField}}},
		{body: `{"inner": {"count": {}, "name": "a", "deep": {"count": "7", "name": []}}}`,
			want:   wire{Inner: &inner{Name: s("a"), Deep: &inner{Count: p(7)}}},
			unread: []Unread{{"inner.count", NumberField}, {"inner.deep.name", TextField}}},
		{body: `{"nodes": "none"}`, unread: []Unread{{"nodes", ListField}}},
		{body: `{"nodes": {"count": 1}}`, unread: []Unread{{"nodes", ListField}}},
		{body: `{"nodes": [1, {"count": []}, null, {"count": {}, "name": "b"}]}`,
			want:   wire{Nodes: []*inner{nil, {}, nil, {Name: s("b")}}},
			unread: []Unread{{"nodes", ObjectField}, {"nodes.count", NumberField}}},
		{body: `{"words": ["a", 2, {}, null, "b"]}`, want: wire{Words: []string{"a", "2", "", "", "b"}}, unread: []Unread{{"words", TextField}}},
		{body: `{"number": {}, "ratio": 0.5, "state": "a \"quoted, {[word\\"}`, want: wire{Ratio: p(0.5), State: s(`a "quoted, {[word\`)}, unread: []Unread{{"number", NumberField}}},
		{body: `{"n\u0075mber": {}, "NUMBER": 1, "other": {"number": {}}, "st\u0061te": "x"}`, want: wire{State: s("x")}, unread: []Unread{{"number", NumberField}}},
		{body: " { \"number\" :\t{ } ,\r\n\"must\" : [ { \"status\" : \"x\" , \"date\" : [ ] } , { } ] } ",
			want: wire{Must: []*must{{Status: s("x")}, {}}}, unread: []Unread{{"number", NumberField}, {"must.date", TextField}}},
		{body: `{"number": "1", "number": null}`},
		{body: `{"number": {}, "state": 7}`, err: "contract: field state is a JSON number, which the product does not document"},
		{body: `{"state": "x", "ratio": "0.5"}`, err: "contract: field ratio is a JSON string, which the product does not document"},
		{body: `{"ratio": 1e999}`, err: "contract: field ratio is a JSON number 1e999, which the product does not document"},
		{body: `{"whole": "disabled"}`, err: "contract: field whole is a JSON string, which the product does not document"},
		{body: `{"whole": {"count": "x"}}`, want: wire{Whole: &inner{}}, unread: []Unread{{"whole.count", NumberField}}},
		{body: `{"must": {}}`, err: "contract: field must is a JSON object, which the product does not document"},
		{body: `{"must": [7]}`, err: "contract: field must is a JSON number, which the product does not document"},
		{body: `{"must": [{"status": true}]}`, err: "contract: field must.status is a JSON bool, which the product does not document"},
		{body: `["number"]`, err: "contract: the answer is a JSON array, which the product does not document"},
	} {
		var got wire
		unread, err := NewDecoder[wire]().Decode(answer("application/json", tc.body), &got)
		said := ""
		if err != nil {
			got, said = wire{}, err.Error()
		}
		if diff := cmp.Diff(tc.want, got, cmp.AllowUnexported(wire{})); diff != "" || said != tc.err {
			t.Errorf("%s: error %q, want %q (-want +got):\n%s", tc.body, said, tc.err, diff)
		}
		if diff := cmp.Diff(tc.unread, unread); diff != "" {
			t.Errorf("%s: unread (-want +got):\n%s", tc.body, diff)
		}
	}
}

// However often a field is odd, it is named once.
func TestTolerantBounded(t *testing.T) {
	body := `{"nodes": [` + strings.Repeat(`{"count": [], "name": {}},`, 5000) + `{}]}`
	var got wire
	unread, err := NewDecoder[wire]().Decode(answer("application/json", body), &got)
	if err != nil || len(unread) != 2 || len(got.Nodes) != 5001 {
		t.Errorf("%d nodes, unread %v, %v; want 5001 and two fields", len(got.Nodes), unread, err)
	}
}

// Where encoding/json reads an answer, the tolerant way reads the same; where it does
// not, it neither panics nor reads less than there is.
func FuzzTolerant(f *testing.F) {
	for _, s := range []string{
		`{}`, `{"state":"x","ratio":0.5,"number":"1","flag":true}`, `{"nodes":[{"count":1},null,{}],"words":["a\"]}"]}`,
		`{"inner":{"deep":{"deep":{"name":"\u00e9"}}},"must":[{"status":"s","date":null}]}`, ` { "number" : -1.5e-3 , "x" : [ { } , [ ] ] } `,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		body = bytes.TrimSpace(body)
		var document map[string]any
		if json.Unmarshal(body, &document) != nil || document == nil {
			return
		}
		body, _ = json.Marshal(document) // no name stands twice
		body, _ = keysOf(reflect.TypeFor[wire](), map[reflect.Type]*keys{}).look(body)
		var want, got wire
		strict := json.Unmarshal(body, &want)
		var tol tolerant
		if _, err := tol.read(body, reflect.ValueOf(&got).Elem(), "", true); strict == nil && (err != nil || tol.unread != nil) {
			t.Fatalf("%s: unread %v, %v; encoding/json reads it", body, tol.unread, err)
		}
		if strict == nil {
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(wire{})); diff != "" {
				t.Errorf("%s (-encoding/json +tolerant):\n%s", body, diff)
			}
		}
	})
}

func TestUnreadFields(t *testing.T) {
	many := make([]Unread, maxNamed+2)
	for i := range many {
		many[i] = Unread{string(rune('a' + i)), FlagField}
	}
	for n, want := range map[int]string{
		0: "", 1: "a (want flag)", 2: "a (want flag), b (want flag)",
		10: "a (want flag), b (want flag), c (want flag), d (want flag), e (want flag), f (want flag), g (want flag), h (want flag), and 2 more, which the debug view names",
	} {
		if got := UnreadFields(many[:n]); got != want {
			t.Errorf("%d fields: %s, want %s", n, got, want)
		}
	}
}
