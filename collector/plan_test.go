package collector

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector/progress"
)

// A reload keeps the connections of targets that stay as they are, and closes those
// of the others, which nobody will use again.
func TestConnectionsOverAReload(t *testing.T) {
	var mu sync.Mutex
	last := map[string]string{} // the connection of each job's last request
	closed := make(chan string, 100)
	upstream := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		last[r.URL.Path] = r.RemoteAddr
		_, _ = w.Write([]byte("{}"))
	}))
	upstream.Config.ConnState = func(c net.Conn, s http.ConnState) {
		if s == http.StateClosed {
			closed <- c.RemoteAddr().String()
		}
	}
	upstream.Start()
	defer upstream.Close()
	file := filepath.Join(t.TempDir(), "targets.yml")
	products := []progress.API{jobAPI()}
	e := New(products, Options{Concurrency: 8, TargetsOnMetrics: true, Logger: log.NewNopLogger()})
	defer e.Close()
	r := NewReloader(e, file, products)
	scrape := func(list string) (connections map[string]string) {
		t.Helper()
		text := "defaults: {api: jobs, url: '" + upstream.URL + "'}\ntargets: [" + list + "]\n"
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := r.Reload(); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		last = map[string]string{}
		mu.Unlock()
		if status, text := ask(e.Metrics(), "/metrics"); status != http.StatusOK || strings.Contains(text, "\nprogress_scrape_failure{") {
			t.Fatalf("HTTP %d:\n%s", status, text)
		}
		return last
	}
	before := scrape("{name: stays, options: {id: '1'}}, {name: changes, options: {id: '2'}}, {name: goes, options: {id: '3'}}")
	after := scrape("{name: stays, options: {id: '1'}}, {name: changes, timeout: 3s, options: {id: '2'}}")
	if before["/job/1"] != after["/job/1"] || before["/job/2"] == after["/job/2"] {
		t.Errorf("connections %v, then %v; want the same one for job 1 and a new one for job 2", before, after)
	}
	want := map[string]bool{before["/job/2"]: true, before["/job/3"]: true}
	deadline := time.After(20 * time.Second)
	for range 2 {
		select {
		case c := <-closed:
			if !want[c] {
				t.Errorf("connection %s was closed, want those of jobs 2 and 3 in %v", c, before)
			}
			delete(want, c)
		case <-deadline:
			t.Fatalf("connections %v are still open", want)
		}
	}
}

// Jobs of one target are read apart from each other and from the target itself.
func TestJobsAreReadApart(t *testing.T) {
	inBubble(t, 8, func(t *testing.T, r *reader) {
		a := testTarget("a", nil)
		var list []*target
		for _, job := range []string{"", "1", "2"} {
			p := *a
			p.job, p.source = job, sourceFunc(func(ctx context.Context) (progress.Report, error) {
				_, err := after(time.Second)(ctx)
				return progress.Report{Job: job, State: progress.Running}, err
			})
			list = append(list, &p)
		}
		for _, got := range within(t, r, 5*time.Second, list...) {
			if got.err != nil || got.report.Job != got.target.job {
				t.Errorf("asked for job %q, told of %q: %v", got.target.job, got.report.Job, got.err)
			}
		}
	})
}

// What a product says about a job cannot take the label of the probe, and the probe
// leaves the target as it is.
func TestProbeReservesItsLabel(t *testing.T) {
	e := serveJobs(t, "", nil)
	a := e.plan.Load().byName["a"]
	for range 2 {
		p, err := a.probe("17")
		if err != nil {
			t.Fatal(err)
		}
		if !p.reserved["job_id"] || a.reserved["job_id"] || len(p.labels) != 4 || len(a.labels) != 3 {
			t.Errorf("reserved: %v for the probe, %v for the target", p.reserved, a.reserved)
		}
	}
}

func TestTargetHasItsSettings(t *testing.T) {
	e := serveJobs(t, ", timeout: 3s, stall_after: 7m, min_interval: 30s, deadline: 2026-06-01T00:00:00Z", nil)
	a := e.plan.Load().byName["a"]
	got := []any{a.timeout, a.stallAfter, a.minInterval, a.deadline.UTC()}
	want := []any{3 * time.Second, 7 * time.Minute, 30 * time.Second, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	if !slices.Equal(got, want) {
		t.Errorf("timeout, stall_after, min_interval, deadline: %v, want %v", got, want)
	}
}
