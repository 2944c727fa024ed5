package logpresso_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/progress"
)

const (
	refusedStart = "the product refused to begin the install, HTTP "
	mayHaveBegun = "; the request was sent, so the install may have begun: look at its progress before you try again"
	needsAdmin   = "; check the API key in http_client_config, it needs the role ADMIN or above"
)

func start(t testing.TB, fetch progress.Fetch) (logpresso.Installable, error) {
	t.Helper()
	return logpresso.StartInstall(t.Context(), target(t, ""), fetch, progress.NewSecret(token), false)
}

func TestStartInstallAnswers(t *testing.T) {
	for _, tc := range []struct {
		name, body string
		want       logpresso.Installable
	}{
		{"started", `{"installable_status":{"is_valid":true,"reason":null}}`, logpresso.Installable{Started: true}},
		{"started without reason", `{"installable_status":{"is_valid":true}}`, logpresso.Installable{Started: true}},
		{"started, said twice", `{"installable_status":{"is_valid":true},"result":true}`, logpresso.Installable{Started: true}},
		{"installed", `{"installable_status":{"is_valid":false,"reason":"already-installed","app_code":"c","app_name":"サンプルアプリ","app_version":"1.0.0"}}`,
			logpresso.Installable{Reason: "already-installed", AppCode: "c", AppName: "サンプルアプリ", AppVersion: "1.0.0"}},
		{"refused", `{"installable_status":{"is_valid":false,"reason":"invalid-file"},"result":false,"error_msg":"file [/opt/` + token + `.jar]\u001b[2J"}`,
			logpresso.Installable{Reason: "invalid-file", Message: "file [/opt/<redacted>.jar]\x1b[2J"}},
		{"valid, but not started", `{"installable_status":{"is_valid":true,"reason":null},"result":false,"error_msg":"disk"}`, logpresso.Installable{Message: "disk"}},
		{"a token as the reason", `{"installable_status":{"is_valid":false,"reason":"` + token + `"}}`, logpresso.Installable{Reason: "<redacted>"}},
		{"not valid, no reason", `{"installable_status":{"is_valid":false,"reason":null}}`, logpresso.Installable{}},
		{"reason alone, and failed", `{"installable_status":{"reason":"inner-app"},"result":false}`, logpresso.Installable{Reason: "inner-app"}},
		{"failed without a status", `{"result":false,"error_msg":"disk"}`, logpresso.Installable{Message: "disk"}},
		{"a code beside the status", `{"installable_status":{"is_valid":true},"error_code":"x"}`, logpresso.Installable{Started: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := start(t, collectortest.Answering(200, tc.body))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("installable (-want +got):\n%s", diff)
			}
		})
	}
}

func TestStartInstallFailures(t *testing.T) {
	const unsaid = "contract: the answer does not say whether the package is valid, which the product documents" + mayHaveBegun
	for _, tc := range []struct {
		name    string
		status  int
		body    string
		want    failure
		refusal logpresso.Refusal
	}{
		{"bad token", 400, `{"error_code":"invalid-param-type","error_msg":"token should be guid type."}`, failure{progress.APIError, "invalid-param-type",
			`api "invalid-param-type": ` + refusedStart + `400; the token has to be the GUID that the upload of the package gave; the product says "token should be guid type."`}, logpresso.BadToken},
		{"expired", 500, `{"error_code":"illegal-state","error_msg":"main install session was expired : token-[` + token + `]"}`, failure{progress.APIError, "illegal-state",
			`api "illegal-state": ` + refusedStart + `500; upload the package again and use the token that this upload gives; the product says "main install session was expired : token-[<redacted>]"`}, logpresso.SessionExpired},
		{"already started", 500, `{"error_code":"illegal-state","error_msg":"main install session alreay START_INSTALL_APP : token-[` + token + `] app symbol-[com.logpresso.sample.app]"}`, failure{progress.APIError, "illegal-state",
			`api "illegal-state": ` + refusedStart + `500; the install of this package has begun before, look at its progress; the product says "main install session alreay START_INSTALL_APP : token-[<redacted>] app symbol-[com.logpresso.sample.app]"`}, logpresso.AlreadyStarted},
		{"no permission", 500, `{"error_code":"illegal-state","error_msg":"no-permission"}`, failure{progress.Auth, "illegal-state",
			`auth "illegal-state": ` + refusedStart + `500` + needsAdmin + `; the product says "no-permission"`}, logpresso.NoPermission},
		{"401 with a code", 401, `{"error_code":"x","error_msg":"y"}`, failure{progress.Auth, "x", `auth "x": ` + refusedStart + `401` + needsAdmin + `; the product says "y"`}, logpresso.NoPermission},
		{"another refusal", 500, `{"error_code":"illegal-state","error_msg":"busy"}`, failure{progress.APIError, "illegal-state", `api "illegal-state": ` + refusedStart + `500; the product says "busy"`}, ""},
		{"refusal with HTTP 200", 200, `{"error_code":"illegal-state","error_msg":"busy"}`, failure{progress.APIError, "illegal-state", `api "illegal-state": ` + refusedStart + `200; the product says "busy"`}, ""},
		{"a refusal with an odd field", 500, `{"error_code":"illegal-state","error_msg":{}}`, failure{progress.APIError, "illegal-state", `api "illegal-state": the product refused to begin the install, HTTP 500`}, ""},
		{"half of a refusal", 500, `{"error_code":"illegal-state","result":{}}`, failure{progress.HTTP5xx, "", "http_5xx: HTTP 500 Internal Server Error; the product or a proxy before it is in trouble" + mayHaveBegun}, ""},
		{"401 without a code", 401, `{}`, failure{progress.Auth, "", "auth: HTTP 401 Unauthorized; check the target's credentials and their rights"}, ""},
		{"404", 404, ``, failure{progress.HTTP4xx, "", "http_4xx: HTTP 404 Not Found; check the target's url and options"}, ""},
		{"proxy in trouble", 504, `<html>`, failure{progress.HTTP5xx, "", "http_5xx: HTTP 504 Gateway Timeout; the product or a proxy before it is in trouble" + mayHaveBegun}, ""},
		{"login page", 200, `<html>`, failure{progress.Decode, "", "decode: HTTP 200 with an HTML page, want a JSON object; is there a proxy or a login page before the product?" + mayHaveBegun}, ""},
		{"wrong type", 200, `{"installable_status":{"is_valid":"yes"}}`, failure{progress.Contract, "", "contract: field installable_status.is_valid is a JSON string, which the product does not document" + mayHaveBegun}, ""},
		{"nothing said", 200, `{}`, failure{progress.Contract, "", unsaid}, ""},
		{"validity not said", 200, `{"installable_status":{"reason":null}}`, failure{progress.Contract, "", unsaid}, ""},
		{"result alone", 200, `{"result":true}`, failure{progress.Contract, "", unsaid}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := start(t, collectortest.Answering(tc.status, tc.body))
			if diff := cmp.Diff(logpresso.Installable{}, got); diff != "" {
				t.Errorf("installable beside an error (-want +got):\n%s", diff)
			}
			wantError(t, err, tc.want.reason, tc.want.code, tc.want.text)
			var refusal logpresso.Refusal
			errors.As(err, &refusal)
			if refusal != tc.refusal {
				t.Errorf("refusal %q, want %q", refusal, tc.refusal)
			}
		})
	}
}

func FuzzStartInstall(f *testing.F) {
	f.Add([]byte(`{"installable_status":{"is_valid":true,"reason":null}}`), 200)
	f.Add([]byte(`{"installable_status":{"is_valid":false,"reason":"`+token+`"},"result":false,"error_msg":"`+token+`"}`), 200)
	f.Add([]byte(`{"error_code":"illegal-state","error_msg":"main install session was expired : token-[`+token+`]"}`), 500)
	f.Add([]byte(`<html>`), 502)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		i, err := start(t, collectortest.Answering(status, string(body)))
		if err != nil {
			e := progress.AsError(err)
			if !slices.Contains(progress.Reasons(), e.Reason) || e.Reason == progress.Internal || strings.Contains(e.Error(), token) {
				t.Fatalf("error %v, want one with a reason that is not ours and without the token", err)
			}
			return
		}
		var said struct{ Result *bool }
		_ = json.Unmarshal(body, &said)
		if i.Started && (status < 200 || status > 299 || said.Result != nil && !*said.Result) {
			t.Fatalf("HTTP %d %s counts as started", status, body)
		}
		if strings.Contains(i.Message, token) || strings.Contains(i.Reason, token) || strings.Contains(i.Explain(), token) {
			t.Fatalf("the text shows the token: %+v", i)
		}
	})
}
