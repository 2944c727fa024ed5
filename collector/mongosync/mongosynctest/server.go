// Package mongosynctest is a fake mongosync: the HTTP API of one process as the
// mongosync reference documents it for version 1.22, told by a drill.
package mongosynctest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"progress_exporter/collector/collectortest/drill"
)

// Server is one mongosync process. The zero value is idle. Set the fields before
// the first request; Play and Answer change a server that is running.
type Server struct {
	Drill drill.Drill // the migration; the zero value is none

	TotalBytes  int64   // size of the whole migration in bytes; 0 is 50 GiB
	CopiedShare float64 // of them, what this process copies, 0–1; 0 is all of them
	ID          string  // mongosyncID; empty is "shard01"
	Coordinator string  // coordinatorID; empty is ID, as in a process that runs alone

	// Body, if set, replaces every answer by a status and a body.
	Body func() (int, string)

	mu       sync.Mutex
	requests int
}

var _ http.Handler = (*Server)(nil)

// Play begins another drill.
func (s *Server) Play(d drill.Drill) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Drill = d
}

// Answer replaces every answer from now on; nil ends that.
func (s *Server) Answer(body func() (int, string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Body = body
}

// Requests returns how often the progress was asked for.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// ServeHTTP answers GET /api/v1/progress. An outage in the drill closes the
// connection without an answer, as a mongosync that crashed or resumes does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/api/v1/progress" {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	// On a kept connection Go's client would repeat a GET that got no answer, and
	// so hide every outage.
	w.Header().Set("Connection", "close")
	status, body := s.next()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	fmt.Fprint(w, body)
}

// next returns the next answer.
func (s *Server) next() (status int, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.Drill.At(s.requests)
	s.requests++
	if s.Body != nil {
		return s.Body()
	}
	if m.Outage {
		panic(http.ErrAbortHandler)
	}
	status, answer := s.answer(m)
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err) // the answer is made of numbers, words and maps
	}
	return status, string(text)
}
