package logpressotest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
)

const (
	token = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
	other = "0f0e0d0c-0b0a-0908-0706-050403020100"
)

// Answers as the manual prints them, on the page of
// GET /api/sonar/apps/install-progress.
const (
	manualProgress = `{
  "install_progress": {
    "total_progress": 50,
    "total_node": 2,
    "completed_node": 1,
    "status": "in_progress",
    "is_cancelled": false,
    "error_code": null,
    "node_progresses": [
      {
        "node_name": "control-node-1",
        "node_guid": "b2c3d4e5-f678-9012-bcde-f12345678901",
        "node_type": "control",
        "node_progress": 100,
        "error_code": null
      },
      {
        "node_name": "data-node-1",
        "node_guid": "c3d4e5f6-7890-1234-cdef-123456789012",
        "node_type": "data",
        "node_progress": 50,
        "error_code": null
      }
    ]
  }
}`
	manualNotGUID = `{
  "error_code": "invalid-param-type",
  "error_msg": "token should be guid type."
}`
	manualNoPermission = `{
  "error_code": "illegal-state",
  "error_msg": "no-permission"
}`
)

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// at is a drill that stands still after this share of its work.
func at(s drill.Scenario, fraction float64) drill.Drill {
	now := start.Add(time.Duration((0.05 + fraction*0.95) * float64(100*time.Minute)))
	return drill.Drill{Scenario: s, Start: start, Length: 100 * time.Minute, Now: func() time.Time { return now }}
}

func ask(s *logpressotest.Server, token, key string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, logpressotest.Path+"?token="+token, nil)
	if key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func wantAnswer(t *testing.T, w *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q, want application/json", got)
	}
	collectortest.WantAnswer(t, w, status, body)
}

// The fake's answer has the fields of the manual's, each of the same type.
func TestProgressLooksLikeTheManual(t *testing.T) {
	s := &logpressotest.Server{Drill: at(drill.Happy, 0.75), Nodes: []logpressotest.Node{
		{Name: "control-node-1", GUID: "b2c3d4e5-f678-9012-bcde-f12345678901", Type: "control"},
		{Name: "data-node-1", GUID: "c3d4e5f6-7890-1234-cdef-123456789012", Type: "data"},
	}}
	// The manual's sample has a total of 50 where its nodes' average is 75.
	want := strings.NewReplacer(`"total_progress": 50`, `"total_progress": 87`, `"node_progress": 50`, `"node_progress": 75`).Replace(manualProgress)
	wantAnswer(t, ask(s, token, ""), http.StatusOK, want)
}

func TestAnswers(t *testing.T) {
	done := at(drill.Happy, 1)
	for _, tc := range []struct {
		name       string
		server     *logpressotest.Server
		token, key string
		status     int
		body       string
	}{
		{"zero value", &logpressotest.Server{}, token, "", 200, `{}`},
		{"no token", &logpressotest.Server{Drill: done}, "", "", 400, manualNotGUID},
		{"token too short", &logpressotest.Server{Drill: done}, token[1:], "", 400, manualNotGUID},
		{"no session with this token", &logpressotest.Server{Drill: done, Token: token}, other, "", 200, `{}`},
		{"no key", &logpressotest.Server{Drill: done, Key: "k"}, token, "", 500, manualNoPermission},
		{"wrong key", &logpressotest.Server{Drill: done, Key: "k"}, token, "kk", 500, manualNoPermission},
		{"idle with the right key", &logpressotest.Server{Key: "k"}, token, "k", 200, `{}`},
		{"own body", &logpressotest.Server{Key: "k", Body: func() (int, string) { return 418, `{"a":1}` }}, "", "", 418, `{"a":1}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			wantAnswer(t, ask(tc.server, tc.token, tc.key), tc.status, tc.body)
		})
	}
}

func TestOtherRequests(t *testing.T) {
	s := &logpressotest.Server{Drill: at(drill.Happy, 1)}
	for _, tc := range []struct {
		method, path string
		status       int
	}{
		{http.MethodGet, "/", 404},
		{http.MethodGet, logpressotest.Path + "/", 404},
		{http.MethodGet, "/prefix" + logpressotest.Path, 404},
		{http.MethodPost, logpressotest.Path + "?token=" + token, 405},
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(tc.method, tc.path, nil))
		if w.Code != tc.status {
			t.Errorf("%s %s: HTTP %d, want %d", tc.method, tc.path, w.Code, tc.status)
		}
	}
	if got := s.Requests(); got != 4 {
		t.Errorf("%d requests counted, want 4", got)
	}
}

// One answer in four of a flapping product is the page of a proxy.
func TestOutage(t *testing.T) {
	s := &logpressotest.Server{Drill: at(drill.Flap, 0.5)}
	var got []string
	for range 8 {
		w := ask(s, token, "")
		got = append(got, fmt.Sprint(w.Code, " ", w.Header().Get("Content-Type"), " ", w.Body.String()[:1]))
	}
	const up, down = "200 application/json {", "503 text/html; charset=utf-8 <"
	if diff := cmp.Diff([]string{up, up, up, down, up, up, up, down}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

// Everything may change while the product serves; the race detector watches.
func TestChangesWhileServing(t *testing.T) {
	s := &logpressotest.Server{}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				ask(s, token, "k")
			}
		})
	}
	s.SetBody(func() (int, string) { return 500, fmt.Sprint(s.Requests()) })
	s.SetBody(nil)
	s.SetDrill(at(drill.Happy, 1))
	s.SetToken(token)
	s.SetKey("k")
	s.SetNodes(logpressotest.Node{Name: "n", GUID: other, Type: "data"})
	wg.Wait()
	if got := s.Requests(); got != 200 {
		t.Errorf("%d requests counted, want 200", got)
	}
	wantAnswer(t, ask(s, token, "k"), http.StatusOK, `{"install_progress":{"total_progress":100,"total_node":1,"completed_node":1,"status":"completed","is_cancelled":false,"error_code":null,
		"node_progresses":[{"node_name":"n","node_guid":"`+other+`","node_type":"data","node_progress":100,"error_code":null}]}}`)
	wantAnswer(t, ask(s, other, "k"), http.StatusOK, `{}`)
}
