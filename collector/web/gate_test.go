package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// in lets a client from there in, and reports whether that was possible.
func in(g *gate, from string) (*http.Request, *guest, bool) {
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.RemoteAddr = from
	r, guest, err := g.enter(httptest.NewRecorder(), r, time.Minute)
	return r, guest, err == nil
}

// Whoever has the most places loses one to a client from elsewhere, as long as that
// makes the shares more alike.
func TestGateIsShared(t *testing.T) {
	g := &gate{most: 4, full: "%d"}
	var ousted []string
	names := map[*guest]string{}
	enter := func(name, from string) bool {
		before := append([]*guest(nil), g.guests...)
		_, guest, ok := in(g, from)
		for _, old := range before {
			if old.ousted.Load() {
				ousted = append(ousted, names[old])
			}
		}
		if ok {
			names[guest] = name
		}
		return ok
	}
	for i, tc := range []struct {
		name, from string
		in         bool
		ousts      string
	}{
		{"a1", "192.0.2.1:1", true, ""},
		{"a2", "192.0.2.1:2", true, ""},
		{"a3", "[::ffff:192.0.2.1]:3", true, ""},
		{"a4", "192.0.2.1:4", true, ""},
		{"a5", "192.0.2.1:5", false, ""},
		{"b1", "[2001:db8::1]:1", true, "a1"},
		{"b2", "[2001:db8::ffff:2]:1", true, "a2"}, // of the same network
		{"b3", "[2001:db8::3]:1", false, ""},
		{"a5", "192.0.2.1:5", false, ""},
		{"c1", "[2001:db8:0:1::1]:1", true, "a3"},
		{"d1", "@", true, "b1"},
		{"e1", "192.0.2.5:1", false, ""},
	} {
		ousted = nil
		if ok := enter(tc.name, tc.from); ok != tc.in || strings.Join(ousted, " ") != tc.ousts {
			t.Errorf("%d: %s from %s is let in: %v, ousts %q; want %v, %q", i, tc.name, tc.from, ok, ousted, tc.in, tc.ousts)
		}
	}
	for _, left := range append([]*guest(nil), g.guests...) {
		if g.leave(left) {
			t.Errorf("%s was ousted", names[left])
		}
	}
	if len(g.guests) != 0 {
		t.Errorf("%d guests are left", len(g.guests))
	}
}

// A client that does not read loses its place to whoever has no more places than its
// host.
func TestGateForThoseWhoRead(t *testing.T) {
	g := &gate{most: 2, full: "%d"}
	_, first, _ := in(g, "192.0.2.1:1")
	r, second, _ := in(g, "192.0.2.2:1")
	if _, _, ok := in(g, "192.0.2.3:1"); ok {
		t.Error("somebody lost the place for no reason")
	}
	second.writing.Store(time.Now().Add(-2 * stuck).UnixMilli())
	if _, _, ok := in(g, "192.0.2.1:2"); !ok || !second.ousted.Load() || first.ousted.Load() || r.Context().Err() == nil {
		t.Errorf("let in: %v, ousted %v and %v, want the second", ok, first.ousted.Load(), second.ousted.Load())
	}
	if !g.leave(second) {
		t.Error("the second does not know that it lost its place")
	}
	first.writing.Store(time.Now().Add(-2 * stuck).UnixMilli())
	g.most = 3
	if _, _, ok := in(g, "192.0.2.4:1"); !ok || first.ousted.Load() {
		t.Error("a place was free")
	}
	g.leave(first)
}

// entering tells when a request has entered its gates: only then it gets a deadline.
type entering struct {
	http.ResponseWriter
	entered func()
}

func (e *entering) SetWriteDeadline(at time.Time) error {
	e.entered()
	return http.NewResponseController(e.ResponseWriter).SetWriteDeadline(at)
}

// Unwrap is for http.ResponseController.
func (e *entering) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// Clients that fill /metrics and do not read, or wait for a target that hangs, keep a
// scraper from elsewhere out in no way: it gets its answer, and the connection of one of
// theirs is closed.
func TestScraperAmongOthers(t *testing.T) {
	hanging := make(chan struct{})
	e := serveJobs(t, "", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-hanging:
		case <-r.Context().Done():
		}
		_, _ = w.Write([]byte("{}"))
	})
	e.opts.MaxRequests = 3
	e.askers = newAskers(3)
	gated := make(chan struct{}, 8)
	mux := http.NewServeMux()
	mux.Handle("/metrics", e.Metrics())
	mux.Handle("/probe", e.Probe())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-From") != "" {
			r.RemoteAddr = r.Header.Get("X-From")
		}
		mux.ServeHTTP(&entering{ResponseWriter: w, entered: sync.OnceFunc(func() { gated <- struct{}{} })}, r)
	}))
	defer server.Close()
	defer http.DefaultClient.CloseIdleConnections()
	for _, path := range []string{"/metrics", "/probe?target=a", "/probe?target=b&debug=true"} {
		var conns []net.Conn
		for range 3 {
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			_, _ = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: x\r\n\r\n")
			conns = append(conns, conn)
			<-gated
		}
		done := make(chan string)
		go func() {
			req, _ := http.NewRequest(http.MethodGet, server.URL+path, nil)
			req.Header.Set("X-From", "192.0.2.1:1")
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				done <- err.Error()
				return
			}
			_, err = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if err != nil {
				done <- err.Error()
				return
			}
			done <- resp.Status
		}()
		<-gated
		closed := make(chan error, len(conns))
		for _, conn := range conns {
			go func() {
				_, err := bufio.NewReader(conn).ReadByte()
				closed <- err
			}()
		}
		if err := <-closed; err == nil {
			t.Errorf("%s: an answer, want a closed connection", path)
		}
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				select {
				case hanging <- struct{}{}:
				case <-stop:
					return
				}
			}
		}()
		if got := <-done; got != "200 OK" {
			t.Errorf("%s: %s, want 200 OK", path, got)
		}
		for range len(conns) - 1 {
			if err := <-closed; err != nil {
				t.Errorf("%s: %v for one that kept its place", path, err)
			}
		}
		close(stop)
		<-stopped // or it would let the reads of the next path go
	}
	if n := e.refused[handlerMetrics] + e.refused[handlerProbe] + e.refused[handlerDebug]; n != 3 {
		t.Errorf("%v lost places are counted, want 3", n)
	}
}
