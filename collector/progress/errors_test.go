package progress

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestStatusError(t *testing.T) {
	for status, want := range map[int]Reason{
		200: "", 204: "", 199: Contract, 100: Contract, 299: "", 300: Redirect, 301: Redirect, 399: Redirect, 304: Redirect, 400: HTTP4xx, 401: Auth, 403: Auth,
		404: HTTP4xx, 429: RateLimited, 500: HTTP5xx, 503: HTTP5xx, 599: HTTP5xx,
	} {
		var got Reason
		if e := StatusError(Response{Status: status, Header: http.Header{"Retry-After": {"7"}}}); e != nil {
			got = e.Reason
			if e.RetryAfter != 7*time.Second || !strings.Contains(e.Message, fmt.Sprint(status)) {
				t.Errorf("%d: %v, Retry-After %v", status, e, e.RetryAfter)
			}
		}
		if got != want {
			t.Errorf("%d: %q, want %q", status, got, want)
		}
	}
}

// A port that wants TLS says so to plain HTTP.
func TestPortThatWantsTLS(t *testing.T) {
	const usual, wanted = "HTTP 400 Bad Request; check the target's url and options", "HTTP 400 Bad Request; the port wants TLS, so the url has to begin with https://"
	for body, want := range map[string]string{
		"Client sent an HTTP request to an HTTPS server.\n":                                   wanted,
		"<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head>": wanted,
		"<p>Reason: You're speaking plain HTTP to an SSL-enabled server port.<br />":          wanted,
		"Bad Request\nThis combination of host and port requires TLS.\n":                      wanted,
		"": usual, "{}": usual, strings.Repeat("x", 5000) + "requires TLS": usual,
	} {
		if e := StatusError(Response{Status: 400, Body: []byte(body)}); e.Message != want || e.Reason != HTTP4xx {
			t.Errorf("%.60q: %v, want %s", body, e, want)
		}
	}
	if e := StatusError(Response{Status: 404, Body: []byte("requires TLS")}); strings.Contains(e.Message, "TLS") {
		t.Errorf("HTTP 404: %v", e)
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"": 0, "5": 5 * time.Second, "0": 0, "-5": 0, "soon": 0, "999999": time.Hour, "99999999999999999999": 0,
		"Tue, 12 May 2026 10:00:30 GMT": 30 * time.Second, "Tue, 12 May 2026 09:00:00 GMT": 0, "Wed, 13 May 2026 10:00:00 GMT": time.Hour,
	} {
		if got := RetryAfter(http.Header{"Retry-After": {value}}, now); got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}

// A date is compared with when the answer came, on the clock of whoever made the
// request, and not with the machine's.
func TestRetryAfterOfAnAnswer(t *testing.T) {
	resp := Response{Status: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"Tue, 12 May 2026 10:00:30 GMT"}},
		Received: time.Date(2026, 5, 12, 10, 0, 10, 0, time.UTC)}
	if err := StatusError(resp); err.RetryAfter != 20*time.Second {
		t.Errorf("wait %v, want 20s", err.RetryAfter)
	}
}

func TestAsError(t *testing.T) {
	inner := Errorf(Auth, "no key: %w", fs.ErrNotExist)
	if !errors.Is(inner, fs.ErrNotExist) {
		t.Error("Errorf loses the cause")
	}
	if got := AsError(fmt.Errorf("outer: %w", inner)); got != inner {
		t.Errorf("AsError = %v, want the error inside", got)
	}
	if got := AsError(errors.New("plain")); got.Reason != Internal || got.Error() != "internal: plain" {
		t.Errorf("an error without a reason is %v, want internal", got)
	}
	if got := (&Error{Reason: APIError, Code: "a\nb", Message: "no"}).Error(); got != `api "a\nb": no` {
		t.Errorf("a product's code is not escaped: %s", got)
	}
	if got, want := (&Error{Reason: APIError, Code: strings.Repeat("x", 65), Message: "no"}).Error(), `api "`+strings.Repeat("x", 61)+`…": no`; got != want {
		t.Errorf("a long code: %s, want %s", got, want)
	}
}

// Whatever is wrong with an answer, the error says what was asked of whom, and
// nothing that may be secret.
func TestErrorsNameTheRequest(t *testing.T) {
	req, err := http.NewRequest(http.MethodGet, "https://user:hunter2@example.com/a%2Fb?token=hunter2#hunter2", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header = http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("user:hunter2-hunter2"))},
		"X-Key": {"hunter2-hunter3"}, "Accept": {"application/json"}, "X-Short": {"no"}}
	const asked = "GET https://example.com/a%2Fb: "
	bad := Response{Status: 502, Body: []byte("busy"), Request: req}
	for got, want := range map[error]string{
		StatusError(bad):                          "http_5xx: " + asked + "HTTP 502 Bad Gateway; the product or a proxy before it is in trouble",
		DecodeJSON(bad, &struct{}{}):              "decode: " + asked + "not JSON: invalid character 'b' looking for beginning of value at byte 1",
		Errorf(Contract, "no state").About(req):   "contract: " + asked + "no state",
		Errorf(Internal, "no request").About(nil): "internal: no request",
		(&Error{Reason: APIError, Code: "hunter2-hunter3", Message: "no", Said: fmt.Sprint(req.Header)}).About(req): `api "<redacted>": ` + asked +
			`no; the product says "map[Accept:[application/json] Authorization:[<redacted>] X-Key:[<redacted>] X-Short:[no]]"`,
		Errorf(Auth, "user:hunter2-hunter2, hunter2-hunter2").About(req): "auth: " + asked + "<redacted>, <redacted>",
		Errorf(Auth, "at https://example.com/a%%2Fb").About(req):         "auth: " + asked + "at https://example.com/a%2Fb",
	} {
		if got := NewSecrets(Credentials(req), nil).Error(got); got.Error() != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	if err := DecodeJSON(Response{Status: 200, Body: []byte("{}"), Request: req}, &struct{}{}); err != nil {
		t.Errorf("a good answer: %v", err)
	}
}

func TestCut(t *testing.T) {
	for _, s := range []string{"", "abc", "長い長い長い", strings.Repeat("é", 100), "\xff\xff\xff\xff\xff\xff\xff"} {
		for n := range 20 {
			got := Cut(s, n)
			if len(s) <= n && got != s {
				t.Errorf("Cut(%q, %d) = %q", s, n, got)
			}
			if len(got) > max(n, len("…")) || utf8.ValidString(s) && !utf8.ValidString(got) {
				t.Errorf("Cut(%q, %d) = %q of %d bytes", s, n, got, len(got))
			}
		}
	}
	if got := Quote("line\nbreak \x1b[31m"); got != `"line\nbreak \x1b[31m"` {
		t.Errorf("Quote = %s", got)
	}
	if got, want := Quote(strings.Repeat("x", 201)), `"`+strings.Repeat("x", 197)+`…"`; got != want {
		t.Errorf("Quote of 201 bytes = %s, want %s", got, want)
	}
}

func TestReasonsAndStatesAreClosedSets(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Reasons() {
		seen[string(r)] = true
	}
	if len(seen) != 14 {
		t.Errorf("%d reasons, want the 14 of the reference", len(seen))
	}
	names := map[string]bool{}
	for _, s := range States() {
		names[s.String()] = true
		if back, ok := ParseState(s.String()); !ok || back != s {
			t.Errorf("%s does not parse back", s)
		}
	}
	if len(names) != 9 || State(200).String() != "unknown" {
		t.Errorf("states %v", names)
	}
	if _, ok := ParseState("Running"); ok {
		t.Error("a state's name is taken in another case")
	}
}
