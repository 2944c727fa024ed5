package recording

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"progress_exporter/collector/confidential"
	"progress_exporter/collector/progress"
)

// StandIn takes the place of a credential when a recording is played. It is a GUID,
// because some products accept nothing else; all others accept any text.
const StandIn = "00000000-0000-4000-8000-000000000000"

// Playback hands out what one target answered, by a clock that runs as it likes: always
// what the last read before brought. It is safe for concurrent use.
type Playback struct {
	reads []*Read
	now   func() time.Time

	mu    sync.Mutex
	last  *Read
	asked map[string]int // how often in the last read, by question
}

// Playback returns the answers of a target by the clock now.
func (l *Life) Playback(target string, now func() time.Time) *Playback {
	p := &Playback{now: now}
	for i := range l.Reads {
		if l.Reads[i].Target == target {
			p.reads = append(p.reads, &l.Reads[i])
		}
	}
	return p
}

// Present returns the last read that began before, or at, the clock's moment; nil before
// the first.
func (p *Playback) Present() *Read {
	at := p.now()
	n, _ := slices.BinarySearchFunc(p.reads, at, func(r *Read, at time.Time) int {
		if r.At.After(at) {
			return 1
		}
		return -1
	})
	if n == 0 {
		return nil
	}
	return p.reads[n-1]
}

// answer returns the answer to a question; nil if there was none. A question that was
// asked several times in a read, each time with another query, has its answers in turn.
func (p *Playback) answer(method, host, path string) (*Answer, *Read) {
	r := p.Present()
	if r == nil {
		return nil, nil
	}
	question := method + " " + strings.ReplaceAll(path, StandIn, confidential.Hidden)
	var answers []*Answer
	for i := range r.Answers {
		if a := &r.Answers[i]; a.Method+" "+a.Path == question && (a.Host == "" || host == "" || a.Host == host) {
			answers = append(answers, a)
		}
	}
	if len(answers) == 0 {
		return nil, r
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if r != p.last {
		p.last, p.asked = r, map[string]int{}
	}
	question += " " + host
	n := p.asked[question]
	p.asked[question]++
	return answers[n%len(answers)], r
}

// Fetch is a progress.Fetch.
func (p *Playback) Fetch(req *http.Request) (progress.Response, error) {
	a, r := p.answer(req.Method, req.URL.Host, req.URL.Path)
	switch {
	case a != nil && a.Failure != nil:
		return progress.Response{}, a.Failure.err()
	case a != nil:
		return progress.Response{Status: a.Status, Header: a.header(), Body: a.played(), Received: p.now(), Request: req}, nil
	case r != nil && r.Failure != nil:
		return progress.Response{}, r.Failure.err()
	case r == nil:
		return progress.Response{}, progress.Errorf(progress.Connect, "the recording had not begun").About(req)
	}
	return progress.Response{}, progress.Errorf(progress.Internal, "the recording has no answer to this; was it made by another version?").About(req)
}

func (a *Answer) header() http.Header {
	h := http.Header{}
	for name, value := range a.Header {
		h.Set(name, value)
	}
	return h
}

// played is the body with the stand-in, which the options have as well.
func (a *Answer) played() []byte {
	return bytes.ReplaceAll(bytes.Clone(a.Body()), []byte(confidential.Hidden), []byte(StandIn))
}

func (f *Failure) err() *progress.Error {
	return &progress.Error{Reason: progress.Reason(f.Reason), Code: f.Code, Message: f.Message}
}

// ServeHTTP answers as the product did, whichever of its hosts that was. If nothing came of
// a read, the connection is cut.
func (p *Playback) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	a, _ := p.answer(req.Method, "", req.URL.Path)
	if a == nil || a.Failure != nil {
		panic(http.ErrAbortHandler)
	}
	for name, values := range a.header() {
		w.Header()[name] = values
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.played())
}
