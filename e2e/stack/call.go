package stack

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"testing"
)

// Call posts a body as JSON and returns the object that is answered. The test fails if
// the answer is none, or HTTP 400 and above.
func Call(t testing.TB, url string, header http.Header, body any) map[string]any {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return Ask(t, req, header)
}

// Ask sends a request with further headers, as Call does. An answer without a body is
// no object.
func Ask(t testing.TB, req *http.Request, header http.Header) map[string]any {
	t.Helper()
	req.Header.Set("Content-Type", "application/json")
	for name, values := range header {
		req.Header[name] = values
	}
	resp, err := client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode >= http.StatusBadRequest {
		t.Fatalf("%s %s: HTTP %s, %v\n%s", req.Method, req.URL, resp.Status, err, text)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil {
		t.Fatalf("%s %s answers %v:\n%s", req.Method, req.URL, err, text)
	}
	return answer
}

// awaitAnswer waits until something answers HTTP there.
func awaitAnswer(t testing.TB, url string) {
	t.Helper()
	Await(t, "an answer of "+url, func() bool {
		resp, err := client().Get(url)
		return err == nil && resp.Body.Close() == nil
	})
}

// rewriteFile changes a file.
func rewriteFile(t testing.TB, name string, change func(string) string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(change(string(text))), 0o600); err != nil {
		t.Fatal(err)
	}
}
