package collectortest

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector"
	"progress_exporter/collector/progress"
)

// The bounds of the exposition, as the design has them. They are written down once
// more, so that it takes two edits to loosen one.
const (
	mostSeries     = 500 // of a family and target
	mostOtherCodes = 33  // error codes beside the documented ones, and the one for the rest
	mostJobs       = 401 // of a list: those in it, as many that left it, and the list
	longestLabel   = 128 // bytes
)

// Fuzz feeds a product's answers: HTTP status and body, beginning with those of
// testdata. Each goes the whole way to the text of /probe, twice, on one exporter
// that lives as long as the fuzzing does and so has a past. Whatever comes:
//
//   - the exposition is valid, and no series is in it twice;
//   - a target that is up has exactly one state, one that is down has none;
//   - ratios are absent or lie in [0, 1];
//   - series, error codes and label values stay within their bounds;
//   - a failed read is never a fault of ours;
//   - the same answer once more changes nothing but the number of reads.
func Fuzz(f *testing.F, p Product) {
	seed(f)
	var answer atomic.Pointer[http.HandlerFunc]
	probe := prober(f, p, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(*answer.Load())(w, r)
	}))
	api := p.API()
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 200 || status > 599 { // not what a server may send as the last answer
			status = http.StatusOK
		}
		send := send(status, string(body), "Content-Type", "application/json")
		answer.Store(&send)
		first := probe(t)
		unique(t, first)
		families := Families(t, first)
		check(t, families, string(body))
		for _, family := range families {
			bounded(t, family, api)
		}
		if diff := cmp.Diff(uncounted(first), uncounted(probe(t))); diff != "" {
			t.Errorf("the same answer once more (-first +second):\n%s", diff)
		}
	})
}

// seed adds the answers of testdata/<case>/.
func seed(f *testing.F) {
	f.Helper()
	responses, err := filepath.Glob("testdata/*/response.json")
	if err != nil || len(responses) == 0 {
		f.Fatalf("no testdata/<case>/response.json: %v", err)
	}
	for _, response := range responses {
		body, err := os.ReadFile(response)
		if err != nil {
			f.Fatal(err)
		}
		status := http.StatusOK
		if s, err := os.ReadFile(filepath.Join(filepath.Dir(response), "status")); err == nil {
			if status, err = strconv.Atoi(strings.TrimSpace(string(s))); err != nil {
				f.Fatal(err)
			}
		}
		f.Add(status, body)
	}
}

// prober starts an exporter with one target, which a handler plays, and returns
// what asks it for the text of /probe.
func prober(f *testing.F, p Product, handler http.Handler) func(*testing.T) string {
	f.Helper()
	upstream := httptest.NewServer(handler)
	config := fmt.Sprintf("targets: [{name: job, api: %s, url: '%s%s', timeout: %s, options: %s}]",
		p.API().Name, upstream.URL, p.Path, patience, p.at(upstream.URL))
	f.Cleanup(upstream.Close)
	exporter := Exporter(f, p.API(), config, collector.Options{
		Concurrency: 1, Logger: log.NewLogfmtLogger(io.Discard), Now: func() time.Time { return now },
	})
	return func(t *testing.T) string {
		t.Helper()
		w := httptest.NewRecorder()
		exporter.Probe().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/probe?target=job", nil))
		if w.Code != http.StatusOK {
			t.Fatalf("/probe answers %d, want 200:\n%s", w.Code, w.Body)
		}
		return w.Body.String()
	}
}

// unique fails the test for a series that is there twice, which no parser minds
// and Prometheus does.
func unique(t *testing.T, text string) {
	t.Helper()
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		series := line[:strings.LastIndexByte(line, ' ')]
		if seen[series] {
			t.Errorf("twice: %s", series)
		}
		seen[series] = true
	}
}

// bounded fails the test for too many series, and for long label values.
func bounded(t *testing.T, family *dto.MetricFamily, api progress.API) {
	t.Helper()
	most := mostSeries
	switch family.GetName() {
	case "progress_job_errors_total":
		most = len(api.ErrorCodes) + mostOtherCodes
	case "progress_node_errors_total":
		most = len(api.NodeErrorCodes) + mostOtherCodes
	}
	number := map[string]int{}
	for _, m := range family.GetMetric() {
		number[jobID(m)]++
	}
	for id, n := range number {
		if n > most {
			t.Errorf("%d series of %s, want at most %d, of job %q", n, family.GetName(), most, id)
		}
	}
	if len(number) > mostJobs {
		t.Errorf("%s has series of %d jobs, want at most %d", family.GetName(), len(number), mostJobs)
	}
	for _, m := range family.GetMetric() {
		for _, l := range m.GetLabel() {
			if len(l.GetValue()) > longestLabel {
				t.Errorf("a label of %s has %d bytes: %s=%q", family.GetName(), len(l.GetValue()), l.GetName(), l.GetValue())
			}
		}
	}
}

// uncounted returns an exposition without the numbers of reads.
func uncounted(text string) string {
	var out strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "progress_scrapes_total{") && !strings.HasPrefix(line, "progress_scrape_errors_total{") {
			out.WriteString(line)
		}
	}
	return out.String()
}
