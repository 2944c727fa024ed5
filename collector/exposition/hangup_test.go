package exposition

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/go-kit/log"
	_ "github.com/prometheus/client_golang/prometheus/promhttp/zstd" // the encoding that promhttp leaves out by itself
)

// deaf is a client that takes nothing.
type deaf struct{ *httptest.ResponseRecorder }

func (deaf) Write([]byte) (int, error) { return 0, errors.New("broken pipe") }

// Anybody can ask and hang up; that must not fill the log.
func TestClientsThatHangUpAreNoNews(t *testing.T) {
	var logged bytes.Buffer
	k := NewAnswers(log.NewLogfmtLogger(&logged))
	for _, size := range []int{100, 10 * smallAnswer} {
		for _, coding := range []string{"identity", "gzip", "zstd"} {
			logged.Reset()
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			r.Header.Set("Accept-Encoding", coding)
			func() {
				defer func() {
					if p := recover(); p != http.ErrAbortHandler {
						t.Errorf("%d bytes, %s: %v, want the connection aborted", size, coding, p)
					}
				}()
				answering(k, padded(size)).ServeHTTP(deaf{httptest.NewRecorder()}, r)
			}()
			if got := logged.String(); got != "level=debug msg=\"a client did not take its answer\" err=\"broken pipe\"\n" {
				t.Errorf("%d bytes, %s: logged %q", size, coding, got)
			}
		}
	}
}

// When something was sent already, the client sees that it was not all.
func TestAnswerThatBreaksOff(t *testing.T) {
	k := NewAnswers(log.NewNopLogger())
	s := httptest.NewServer(answering(k, append(padded(10*smallAnswer), nameless)))
	defer s.Close()
	for _, encoding := range []string{"identity", "gzip", "zstd"} {
		resp, err := fetchAs(s, "/metrics", encoding)
		if err == nil { // else even its header was not sent yet
			_, err = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
		if err == nil {
			t.Errorf("%s: the answer looks complete", encoding)
		}
	}
}

func fetchAs(s *httptest.Server, path, encoding string) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodGet, s.URL+path, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept-Encoding", encoding)
	return s.Client().Do(req)
}

// Clients that hang up in the middle leave nothing behind in what is kept for the others.
func TestAnswersToManyAtOnce(t *testing.T) {
	k := NewAnswers(log.NewNopLogger())
	sizes := map[string]int{"/small": 1000, "/big": 16 * smallAnswer}
	mux := http.NewServeMux()
	for path, n := range sizes {
		mux.Handle(path, answering(k, padded(n)))
	}
	s := httptest.NewServer(mux)
	defer s.Close()
	var clients sync.WaitGroup
	for i := range 8 {
		clients.Go(func() {
			for j := range 12 {
				path, encoding := []string{"/small", "/big"}[j%2], []string{"identity", "gzip", "zstd"}[j%3]
				if i%2 == 0 && path == "/big" {
					hangUp(t, mux, path, encoding)
					continue
				}
				resp, err := fetchAs(s, path, encoding)
				if err != nil {
					t.Error(err)
					return
				}
				text := unpack(t, resp.Header.Get("Content-Encoding"), resp.Body)
				_ = resp.Body.Close()
				if len(text) != sizes[path] || !strings.HasSuffix(text, "\n# TYPE a gauge\na 1\n") {
					t.Errorf("%s as %s: %d bytes, want %d", path, encoding, len(text), sizes[path])
				}
			}
		})
	}
	clients.Wait()
}

// hangUp asks for an answer, of which the first bytes arrive.
func hangUp(t *testing.T, h http.Handler, path, encoding string) {
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("%s as %s: the handler ended with %v", path, encoding, p)
		}
	}()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Accept-Encoding", encoding)
	h.ServeHTTP(&hungUp{header: http.Header{}, left: 5}, r)
}

// hungUp is a client that hangs up after so many bytes.
type hungUp struct {
	header http.Header
	left   int
}

func (w *hungUp) Header() http.Header { return w.header }

func (w *hungUp) WriteHeader(int) {}

func (w *hungUp) Write(p []byte) (int, error) {
	if len(p) > w.left {
		n := w.left
		w.left = 0
		return n, io.ErrClosedPipe
	}
	w.left -= len(p)
	return len(p), nil
}
