package logpressotest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
)

// Answers as the manual prints them, on the page of
// POST /api/sonar/apps/start-install.
const (
	manualStarted   = `{"installable_status": {"is_valid": true, "reason": null}}`
	manualInstalled = `{
  "installable_status": {
    "is_valid": false,
    "reason": "already-installed",
    "app_code": "logpresso-sample-app",
    "app_name": "サンプルアプリ",
    "app_version": "1.0.0"
  }
}`
	manualInvalid = `{
  "installable_status": {
    "is_valid": false,
    "reason": "invalid-file"
  },
  "result": false,
  "error_msg": "app installation failed to start: installable status: isValid = [false], reason = [invalid-file], appCode = [null], appFile = [/opt/logpresso/sonar/upload/sample.jar]"
}`
	manualExpired = `{
  "error_code": "illegal-state",
  "error_msg": "main install session was expired : token-[a1b2c3d4-e5f6-7890-abcd-ef1234567890]"
}`
	manualAlreadyStarted = `{
  "error_code": "illegal-state",
  "error_msg": "main install session alreay START_INSTALL_APP : token-[a1b2c3d4-e5f6-7890-abcd-ef1234567890] app symbol-[com.logpresso.sample.app]"
}`
)

func begin(s *logpressotest.Server, contentType, body string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, logpressotest.StartPath, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("Authorization", "Bearer k")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func TestStart(t *testing.T) {
	const good = `{"token":"` + token + `"}`
	const overwrite = `{"token":"` + token + `","overwrite":true}`
	mismatch := strings.Replace(manualInstalled, "already-installed", "version-mismatch", 1)
	uploaded := func(obstacle string) *logpressotest.Server {
		return &logpressotest.Server{Key: "k", Token: token, Uploaded: true, Obstacle: obstacle}
	}
	for _, tc := range []struct {
		name        string
		server      *logpressotest.Server
		contentType string
		body        string
		status      int
		want        string
	}{
		{"started", uploaded(""), "application/json", good, 200, manualStarted},
		{"with a charset", uploaded(""), "application/json; charset=utf-8", good, 200, manualStarted},
		{"installed", uploaded("already-installed"), "application/json", good, 200, manualInstalled},
		{"another version", uploaded("version-mismatch"), "application/json", `{"token":"` + token + `","overwrite":false}`, 200, mismatch},
		{"overwritten", uploaded("version-mismatch"), "application/json", overwrite, 200, manualStarted},
		{"invalid", uploaded("invalid-file"), "application/json", good, 200, manualInvalid},
		{"invalid, overwritten", uploaded("invalid-file"), "application/json", overwrite, 200, manualInvalid},
		{"expired", &logpressotest.Server{}, "application/json", good, 500, manualExpired},
		{"another's token", uploaded(""), "application/json", `{"token":"` + other + `"}`, 500, strings.Replace(manualExpired, token, other, 1)},
		{"already started", &logpressotest.Server{Drill: at(drill.Happy, 0.5)}, "application/json", good, 500, manualAlreadyStarted},
		{"no permission", &logpressotest.Server{Key: "other", Uploaded: true}, "application/json", good, 500, manualNoPermission},
		{"no token", uploaded(""), "application/json", `{}`, 400, manualNotGUID},
		{"no GUID", uploaded(""), "application/json", `{"token":"x"}`, 400, manualNotGUID},
		{"a form", uploaded(""), "application/x-www-form-urlencoded", good, 400, manualNotGUID},
		{"not JSON", uploaded(""), "application/json", "token=" + token, 400, manualNotGUID},
		{"unknown field", uploaded(""), "application/json", `{"token":"` + token + `","force":true}`, 400, manualNotGUID},
		{"own body", &logpressotest.Server{Body: func() (int, string) { return 418, `{}` }}, "application/json", good, 418, `{}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			wantAnswer(t, begin(tc.server, tc.contentType, tc.body), tc.status, tc.want)
			if got := tc.server.Requests(); got != 1 {
				t.Errorf("%d requests counted, want 1", got)
			}
		})
	}
}

// Only POST begins an install, and the story begins with it.
func TestStartBeginsTheStory(t *testing.T) {
	s := &logpressotest.Server{Drill: at(drill.Happy, 0.5), Uploaded: true}
	r := httptest.NewRequest(http.MethodGet, logpressotest.StartPath, strings.NewReader(`{"token":"`+token+`"}`))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != http.MethodPost {
		t.Errorf("GET: HTTP %d, Allow %q; want 405 and POST", w.Code, w.Header().Get("Allow"))
	}
	wantAnswer(t, ask(s, token, ""), http.StatusOK, `{}`)
	wantAnswer(t, begin(s, "application/json", `{"token":"`+token+`"}`), http.StatusOK, manualStarted)
	if got, want := line(t, ask(s, token, "").Body.String()), "standby 0% 0/3"; got != want {
		t.Errorf("after the start: %s, want %s", got, want)
	}
}

// Of many that start the same install, one does.
func TestStartOnce(t *testing.T) {
	s := &logpressotest.Server{Drill: drill.Drill{Scenario: drill.Happy, Length: 1}}
	s.SetUploaded(true)
	s.SetObstacle("already-installed")
	statuses := make(chan int, 8)
	var wg sync.WaitGroup
	for range cap(statuses) {
		wg.Go(func() {
			statuses <- begin(s, "application/json", `{"token":"`+token+`","overwrite":true}`).Code
		})
	}
	wg.Wait()
	close(statuses)
	counts := map[int]int{}
	for status := range statuses {
		counts[status]++
	}
	if counts[200] != 1 || counts[500] != 7 {
		t.Errorf("statuses %v, want one 200 and seven 500", counts)
	}
}
