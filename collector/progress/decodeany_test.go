package progress

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeAny(t *testing.T) {
	for body, want := range map[string]any{
		` {"id": 12345678901234567890, "r": 0.50, "s": "a", "n": null, "b": true, "l": [1]} `: map[string]any{
			"id": json.Number("12345678901234567890"), "r": json.Number("0.50"), "s": "a", "n": nil, "b": true, "l": []any{json.Number("1")}},
		`[{}]`:                  []any{map[string]any{}},
		`null`:                  nil,
		`"a"`:                   "a",
		`{"STATE":1,"state":2}`: map[string]any{"STATE": json.Number("1"), "state": json.Number("2")},
		`{"state":1,"state":2}`: map[string]any{"state": json.Number("2")},
	} {
		got, err := DecodeAny(answer("application/json", body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
	for body, want := range map[string]string{
		"":          "decode: HTTP 200 with an empty body, want JSON",
		"<p>":       "decode: HTTP 200 with an HTML page, want JSON; is there a proxy or a login page before the product?",
		"{}{}":      "decode: not JSON: invalid character '{' after top-level value at byte 3",
		`{"n": `:    "decode: the JSON ends too early, after 5 bytes",
		"busy":      "decode: not JSON: invalid character 'b' looking for beginning of value at byte 1",
		`{"n": 1e}`: "decode: not JSON: invalid character '}' in exponent of numeric literal at byte 9",
		strings.Repeat("[", maxDepth+1) + strings.Repeat("]", maxDepth+1): "decode: JSON nested deeper than 64 levels",
		"[" + strings.Repeat("{},", maxContainers) + "{}]":                "too_large: more than 20000 objects and lists in the JSON, which is the limit; is this the right url?",
		"[" + strings.Repeat("1,", maxValues) + "1]":                      "too_large: more than 100000 values in the JSON, which is the limit; is this the right url?",
	} {
		v, err := DecodeAny(answer("application/json", body))
		if err == nil || AsError(err).Error() != want {
			t.Errorf("%.40s: %v, %v; want %s", body, v, err, want)
		}
	}
}

// FuzzDecodeAny compares with what encoding/json makes of the same body, without what says
// nothing around it.
func FuzzDecodeAny(f *testing.F) {
	for _, s := range []string{`{"a":[1,-2.5e+3,"x\"\u00e9\\",true,false,null,{}],"b":{"c":[]}}`, ` [ "\ud83d", "a/b" , 0 ] `, "\"\xff\"", "1", "[[],[[1]],{}]", `{"":{"":""}}`, "{", `"\`, "\v0", "\uFEFF{}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := DecodeAny(Response{Status: 200, Body: body})
		if err != nil {
			return
		}
		dec := json.NewDecoder(bytes.NewReader(content(body)))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("%q: %v", body, err)
		}
		if !reflect.DeepEqual(want, got) {
			t.Errorf("%q: %v, want %v", body, got, want)
		}
	})
}
