package progress

import (
	"net/http"
	"strings"
	"testing"
)

func answer(contentType, body string) Response {
	return Response{Status: 200, Header: http.Header{"Content-Type": {contentType}}, Body: []byte(body)}
}

func TestDecodeJSON(t *testing.T) {
	nested := func(n int) string { return `{"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + "}" }
	for _, tc := range []struct {
		name, contentType, body, want string
	}{
		{"object", "application/json", `{"n": 1}`, ""},
		{"object of another type", "text/plain", ` {"n": 1.5e3} `, ""},
		{"unknown fields", "application/json", `{"n": 1, "x": {}}`, ""},
		{"brackets in a string", "application/json", `{"x": "` + strings.Repeat(`[\"`, 200) + `"}`, ""},
		{"many short lists", "application/json", `{"x": [` + strings.Repeat("[], ", 100) + "[]]}", ""},
		{"depth at the limit", "application/json", nested(maxDepth - 1), ""},
		{"depth beyond it", "application/json", nested(maxDepth), "decode: JSON nested deeper than 64 levels"},
		{"objects at the limit", "application/json", `{"x": [` + strings.Repeat("{},", maxContainers-3) + `{}]}`, ""},
		{"objects beyond it", "application/json", `{"x": [` + strings.Repeat("{},", maxContainers-2) + `{}]}`, "too_large: more than 20000 objects and lists in the JSON, which is the limit; is this the right url?"},
		{"values at the limit", "application/json", `{"x": [` + strings.Repeat(`"",`, maxValues-2) + `""]}`, ""},
		{"values beyond it", "application/json", `{"x": [` + strings.Repeat(`"",`, maxValues-1) + `""]}`, "too_large: more than 100000 values in the JSON, which is the limit; is this the right url?"},
		{"commas and brackets in a text", "application/json", `{"x": "` + strings.Repeat(`,{\"[`, maxValues) + `"}`, ""},
		{"empty", "application/json", " \n", "decode: HTTP 200 with an empty body, want a JSON object"},
		{"JSON that claims to be HTML", "text/HTML; charset=utf-8", `{"n": 1}`, ""},
		{"JSON that claims to be XHTML", "application/xhtml+xml", " \n{}", ""},
		{"half of JSON that claims to be HTML", "text/html", `{"n": `, "decode: the JSON ends too early, after 5 bytes"},
		{"nothing that claims to be HTML", "text/html", " ", "decode: HTTP 200 with an empty body, want a JSON object"},
		{"null that claims to be HTML", "text/html", "null", "contract: the answer is JSON, but not an object"},
		{"text that claims to be HTML", "text/html", "Warning: <b>", "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?"},
		{"text that claims to be XHTML", "application/xhtml+xml", "Please <a>log in", "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?"},
		{"text without a tag that claims to be HTML", "text/html", "busy", "decode: not JSON: invalid character 'b' looking for beginning of value at byte 1"},
		{"a JSON text with a tag that claims to be HTML", "text/html", `"<html>"`, "contract: the answer is a JSON string, which the product does not document"},
		{"HTML behind a byte order mark", "application/json", "\ufeff<html>", "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?"},
		{"a byte order mark", "application/json", "\ufeff{\"n\": 1}", ""},
		{"a byte order mark alone", "application/json", "\ufeff\n", "decode: HTTP 200 with an empty body, want a JSON object"},
		{"UTF-16", "application/json", "\xff\xfe{\x00}\x00", "decode: HTTP 200 with a body in UTF-16, want a JSON object in UTF-8; is there a proxy that changes it?"},
		{"UTF-16, the other way", "application/json", "\xfe\xff\x00{\x00}", "decode: HTTP 200 with a body in UTF-16, want a JSON object in UTF-8; is there a proxy that changes it?"},
		{"UTF-16 without a mark", "text/html", "{\x00}\x00", "decode: HTTP 200 with a body in UTF-16, want a JSON object in UTF-8; is there a proxy that changes it?"},
		{"HTML by look", "application/json", "\n<!doctype html>", "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?"},
		{"text", "application/json", "busy", "decode: not JSON: invalid character 'b' looking for beginning of value at byte 1"},
		{"cut off", "application/json", `{"n": `, "decode: the JSON ends too early, after 5 bytes"},
		{"trailing data", "application/json", `{"n": 1}{`, "decode: not JSON: invalid character '{' after top-level value at byte 9"},
		{"number in a text", "application/json", `{"n": "1"}`, ""},
		{"wrong type inside", "application/json", `{"o": {"deep": []}}`, "contract: field o.deep is a JSON array, which the product does not document"},
		{"wrong type of what nothing depends on", "application/json", `{"n": []}`, ""},
		{"array", "application/json", `[]`, "contract: the answer is a JSON array, which the product does not document"},
		{"null", "application/json", `null`, "contract: the answer is JSON, but not an object"},
		{"number beyond float64", "application/json", `{"e": 1e999}`, "contract: field e is a JSON number 1e999, which the product does not document"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var into struct {
				N *float64 `json:"n"`
				E *float64 `json:"e" progress:"essential"`
				O struct {
					Deep *bool `json:"deep" progress:"essential"`
				} `json:"o"`
			}
			got := ""
			if err := DecodeJSON(answer(tc.contentType, tc.body), &into); err != nil {
				got = AsError(err).Error()
			}
			if got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}
