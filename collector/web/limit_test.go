package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"progress_exporter/collector/enginetest"
)

// withLimit returns an exporter of two targets that answers so many requests at a time.
func withLimit(t *testing.T, most int) *stage {
	e := serveJobs(t, "", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	e.opts.MaxRequests = most
	e.askers = newAskers(most)
	return e
}

// answered is the status, and the text of a refusal.
func answered(h http.Handler, path string) string {
	status, text := enginetest.Ask(h, path)
	if status == http.StatusOK {
		return "200"
	}
	return fmt.Sprint(status, " ", strings.TrimSpace(text))
}

// Too many requests of one kind are refused; those for another target and of another
// kind are answered.
func TestRequestsAreBounded(t *testing.T) {
	const (
		ofTarget = "503 1 requests wait for this target already, which is the limit (--web.max-requests); try again later."
		ofJobs   = "503 64 jobs of this target are being read, which is the limit; try again later."
	)
	e := withLimit(t, 1)
	a := e.targets.ByName["a"]
	probe := e.Probe()
	enter := func(job string) (leave func()) {
		of := *a
		of.Job = job
		leaveRead, err := e.reader.Enter(&of)
		if err != nil {
			t.Fatalf("job %q: %v", job, err)
		}
		askers, done := e.askers.of(&of)
		_, in, err := askers.enter(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/probe", nil), time.Minute)
		if err != nil {
			t.Fatalf("job %q: %v", job, err)
		}
		return func() { askers.leave(in); done(); leaveRead() }
	}
	check := func(path, want string) {
		t.Helper()
		if got := answered(probe, path); got != want {
			t.Errorf("%s: %s\nwant %s", path, got, want)
		}
	}
	leave := enter("")
	check("/probe?target=a", ofTarget)
	check("/probe?target=a&debug=true", ofTarget)
	check("/probe?target=a&job=17", "200")
	check("/probe?target=b", "200")
	check("/probe?target=b&debug=true", "200")
	leave()
	check("/probe?target=a", "200")
	for i := range 64 {
		leave = enter(fmt.Sprint("job", i))
	}
	check("/probe?target=a&job=17", ofJobs)
	check("/probe?target=a&job=job63", ofTarget)
	check("/probe?target=a", "200")
	check("/probe?target=b&job=17", "200")
	leave()
	check("/probe?target=a&job=17", "200")
	if got := answered(e.Metrics(), "/metrics"); got != "200" {
		t.Errorf("/metrics: %s", got)
	}
	for handler, want := range map[string]int{handlerProbe: 3, handlerDebug: 1, handlerMetrics: 0} {
		if n := e.refused[handler]; n != want {
			t.Errorf("%v refused requests of %s are counted, want %v", n, handler, want)
		}
	}
}

// A gate lets in so many at a time, and what it refuses is counted for its handler.
func TestGates(t *testing.T) {
	const refusal = "503 1 requests of this kind are being answered, which is the limit (--web.max-requests); try again later."
	inside := make(chan struct{})
	proceed := make(chan struct{})
	e := serveJobs(t, "", func(w http.ResponseWriter, _ *http.Request) {
		inside <- struct{}{}
		<-proceed
		_, _ = w.Write([]byte("{}"))
	})
	e.opts.MaxRequests = 1
	for handler, tc := range map[string]struct {
		handler     http.Handler
		path, other string
		reads       int
	}{
		handlerMetrics: {e.Metrics(), "/metrics", "/metrics", 2},
		handlerDebug:   {e.Probe(), "/probe?target=a&debug=true", "/probe?target=b&debug=true", 1},
	} {
		first := make(chan string)
		go func() { first <- answered(tc.handler, tc.path) }()
		for range tc.reads {
			<-inside
		}
		if got := answered(tc.handler, tc.other); got != refusal {
			t.Errorf("%s: %s", handler, got)
		}
		for range tc.reads {
			proceed <- struct{}{}
		}
		if got := <-first; got != "200" {
			t.Errorf("%s: the first is answered %s", handler, got)
		}
		if n := e.refused[handler]; n != 1 {
			t.Errorf("%s: %v refused requests are counted, want 1", handler, n)
		}
	}
}

// An exporter whose options set no bound refuses nobody.
func TestNoBound(t *testing.T) {
	e := withLimit(t, 0)
	a := e.targets.ByName["a"]
	for range 1000 {
		askers, _ := e.askers.of(a)
		if _, _, err := askers.enter(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/probe", nil), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if got := answered(e.Metrics(), "/metrics"); got != "200" {
		t.Errorf("/metrics: %s", got)
	}
}

// blocked is a client that takes nothing until it is told to.
type blocked struct {
	*httptest.ResponseRecorder
	asked, proceed chan struct{}
	once           sync.Once
}

func (b *blocked) Write(text []byte) (int, error) {
	b.once.Do(func() { close(b.asked); <-b.proceed })
	return b.ResponseRecorder.Write(text)
}

// The page makes as much as a scrape, for whoever asks.
func TestPagesAreBounded(t *testing.T) {
	e := serveJobs(t, "", nil)
	e.opts.MaxRequests = 1
	page := e.Page()
	w := &blocked{ResponseRecorder: httptest.NewRecorder(), asked: make(chan struct{}), proceed: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		page.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/targets", nil))
	}()
	<-w.asked
	if got, want := answered(page, "/targets"), "503 1 requests of this kind are being answered, which is the limit (--web.max-requests); try again later."; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	close(w.proceed)
	<-done
	if got := answered(page, "/targets"); got != "200" {
		t.Errorf("afterwards: %s", got)
	}
}
