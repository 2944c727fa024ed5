package logpresso_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

// failure is what an answer that is no progress becomes.
type failure struct {
	reason progress.Reason
	code   string
	text   string
}

const (
	refused  = "the product refused to tell the install's progress, HTTP "
	checkKey = "; check the API key in http_client_config, it needs the role MEMBER or above"
)

// failures are the fixtures that are no progress.
var failures = map[string]failure{
	"missing_token":       {progress.APIError, "invalid-param-type", `api "invalid-param-type": ` + refused + `400; the product says "token should be guid type."`},
	"no_permission":       {progress.Auth, "illegal-state", `auth "illegal-state": ` + refused + `500` + checkKey + `; the product says "no-permission"`},
	"error_with_http_200": {progress.Auth, "illegal-state", `auth "illegal-state": ` + refused + `200` + checkKey + `; the product says "no-permission"`},
	"token_in_message":    {progress.APIError, "illegal-state", `api "illegal-state": ` + refused + `500; the product says "main install session was expired : token-[<redacted>]"`},
	"wrong_type":          {progress.Contract, "", "contract: field install_progress.total_progress is a JSON string, which the product does not document"},
	"login_page":          {progress.Decode, "", "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?"},
	"proxy_outage":        {progress.HTTP5xx, "", "http_5xx: HTTP 502 Bad Gateway; the product or a proxy before it is in trouble"},
}

func TestFailures(t *testing.T) {
	for name, want := range failures {
		t.Run(name, func(t *testing.T) {
			status, body := fixture(t, name)
			want.check(t, collectortest.Answering(status, body))
		})
	}
}

func TestRefusals(t *testing.T) {
	const state = `{"error_code":"illegal-state","error_msg":"busy"}`
	for _, tc := range []struct {
		name   string
		status int
		body   string
		want   failure
	}{
		{"401 with a code", 401, state, failure{progress.Auth, "illegal-state", `auth "illegal-state": ` + refused + `401` + checkKey + `; the product says "busy"`}},
		{"403 with a code", 403, state, failure{progress.Auth, "illegal-state", `auth "illegal-state": ` + refused + `403` + checkKey + `; the product says "busy"`}},
		{"401 without a code", 401, `{}`, failure{progress.Auth, "", "auth: HTTP 401 Unauthorized; check the target's credentials and their rights"}},
		{"404 with a code", 404, state, failure{progress.APIError, "illegal-state", `api "illegal-state": ` + refused + `404; the product says "busy"`}},
		{"429 with a code", 429, state, failure{progress.RateLimited, "", "rate_limited: HTTP 429 Too Many Requests; raise the target's min_interval"}},
		{"502 with a code", 502, state, failure{progress.HTTP5xx, "", "http_5xx: HTTP 502 Bad Gateway; the product or a proxy before it is in trouble"}},
		{"500 with an odd field", 500, `{"error_code":"illegal-state","error_msg":{}}`, failure{progress.APIError, "illegal-state", `api "illegal-state": ` + refused + `500`}},
		{"500 with half of an answer", 500, `{"error_code":"illegal-state","install_progress":[]}`, failure{progress.HTTP5xx, "", "http_5xx: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble"}},
		{"503 with a code", 503, state, failure{progress.HTTP5xx, "", "http_5xx: HTTP 503 Service Unavailable; the product or a proxy before it is in trouble"}},
		{"404 without a body", 404, ``, failure{progress.HTTP4xx, "", "http_4xx: HTTP 404 Not Found; check the target's url and options"}},
		{"500 without a code", 500, `{"error_msg":"no-permission"}`, failure{progress.HTTP5xx, "", "http_5xx: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble"}},
		{"500 with an empty code", 500, `{"error_code":"","error_msg":"x"}`, failure{progress.HTTP5xx, "", "http_5xx: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble"}},
		{"500 with progress", 500, `{"install_progress":{"status":"completed"}}`, failure{progress.HTTP5xx, "", "http_5xx: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble"}},
		{"500 with a code and progress", 500, `{"error_code":"illegal-state","install_progress":{"status":"completed"}}`, failure{progress.APIError, "illegal-state", `api "illegal-state": ` + refused + `500`}},
		{"302", 302, ``, failure{progress.Redirect, "", "redirect: HTTP 302 Found; redirects are never followed, put the final address into url"}},
		{"200 empty", 200, ``, failure{progress.Decode, "", "decode: HTTP 200 with an empty body, want a JSON object"}},
		{"200 array", 200, `[]`, failure{progress.Contract, "", "contract: the answer is a JSON array, which the product does not document"}},
		{"200 null", 200, `null`, failure{progress.Contract, "", "contract: the answer is JSON, but not an object"}},
		{"200 cut off", 200, `{"install_progress":{`, failure{progress.Decode, "", "decode: the JSON ends too early, after 21 bytes"}},
		{"control characters", 500, `{"error_code":"x\ny","error_msg":"a\u001b[31m\nb"}`, failure{progress.APIError, "x\ny", `api "x\ny": ` + refused + `500; the product says "a\x1b[31m\nb"`}},
		{"long message", 500, `{"error_code":"x","error_msg":"` + strings.Repeat("y", 300) + `"}`, failure{progress.APIError, "x", `api "x": ` + refused + `500; the product says "` + strings.Repeat("y", 197) + `…"`}},
	} {
		t.Run(tc.name, func(t *testing.T) { tc.want.check(t, collectortest.Answering(tc.status, tc.body)) })
	}
}

// Wherever the product puts a token, ours or another's, it ends in no error.
func TestRefusalHidesTokens(t *testing.T) {
	for _, tc := range []struct{ name, msg, want string }{
		{"alone", token, "<redacted>"},
		{"twice", "token-[" + token + "] and " + token, "token-[<redacted>] and <redacted>"},
		{"upper case", "of " + strings.ToUpper(token), "of <redacted>"},
		{"another's", "of " + other, "of <redacted>"},
		{"without dashes", "of " + strings.ReplaceAll(token, "-", ""), "of <redacted>"},
		{"glued to another", "11111111-1111-1111-1111-1111" + token, "<redacted>"},
		{"in a path", "/upload/" + token + ".jar", "/upload/<redacted>.jar"},
		{"before the cut", strings.Repeat("y", 190) + " " + token, strings.Repeat("y", 190) + " <redac…"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := `{"error_code":"illegal-state","error_msg":"` + tc.msg + `"}`
			failure{progress.APIError, "illegal-state", `api "illegal-state": ` + refused + `500; the product says "` + tc.want + `"`}.check(t, collectortest.Answering(500, body))
		})
	}
	t.Run("as the code", func(t *testing.T) {
		failure{progress.APIError, "<redacted>", `api "<redacted>": ` + refused + `500`}.check(t, collectortest.Answering(500, `{"error_code":"`+token+`"}`))
	})
}

// A good answer with a code is an answer all the same.
func TestCodeBesideProgress(t *testing.T) {
	r, err := open(t, target(t, "token: "+token)).Progress(t.Context(), collectortest.Answering(200, `{"error_code":"x","install_progress":{"status":"completed"}}`))
	if err != nil || r.State != progress.Succeeded {
		t.Errorf("%v, %v; want succeeded", r.State, err)
	}
}

// A product that asks to be left alone is heard, also in its own words.
func TestRetryAfter(t *testing.T) {
	for body, status := range map[string]int{``: 503, `{"error_code":"busy"}`: 500} {
		_, err := open(t, target(t, "token: "+token)).Progress(t.Context(), func(*http.Request) (progress.Response, error) {
			return progress.Response{Status: status, Header: http.Header{"Retry-After": {"90"}}, Body: []byte(body)}, nil
		})
		if got := progress.AsError(err).RetryAfter; got != 90*time.Second {
			t.Errorf("body %q: retry after %v, want 1m30s", body, got)
		}
	}
}

func (want failure) check(t *testing.T, fetch progress.Fetch) {
	t.Helper()
	got, err := open(t, target(t, "token: "+token)).Progress(t.Context(), fetch)
	if diff := cmp.Diff(progress.Report{}, got); diff != "" {
		t.Errorf("report beside an error (-want +got):\n%s", diff)
	}
	wantError(t, err, want.reason, want.code, want.text)
}
