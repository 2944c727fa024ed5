package collectortest

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// JSON decodes the text of an answer.
func JSON[T any](t testing.TB, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%q: %v", text, err)
	}
	return v
}

// WantAnswer compares what a fake answers with a status and with JSON, whose fields may
// stand in any order.
func WantAnswer(t testing.TB, got *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got.Code != status {
		t.Errorf("HTTP %d, want %d", got.Code, status)
	}
	if diff := cmp.Diff(JSON[any](t, body), JSON[any](t, got.Body.String())); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}
