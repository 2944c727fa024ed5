package faults

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-kit/log"
	"gopkg.in/yaml.v3"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/plan"
)

const (
	// deadline is the scrape timeout that the exporter is told. It keeps half of it
	// to answer in, which is more than it takes by itself: the machine may be busy.
	// No fault takes so long, for a read that is meant to hang is given up after
	// hanging.
	deadline = time.Minute
	hanging  = 200 * time.Millisecond
	// patience is the timeout of every other target: more than the deadline, so that
	// none ends in time by itself.
	patience = 2 * time.Minute
	// lintable is the size in bytes of an exposition that promlint can compare series
	// by series in no time; a larger one has the same families.
	lintable = 64 << 10
)

// stage is an exporter with two targets of one product: one at fault, one in
// health.
type stage struct {
	product  product
	exporter *collector.Exporter
	log      collectortest.Log
	site     site
}

// newStage starts the product, the fault and the exporter.
func newStage(t *testing.T, p product, f fault, timeout time.Duration) *stage {
	t.Helper()
	good := p.good()
	health := serve(t, good)
	s := &stage{product: p, site: f.start(t, p, good)}
	return s.load(t, []any{
		p.entryOf("faulty", s.site, health.url, timeout),
		p.entryOf("healthy", site{url: health.url, ca: s.site.ca}, health.url, patience),
	})
}

// entryOf returns a target as it stands in the file.
func (p product) entryOf(name string, at site, good string, timeout time.Duration) any {
	url, opts := p.target(at.url, good)
	client := options{"authorization": options{"credentials": bearer}}
	if at.key != "" {
		client["authorization"] = options{"credentials_file": at.key}
	}
	if at.ca != "" {
		client["tls_config"] = options{"ca": at.ca}
	}
	entry := options{"name": name, "api": p.api, "url": url, "timeout": timeout.String(), "http_client_config": client}
	if opts != nil {
		entry["options"] = opts
	}
	return entry
}

// load makes the exporter with these targets.
func (s *stage) load(t *testing.T, targets []any) *stage {
	t.Helper()
	config, err := yaml.Marshal(options{"targets": targets})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	all := apis.All(time.Now)
	plan, err := plan.Load(file, all)
	if err != nil {
		t.Fatal(err)
	}
	s.exporter = collector.New(all, collector.Options{
		Concurrency: 64, TimeoutOffset: deadline, TargetsOnMetrics: true, Logger: log.NewLogfmtLogger(&s.log),
	})
	s.exporter.Use(plan)
	t.Cleanup(s.exporter.Close)
	return s
}

// request is a question of a Prometheus that waits so long for its answer.
func request(ctx context.Context, path string, timeout time.Duration) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	r.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", fmt.Sprint(timeout.Seconds()))
	return r
}

// ask returns the answer to a question.
func ask(t *testing.T, h http.Handler, r *http.Request) string {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s answers %d:\n%s", r.URL, w.Code, w.Body)
	}
	return w.Body.String()
}

// scrape returns what Prometheus gets that waits for so long, as it stands and
// parsed.
func (s *stage) scrape(t *testing.T, timeout time.Duration) (string, series) {
	t.Helper()
	began := time.Now()
	text := ask(t, s.exporter.Metrics(), request(t.Context(), "/metrics", timeout))
	if took := time.Since(began); took > timeout {
		t.Errorf("the scrape took %s, which is more than Prometheus waits (%s)", took, timeout)
	}
	return text, s.parse(t, text)
}

// parse returns the series of an exposition, which has to be valid in every way.
func (s *stage) parse(t *testing.T, text string) series {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Error("the exposition is not UTF-8")
	}
	unique(t, text)
	s.hides(t, "the exposition", text, marker)
	return collectortest.Families(t, text)
}

// hides fails the test for every secret in a text, and for what else is not to be
// there.
func (s *stage) hides(t *testing.T, where, text string, more ...string) {
	t.Helper()
	for _, secret := range slices.Concat(s.product.secrets, more) {
		if strings.Contains(text, secret) {
			t.Errorf("%s shows %q:\n%s", where, secret, text)
		}
	}
}
