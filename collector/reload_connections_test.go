package collector

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector/enginetest"
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
	products := []progress.API{enginetest.JobAPI()}
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
		if status, text := enginetest.Ask(e.Metrics(), "/metrics"); status != http.StatusOK || strings.Contains(text, "\nprogress_scrape_failure{") {
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
