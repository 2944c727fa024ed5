package confidential

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	for name, want := range map[string]bool{
		"token": true, "X-Auth-Token": true, "Passwd": true, "api_key": true, "apiKey": true, "privateKey": true, "SessionId": true,
		"tokens_count": false, "sessionState": false, "passwordChangedAt": false, "key": false, "state": false, "": false,
	} {
		if got := Name(name); got != want {
			t.Errorf("%q: %v, want %v", name, got, want)
		}
	}
}

// Whatever a value stands in, it is taken out, and all else stays.
func TestText(t *testing.T) {
	for text, want := range map[string]string{
		`token: hunter2`:                             `token: "<redacted>"`,
		`a=1&api_key=hunter2;b`:                      `a=1&api_key="<redacted>";b`,
		`{"password":"hun\"ter2","b":1}`:             `{"password":"<redacted>","b":1}`,
		`{"password":"hunter2`:                       `{"password":"<redacted>"`,
		`{"a":"{\"password\":\"hunter2\",\"b\":1}"}`: `{"a":"{\"password\":"<redacted>",\"b\":1}"}`,
		`{"a":"x","secret":"hunter2"}`:               `{"a":"x","secret":"<redacted>"}`,
		"it ran from 10:00 to 11:00, state: ok":      "it ran from 10:00 to 11:00, state: ok",
		"":                                           "",
	} {
		if got := Text(text); got != want {
			t.Errorf("%s\ngives %s\nwant  %s", text, got, want)
		}
	}
}

// JSON stays JSON, with its numbers and the order of its fields.
func TestJSON(t *testing.T) {
	same := func(s string) string { return s }
	for text, want := range map[string]string{
		`{"z":1.50,"token":"hunter2","a":[1e3]}`:                 `{"z":1.50,"token":"<redacted>","a":[1e3]}`,
		`{"secrets":{"a":"hunter2","b":[7,null,true]},"c":"x"}`:  `{"secrets":{"a":"<redacted>","b":[0,null,true]},"c":"x"}`,
		`{"said":"{\"token\":\"hunter2\"}","b":"token=hunter2"}`: `{"said":"{\"token\":\"<redacted>\"}","b":"token=\"<redacted>\""}`,
		`["token","hunter2"]`:                                    `["token","hunter2"]`,
	} {
		got := string(JSON([]byte(text), same, same))
		if got != want || !json.Valid([]byte(got)) {
			t.Errorf("%s\ngives %s\nwant  %s", text, got, want)
		}
	}
}

// BenchmarkText takes names out of what a product may send to burn CPU: the time has to stay
// in proportion to the length.
func BenchmarkText(b *testing.B) {
	for _, part := range []string{"a=", `a="`, `\`, `a:"\"`, "token=", `{"a":"`, " "} {
		for _, size := range []int{4 << 10, 64 << 10} {
			text := strings.Repeat(part, size/len(part))
			b.Run(fmt.Sprintf("%q/%d", part, size), func(b *testing.B) {
				b.SetBytes(int64(size))
				for b.Loop() {
					Text(text)
				}
			})
		}
	}
}
