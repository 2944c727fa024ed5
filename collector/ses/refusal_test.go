package ses_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

const (
	refused    = refusal + ", HTTP 200" + refusedHow
	refusal    = "the product refused to tell the upgrade of the cluster 3427188"
	refusedHow = "; are options.service_group_instance_no and the region the right ones?"
	checkAuth  = "HTTP 401 Unauthorized; check the target's credentials and their rights"
	hint200    = "; code 200 is a wrong access key or secret key, or a clock that is off: check options.access_key, options.secret_key and the clock of this machine"
	hint210    = "; code 210 is a key without the right, or an account that is not subscribed to the API: check the permissions of the sub account in the portal"
)

// failures are the fixtures that are no progress.
var failures = map[string]struct {
	reason     progress.Reason
	code, text string
}{
	"no_upgrade_code":          {progress.APIError, "1001", `api "1001": ` + refused + `; the product says "FAIL"`},
	"null_result_with_message": {progress.APIError, "0", `api "0": ` + refused + `; the product says "Snapshot is required."`},
	"gateway_error_http_200":   {progress.APIError, "900", `api "900": ` + refused + `; the product says "Unexpected Error"`},
	"service_error_http_500":   {progress.APIError, "1500", `api "1500": ` + refusal + ", HTTP 500" + refusedHow + `; the product says "Internal"`},
	"unauthenticated":          {progress.Auth, "200", `auth "200": ` + checkAuth + hint200 + `; the product says "Authentication Failed: Invalid authentication information."`},
	"permission":               {progress.Auth, "210", `auth "210": ` + checkAuth + hint210 + `; the product says "Permission Denied"`},
	"response_error":           {progress.Auth, "800", `auth "800": HTTP 403 Forbidden; check the target's credentials and their rights; the product says "Not Authorized"`},
	"throttled":                {progress.RateLimited, "410", `rate_limited "410": HTTP 429 Too Many Requests; raise the target's min_interval; the product says "Throttle Limited"`},
	"quota_string":             {progress.RateLimited, "400", `rate_limited "400": HTTP 429 Too Many Requests; raise the target's min_interval; the product says "Quota Exceeded"`},
	"bad_request":              {progress.HTTP4xx, "100", `http_4xx "100": HTTP 400 Bad Request; check the target's url and options; the product says "Bad Request Exception"`},
	"standard_error":           {progress.HTTP4xx, "InvalidParameter", `http_4xx "InvalidParameter": HTTP 400 Bad Request; check the target's url and options; the product says "The specified parameter is invalid.: One field has to be corrected.; serviceGroupInstanceNo: must be the number of a cluster"`},
	"not_found":                {progress.HTTP4xx, "300", `http_4xx "300": HTTP 404 Not Found; check the target's url and options; the product says "Not Found Exception"`},
	"endpoint_error":           {progress.HTTP5xx, "500", `http_5xx "500": HTTP 503 Service Unavailable; the product or a proxy before it is in trouble; the product says "Endpoint Error"`},
	"proxy_page":               {progress.HTTP5xx, "", `http_5xx: HTTP 502 Bad Gateway; the product or a proxy before it is in trouble`},
	"neither":                  {progress.Contract, "", `contract: the answer has neither a code nor a result; is options.path or options.region the right one?`},
	"wrong_type":               {progress.Contract, "", `contract: field code is a JSON object, which the product does not document`},
}

func TestFailures(t *testing.T) {
	for name, want := range failures {
		t.Run(name, func(t *testing.T) {
			got, err := open(t, target(t, options)).Progress(t.Context(), recorded(t, name))
			if diff := cmp.Diff(progress.Report{}, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			wantError(t, err, want.reason, want.code, want.text)
		})
	}
}

func TestOddAnswers(t *testing.T) {
	for _, tc := range []struct {
		name       string
		status     int
		body       string
		reason     progress.Reason
		code, text string
	}{
		{"code without a message", 200, `{"code":7}`, progress.APIError, "7", `api "7": ` + refused},
		{"code beside a result", 200, `{"code":7,"message":"x","result":{"name":"y"}}`, progress.APIError, "7", `api "7": ` + refused + `; the product says "x"`},
		{"gateway error beside a result", 200, `{"error":{"errorCode":"900","message":"x"},"result":{"name":"y"}}`, progress.APIError, "900", `api "900": ` + refused + `; the product says "x"`},
		{"message alone", 200, `{"message":"later"}`, progress.APIError, "", `api: ` + refused + `; the product says "later"`},
		{"success without a code", 200, `{"message":"SUCCESS","result":null}`, progress.Contract, "", `contract: the answer has neither a code nor a result; is options.path or options.region the right one?`},
		{"more fields than are named", 400, `{"error":{"errorCode":"X","message":"m","fieldErrors":[` + strings.Repeat(`{"field":"f","message":"g"},`, 6) + `null]}}`,
			progress.HTTP4xx, "X", `http_4xx "X": HTTP 400 Bad Request; check the target's url and options; the product says "m; f: g; f: g; f: g; f: g; f: g; and 2 more fields"`},
		{"nothing but fields", 400, `{"error":{"errorCode":"X","fieldErrors":[{"field":"f","message":"g"},{"message":"h"}]}}`,
			progress.HTTP4xx, "X", `http_4xx "X": HTTP 400 Bad Request; check the target's url and options; the product says "f: g: h"`},
		{"fields that are none", 400, `{"error":{"errorCode":"X","message":"m","detail":{},"fieldErrors":"f"}}`,
			progress.HTTP4xx, "X", `http_4xx "X": HTTP 400 Bad Request; check the target's url and options; the product says "m"`},
		{"gateway error without code", 503, `{"error":{}}`, progress.HTTP5xx, "", `http_5xx: HTTP 503 Service Unavailable; the product or a proxy before it is in trouble`},
		{"service error and 400", 400, `{"code":7,"message":"x"}`, progress.APIError, "7", `api "7": ` + refusal + ", HTTP 400" + refusedHow + `; the product says "x"`},
		{"service error and 401", 401, `{"code":7,"message":"x"}`, progress.Auth, "7", `auth "7": ` + checkAuth + `; the product says "x"`},
		{"service error and 429", 429, `{"code":7,"message":"x"}`, progress.RateLimited, "7", `rate_limited "7": HTTP 429 Too Many Requests; raise the target's min_interval; the product says "x"`},
		{"result with a bad status", 500, `{"code":0,"message":"SUCCESS","result":{"name":"y"}}`, progress.HTTP5xx, "", `http_5xx: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble`},
		{"half an answer with a bad status", 500, `{"code":7,"result":[]}`, progress.HTTP5xx, "", `http_5xx: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble`},
		{"keys in the answer", 401, `{"error":{"errorCode":"` + secretKey + `","message":"no ` + accessKey + `","details":"` + secretKey + `"}}`,
			progress.Auth, "<redacted>", `auth "<redacted>": ` + checkAuth + `; the product says "no <redacted>: <redacted>"`},
		{"keys in the service's answer", 200, `{"code":1,"message":"` + secretKey + accessKey + `\n"}`,
			progress.APIError, "1", `api "1": ` + refused + `; the product says "<redacted><redacted>\n"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(tc.status, tc.body))
			wantError(t, err, tc.reason, tc.code, tc.text)
		})
	}
}

// What the headers say counts where the body says nothing.
func TestHeadersOfTheGateway(t *testing.T) {
	headers := []string{"x-ncp-apigw-error-code", "210", "x-ncp-apigw-error-message", " no right for " + accessKey}
	for _, tc := range []struct {
		name       string
		status     int
		body       string
		reason     progress.Reason
		code, text string
	}{
		{"no body", 401, "", progress.Auth, "210", `auth "210": ` + checkAuth + hint210 + `; the product says "no right for <redacted>"`},
		{"a page of a proxy", 503, "<html>", progress.HTTP5xx, "210", `http_5xx "210": HTTP 503 Service Unavailable; the product or a proxy before it is in trouble; the product says "no right for <redacted>"`},
		{"an error that says nothing", 401, `{"error":{}}`, progress.Auth, "210", `auth "210": ` + checkAuth + hint210 + `; the product says "no right for <redacted>"`},
		{"the body says more", 401, `{"error":{"errorCode":200,"message":"Authentication Failed"}}`, progress.Auth, "200",
			`auth "200": ` + checkAuth + hint200 + `; the product says "Authentication Failed"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(tc.status, tc.body, headers...))
			wantError(t, err, tc.reason, tc.code, tc.text)
		})
	}
	r, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(200, `{"code":0,"message":"SUCCESS"}`, headers...))
	if err != nil || r.State != progress.None {
		t.Errorf("beside a good answer: %v, %v; want none", err, r.State)
	}
}

// A message is no error beside a result, nor where it is SUCCESS in another case.
func TestMessagesOfGoodAnswers(t *testing.T) {
	for _, body := range []string{`{"code":0,"message":"done","result":{"name":"y"}}`, `{"code":0,"message":"success"}`} {
		r, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(200, body))
		if err != nil || r.State != progress.None {
			t.Errorf("%s: %v, %v; want none", body, r.State, err)
		}
	}
}

// A wrong clock is refused like a wrong key; only the header Date tells.
func TestClockHint(t *testing.T) {
	const body = `{"error":{"errorCode":"200","message":"Authentication Failed"}}`
	const plain, says = `auth "200": ` + checkAuth + hint200, `; the product says "Authentication Failed"`
	hint := func(minutes, side string) string {
		return "; the clock of this machine is about " + minutes + " minutes " + side + " the product's, which allows 5: set it right (NTP)"
	}
	for _, tc := range []struct {
		name string
		off  time.Duration // of our clock
		want string
	}{
		{"right", 0, plain},
		{"a little off", 4*time.Minute + 29*time.Second, plain},
		{"nearly too far", 4*time.Minute + 30*time.Second, plain + hint("5", "ahead of")},
		{"ahead", 7 * time.Minute, plain + hint("7", "ahead of")},
		{"behind", -9 * time.Hour, plain + hint("540", "behind")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			date := moment.Add(-tc.off).UTC().Format(http.TimeFormat)
			_, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(401, body, "Date", date))
			wantError(t, err, progress.Auth, "200", tc.want+says)
		})
	}
	t.Run("no date that is one", func(t *testing.T) {
		_, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(401, body, "Date", "yesterday"))
		wantError(t, err, progress.Auth, "200", plain+says)
	})
	t.Run("another failure", func(t *testing.T) {
		date := moment.Add(time.Hour).UTC().Format(http.TimeFormat)
		_, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(500, "", "Date", date))
		wantError(t, err, progress.HTTP5xx, "", "http_5xx: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble")
	})
}

func TestRetryAfter(t *testing.T) {
	_, err := open(t, target(t, options)).Progress(t.Context(),
		collectortest.Answering(429, `{"error":{"errorCode":420,"message":"Rate Limited"}}`, "Retry-After", "90"))
	if got := progress.AsError(err); got.RetryAfter != 90*time.Second || got.Code != "420" {
		t.Errorf("retry after %v, code %q; want 1m30s and 420", got.RetryAfter, got.Code)
	}
}
