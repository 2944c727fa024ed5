package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
)

// sourceSize is how many bytes the file of a source has.
const sourceSize = 8 << 20

// source serves one file, whose bytes flow as far as it is told: what a slow disk, a
// network that stands still and a server that breaks down look like from the other side.
type source struct {
	mu     sync.Mutex
	change *sync.Cond
	open   int // the file is let through up to here
	broken bool
	URL    string
}

// startSource starts one that lets everything through.
func startSource(t *testing.T) *source {
	s := &source{open: sourceSize}
	s.change = sync.NewCond(&s.mu)
	s.URL = serve(t, s) + "/"
	t.Cleanup(s.cut) // before the server is closed, which waits for its answers
	return s
}

// let lets the file through up to there.
func (s *source) let(bytes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open, s.broken = bytes, false
	s.change.Broadcast()
}

// cut breaks every answer off.
func (s *source) cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = true
	s.change.Broadcast()
}

// ServeHTTP answers with the file, or with the page that lists it.
func (s *source) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/" {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<html><body><a href="file.bin">file.bin</a></body></html>`)
		return
	}
	sent, end := 0, sourceSize
	if asked := r.Header.Get("Range"); asked != "" { // a download that goes on
		last := end - 1
		_, _ = fmt.Sscanf(asked, "bytes=%d-%d", &sent, &last)
		end = last + 1
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", sent, last, sourceSize))
	}
	w.Header().Set("Content-Length", strconv.Itoa(end-sent))
	if end-sent < sourceSize {
		w.WriteHeader(http.StatusPartialContent)
	}
	if r.Method == http.MethodHead {
		return
	}
	chunk := make([]byte, 64<<10)
	for sent < end {
		n := s.wait(r.Context(), sent)
		if n == 0 {
			panic(http.ErrAbortHandler)
		}
		n = min(n, end-sent, len(chunk))
		if _, err := w.Write(chunk[:n]); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		sent += n
	}
}

// wait waits until more of the file than what was sent is let through, and returns how
// much more; 0 if the answer is to be broken off.
func (s *source) wait(ctx context.Context, sent int) int {
	defer context.AfterFunc(ctx, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.change.Broadcast()
	})()
	s.mu.Lock()
	defer s.mu.Unlock()
	for s.open <= sent && !s.broken && ctx.Err() == nil {
		s.change.Wait()
	}
	if s.broken || ctx.Err() != nil {
		return 0
	}
	return s.open - sent
}
