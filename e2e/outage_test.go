package e2e

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/e2e/stack"
)

const (
	outageHealthy = 200
	outageHangs   = 100
)

const outageConfig = `
global: {scrape_interval: %s, scrape_timeout: %s}
scrape_configs:
  - job_name: progress
    http_sd_configs: [{url: 'http://%s/sd'}]
`

// outageScrapes returns how often Prometheus scrapes, and for how long it waits: quickly,
// or, with E2E_LONG=1, as an operator would have it.
func outageScrapes() (interval, timeout time.Duration) {
	if os.Getenv("E2E_LONG") == "1" {
		return 15 * time.Second, 10 * time.Second
	}
	return 4 * time.Second, 3 * time.Second
}

// TestOutage has a third of the targets begin to hang at once, while two Prometheus
// probe each of them at an exporter with default flags. No scrape of the others is
// lost, and no request is refused. The generations take turns: on a machine that has
// more to do than it can, scrapes are lost for that.
func TestOutage(t *testing.T) {
	stack.Wanted(t)
	bin := stack.Build(t)
	interval, timeout := outageScrapes()
	for _, generation := range stack.Generations() {
		t.Run("prometheus="+cmp.Or(generation, "local"), func(t *testing.T) {
			tools := stack.Tools(t, generation)
			begin, targets := outageProducts(t)
			exporter := stack.StartExporter(t, bin, targets)
			config := stack.WriteFile(t, "prometheus.yml", fmt.Sprintf(outageConfig, interval, timeout, exporter))
			replicas := []*stack.Prometheus{stack.StartPrometheus(t, tools, config), stack.StartPrometheus(t, tools, config)}
			for _, p := range replicas {
				p.AwaitSeries(t, "progress_up == 1", outageHealthy+outageHangs)
			}
			begin()
			for _, p := range replicas {
				for scrapes := range 4 { // each has the whole patience of the test
					p.AwaitSeries(t, fmt.Sprintf("sum_over_time((1 - progress_up)[10m:1s]) > %g", float64(scrapes+1)*interval.Seconds()-1), outageHangs)
				}
				p.AwaitSeries(t, "min_over_time(progress_up[10m]) == 1 and on (instance) min_over_time(up[10m]) == 1", outageHealthy)
			}
			t.Logf("scraped each %v: none of %d targets was lost beside %d that hang, by either of two Prometheus", interval, outageHealthy, outageHangs)
			own := exposition(t, exporter)
			for _, want := range []string{
				`progress_exporter_refused_requests_total{handler="probe"} 0`,
				`progress_exporter_late_reads_total{api="mongosync",cause="not_begun"} 0`,
			} {
				if !strings.Contains(own, "\n"+want+"\n") {
					t.Errorf("/metrics does not have %s:\n%s", want, own)
				}
			}
		})
	}
}

// exposition returns what /metrics answers to somebody in a hurry.
func exposition(t *testing.T, exporter string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+exporter+"/metrics", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", "1")
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("/metrics: HTTP %s, %v", resp.Status, err)
	}
	return string(text)
}

// outageProducts returns the name of a targets file, and what makes a third of the
// targets hang.
func outageProducts(t *testing.T) (begin func(), file string) {
	product := &mongosynctest.Server{}
	product.Play(at(drill.Happy, 0.1))
	var out atomic.Bool
	healthy := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(50 * time.Millisecond)
		product.ServeHTTP(w, r)
	})
	hangs := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if out.Load() {
			<-r.Context().Done()
			return
		}
		healthy(w, r)
	})
	sound, sick := serve(t, healthy), serve(t, hangs)
	var targets strings.Builder
	targets.WriteString("targets:\n")
	for i := range outageHealthy + outageHangs {
		name, url := fmt.Sprint("healthy-", i), sound
		if i%3 == 0 {
			name, url = fmt.Sprint("hangs-", i), sick
		}
		fmt.Fprintf(&targets, "- {name: %s, api: mongosync, url: '%s'}\n", name, url)
	}
	return func() { out.Store(true) }, stack.WriteFile(t, "targets.yml", targets.String())
}
