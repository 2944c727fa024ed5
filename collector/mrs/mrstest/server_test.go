package mrstest_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mrs/mrstest"
)

// manualSample is the answer on the page of the endpoint.
const manualSample = `{
  "id": 0,
  "state": "COMPLETE",
  "error_code": 0,
  "error_description": "string",
  "total_progress": 0,
  "res_obj": {
    "cluster_id": 0,
    "step_list": [{"name": "string", "description": "string"}],
    "fail_entity_list": [{"fail_entity": "string", "operation_type": "string"}],
    "total_step_size": 0
  }
}`

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// at is a drill that stands still after this share of its work.
func at(s drill.Scenario, fraction float64) drill.Drill {
	now := start.Add(time.Duration((0.05 + fraction*0.95) * float64(100*time.Minute)))
	return drill.Drill{Scenario: s, Start: start, Length: 100 * time.Minute, Now: func() time.Time { return now }}
}

func progressOf(id string) string { return mrstest.Web + "/v1/common/command/" + id + "/progress" }

func ask(s *mrstest.Server, path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// shape replaces every value by its type, and every list by its first element.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for key, inner := range v {
			out[key] = shape(inner)
		}
		return out
	case []any:
		return []any{shape(v[0])}
	}
	return fmt.Sprintf("%T", v)
}

// The fake's answer has the fields of the manual's, each of the same type.
func TestAnswerLooksLikeTheManual(t *testing.T) {
	var want, got any
	if err := json.Unmarshal([]byte(manualSample), &want); err != nil {
		t.Fatal(err)
	}
	w := ask(&mrstest.Server{Drill: at(drill.Fail, 1)}, progressOf("214"))
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shape(want), shape(got)); diff != "" {
		t.Errorf("fields (-manual +fake):\n%s", diff)
	}
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q, want application/json", got)
	}
}

func TestOtherRequests(t *testing.T) {
	s := &mrstest.Server{}
	paths := []string{"/", mrstest.Web, "/v1/common/command/1/progress", progressOf(""), progressOf("1/2"), progressOf("1") + "/", mrstest.CAS + "/login"}
	for _, path := range paths {
		if w := ask(s, path); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: HTTP %d, want 404", path, w.Code)
		}
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodPost, progressOf("1"), nil))
	if w.Code != http.StatusNotFound {
		t.Errorf("POST: HTTP %d, want 404", w.Code)
	}
	if got, want := s.Requests(), len(paths)+1; got != want {
		t.Errorf("%d requests counted, want %d", got, want)
	}
}

// Everything may change while the product serves; the race detector watches.
func TestChangesWhileServing(t *testing.T) {
	s := &mrstest.Server{Login: mrstest.Ticket}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 50 {
				ask(s, progressOf("214"))
				ask(s, mrstest.CAS+"/login")
			}
		})
	}
	s.SetBody(func() (int, string) { return 500, fmt.Sprint(s.Requests(), s.Logins()) })
	s.SetBody(nil)
	s.SetDrill(at(drill.Happy, 1))
	s.SetPassword("another")
	s.ExpireSessions()
	wg.Wait()
	if got := s.Requests(); got != 400 {
		t.Errorf("%d requests counted, want 400", got)
	}
}

func TestOwnBody(t *testing.T) {
	w := ask(&mrstest.Server{Body: func() (int, string) { return 418, `{"a":1}` }}, progressOf("214"))
	if got := fmt.Sprint(w.Code, " ", w.Body); got != `418 {"a":1}` {
		t.Errorf("got %s", got)
	}
}
