// Package collectortest is what every product's test runs: Golden compares the
// exposition of recorded answers with text files, Conform drives a product through
// the faults that every product has to survive. Both go the whole way: a real
// socket, the strict configuration, the engine, and the text that Prometheus gets.
package collectortest

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus/testutil/promlint"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"

	"progress_exporter/collector"
	"progress_exporter/collector/progress"
)

// Product is what the kit has to know about a product.
type Product struct {
	// API makes the product, anew for each exporter.
	API func() progress.API
	// Path is the path of a target's url, such as /web; empty for most.
	Path string
	// Options are a target's options, as YAML in flow style; empty for none. In them $URL
	// stands for the address of the product, and $PORT for its port.
	Options string
	// Alone says that the target is a list of one job, which is called $PORT, and that what
	// is wrong is wrong with that job.
	Alone bool
}

// at returns the options of a target for a product at an address.
func (p Product) at(address string) string {
	port := address[strings.LastIndexByte(address, ':')+1:]
	return strings.NewReplacer("$URL", address, "$PORT", port).Replace(p.Options)
}

// about returns the labels, behind which target stands, of what is said of the target or of
// its one job.
func (b *bench) about(p Product) string {
	if !p.Alone {
		return ""
	}
	return fmt.Sprintf("job_id=%q,", b.url[strings.LastIndexByte(b.url, ':')+1:])
}

// bench is an exporter with one target, which a handler plays.
type bench struct {
	url      string // of the product
	exporter *collector.Exporter
	log      *Log
}

// kitKey is a secret that every request of the kit carries.
const kitKey = "hunter2-of-the-kit"

// patience is the timeout of a target whose product answers, however busy the
// machine is.
const patience = 30 * time.Second

// now is the time on every clock of the kit, so that golden files can hold dates.
var now = time.Date(2026, 5, 12, 10, 30, 0, 0, time.UTC)

// newBench starts a product, played by handler, and an exporter that reads it with
// the given timeout.
func newBench(t *testing.T, p Product, timeout time.Duration, handler http.Handler) *bench {
	t.Helper()
	return newBenchWith(t, p, timeout, "{http_headers: {X-Kit-Key: {secrets: ["+kitKey+"]}}}", handler)
}

// newBenchWith is newBench with another http_client_config.
func newBenchWith(t *testing.T, p Product, timeout time.Duration, client string, handler http.Handler) *bench {
	t.Helper()
	upstream := httptest.NewServer(handler)
	config := fmt.Sprintf("targets:\n- name: %s\n  api: %s\n  url: %s%s\n  timeout: %s\n  http_client_config: %s\n",
		"job", p.API().Name, upstream.URL, p.Path, timeout, client)
	if p.Options != "" {
		config += "  options: " + p.at(upstream.URL) + "\n"
	}
	b := &bench{url: upstream.URL, log: &Log{}}
	t.Cleanup(func() {
		upstream.CloseClientConnections()
		upstream.Close()
	})
	b.exporter = Exporter(t, p.API(), config, collector.Options{
		Concurrency: 4, TargetsOnMetrics: true, Logger: log.NewLogfmtLogger(b.log),
		Now: func() time.Time { return now },
	})
	return b
}

// scrape returns the text of /metrics, after checking what has to hold for every
// answer: it is 200, it parses, and each family passes promlint.
func (b *bench) scrape(t *testing.T) string {
	t.Helper()
	w := httptest.NewRecorder()
	b.exporter.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("/metrics answers %d, want 200:\n%s", w.Code, w.Body)
	}
	return w.Body.String()
}

// Families parses an exposition; one that does not parse ends the test.
func Families(t *testing.T, text string) map[string]*dto.MetricFamily {
	t.Helper()
	parser := expfmt.NewTextParser(model.LegacyValidation)
	f, err := parser.TextToMetricFamilies(strings.NewReader(text))
	if err != nil {
		t.Fatalf("the exposition does not parse: %v\n%s", err, text)
	}
	return f
}

// Lint fails the test for whatever promlint says about an exposition.
func Lint(t *testing.T, text string) {
	t.Helper()
	problems, err := promlint.New(strings.NewReader(text)).Lint()
	if err != nil {
		t.Fatalf("promlint: %v", err)
	}
	if diff := cmp.Diff([]promlint.Problem(nil), problems); diff != "" {
		t.Errorf("promlint (-want +got):\n%s", diff)
	}
}

// ofTargets returns the part of an exposition that is about targets, and whatever
// the exporter counted about them that is not zero.
func ofTargets(text string) string {
	var out strings.Builder
	keep := false
	for line := range strings.Lines(text) {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(line, "# HELP "), "# TYPE "), " ")
		name, _, _ = strings.Cut(name, "{")
		switch {
		case strings.HasPrefix(name, "go_"), strings.HasPrefix(name, "process_"):
			keep = false
		case name == "progress_exporter_dropped_series_total", name == "progress_exporter_unreadable_fields_total", name == "progress_exporter_read_failures_total":
			keep = !strings.HasPrefix(line, "#") && !strings.HasSuffix(line, " 0\n")
		default:
			keep = !strings.HasPrefix(name, "progress_exporter_")
		}
		if keep {
			out.WriteString(line)
		}
	}
	return out.String()
}

// Log keeps what is logged, by whichever goroutine. The zero value is empty.
type Log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write adds to the log.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String returns what was logged so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
