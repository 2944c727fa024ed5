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
		{"HTML by type", "text/HTML; charset=utf-8", `{"n": 1}`, "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?"},
		{"XHTML by type", "application/xhtml+xml", `{"n": 1}`, "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?"},
		{"HTML by look", "application/json", "\n<!doctype html>", "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?"},
		{"text", "application/json", "busy", "decode: not JSON: invalid character 'b' looking for beginning of value at byte 1"},
		{"cut off", "application/json", `{"n": `, "decode: the JSON ends too early, after 5 bytes"},
		{"trailing data", "application/json", `{"n": 1}{`, "decode: not JSON: invalid character '{' after top-level value at byte 9"},
		{"wrong type", "application/json", `{"n": "1"}`, "contract: field n is a JSON string, which the product does not document"},
		{"wrong type inside", "application/json", `{"o": {"deep": []}}`, "contract: field o.deep is a JSON array, which the product does not document"},
		{"array", "application/json", `[]`, "contract: the answer is a JSON array, which the product does not document"},
		{"null", "application/json", `null`, "contract: the answer is JSON, but not an object"},
		{"number beyond float64", "application/json", `{"n": 1e999}`, "contract: field n is a JSON number 1e999, which the product does not document"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var into struct {
				N *float64 `json:"n"`
				O struct {
					Deep *bool `json:"deep"`
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
