package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// What a person is shown of an answer holds no secret, wherever the product repeats it
// and however it spells it.
func TestTraceHides(t *testing.T) {
	const password, token, cookie = "hunter2 & more", "hunter2-token", "hunter2-token-and-cookie"
	form := url.Values{"password": {password}, "short": {"yes"}}.Encode()
	login, err := http.NewRequest(http.MethodPost, "https://h/login?ticket="+token, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	login.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	ask, err := http.NewRequest(http.MethodGet, "https://h/progress", nil)
	if err != nil {
		t.Fatal(err)
	}
	ask.Header.Set("Cookie", "session="+cookie+"; own=hunter2-own")
	answers := map[string]progress.Response{
		"/login": {Status: 200, Body: []byte(`<input name="lt" value="hunter2-lt">`), Header: http.Header{"Set-Cookie": {"session=" + cookie}}},
		"/progress": {Status: 200, Header: http.Header{
			"Server": {"a\x1b[31m"}, "X-Internal": {"hunter2-internal"}, "Location": {"https://u:hunter2@h/p?k=hunter2#hunter2"},
		}, Body: []byte(`said: ` + password + ` hunter2-own ` + url.QueryEscape(password) + ` ` + cookie + ` ` + token + ` yes ` +
			strings.Repeat("x", traceBody-160) + cookie + cookie + cookie)},
	}
	tr := &trace{}
	fetch := tr.watch(func(r *http.Request) (progress.Response, error) { return answers[r.URL.Path], nil })
	for _, r := range []*http.Request{login, ask} {
		if _, err := fetch(r); err != nil {
			t.Fatal(err)
		}
	}
	for i := range tr.exchanges {
		tr.exchanges[i].took = time.Millisecond
	}
	var page strings.Builder
	tr.write(&page)
	want := `> POST https://h/login?ticket=<redacted>
> Content-Type: application/x-www-form-urlencoded
< HTTP 200 OK after 1ms
< Set-Cookie: <redacted>
36 bytes that are not shown: an answer before the last one may belong to a login

> GET https://h/progress
> Cookie: <redacted>
< HTTP 200 OK after 1ms
< Location: https://h/p?k=<redacted>
< Server: a\x1b[31m
< X-Internal: <redacted>
said: <redacted> <redacted> <redacted> <redacted> <redacted> yes ` + strings.Repeat("x", traceBody-160)
	if got := page.String(); !strings.HasPrefix(got, want+"<redacted>") {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if strings.Contains(page.String(), "hunter2") || strings.Contains(page.String(), "-an") {
		t.Errorf("a secret is shown:\n%s", page.String())
	}
}

// A body is not searched for thousands of cookies, nor shown without.
func TestTraceOfManyCookies(t *testing.T) {
	for cookies, want := range map[int]string{
		progress.MaxCookies:     "said <redacted>\n",
		progress.MaxCookies + 1: "16 bytes that are not shown, because one of 101 cookies could be in them\n",
		40_000:                  "16 bytes that are not shown, because one of 40000 cookies could be in them\n",
	} {
		set := slices.Repeat([]string{"a=x"}, cookies-1)
		tr := &trace{}
		_, _ = tr.watch(func(*http.Request) (progress.Response, error) {
			return progress.Response{Status: 200, Header: http.Header{"Set-Cookie": append(set, "a=hunter2-own")}, Body: []byte("said hunter2-own")}, nil
		})(httptest.NewRequest(http.MethodGet, "https://h/progress", nil))
		var page strings.Builder
		tr.soFar().write(&page)
		if !strings.HasSuffix(page.String(), "< Set-Cookie: <redacted>\n"+want+"\n") {
			t.Errorf("%d cookies:\n%s", cookies, page.String())
		}
	}
}

// JSON is laid out for a person, after secrets were taken out; what is none stays as it came.
func TestTraceIndents(t *testing.T) {
	deep := strings.Repeat("[", 500) + strings.Repeat("]", 500)
	for body, want := range map[string]string{
		`{"a":[1,2.50],"token":"hunter2"}` + "\n\n": "{\n  \"a\": [\n    1,\n    2.50\n  ],\n  \"token\": \"<redacted>\"\n}",
		"{\"a\":\n": "{\"a\":",
		// A name is found in JSON, in JSON that is a text in it, in half of it, and in no JSON.
		`{"a":"{\"apiKey\":\"hunter2\",\"b\":1}"}`: "{\n  \"a\": \"{\\\"apiKey\\\":\\\"<redacted>\\\",\\\"b\\\":1}\"\n}",
		`{"a":"{\"apiKey\":\"hunter2\",`:           `{"a":"{\"apiKey\":"<redacted>",`,
		`{"Secrets":{"x":["hunter2",7]},"b":1}`:    "{\n  \"Secrets\": {\n    \"x\": [\n      \"<redacted>\",\n      0\n    ]\n  },\n  \"b\": 1\n}",
		"private_key=hunter2&state=running":        `private_key="<redacted>"&state=running`,
		`{"tokens_count":7,"sessionState":"up"}`:   "{\n  \"tokens_count\": 7,\n  \"sessionState\": \"up\"\n}",
		"plain\r\n":                                "plain",
		deep:                                       deep,
	} {
		tr := &trace{}
		_, _ = tr.watch(func(*http.Request) (progress.Response, error) {
			return progress.Response{Status: 200, Body: []byte(body)}, nil
		})(httptest.NewRequest(http.MethodGet, "https://h/progress", nil))
		var page strings.Builder
		tr.soFar().write(&page)
		_, got, _ := strings.Cut(page.String(), "\n< HTTP 200 OK after ")
		if _, got, _ = strings.Cut(got, "\n"); got != want+"\n\n" {
			t.Errorf("%q is shown as %q, want %q", body, got, want+"\n\n")
		}
	}
}
