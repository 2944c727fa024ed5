package web

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
	"progress_exporter/collector/series"
)

// stage is handlers with what an exporter gives them.
type stage struct {
	*Handlers
	targets *plan.Plan // in use
	ledger  *ledger.Ledger
	refused map[string]int
}

// watcher counts what was refused, in a registry without metrics.
type watcher struct {
	*prometheus.Registry
	mu      sync.Mutex
	refused map[string]int
}

func (w *watcher) Refused(handler string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused[handler]++
}

func (*watcher) Read(string, *ledger.Result) {}
func (*watcher) Late(string, string)         {}

func newStage(t testing.TB, apis []progress.API, p *plan.Plan, opts Options) *stage {
	s := &stage{targets: p, ledger: ledger.New(time.Now), refused: map[string]int{}}
	w := &watcher{Registry: prometheus.NewRegistry(), refused: s.refused}
	opts.Logger, opts.Now = log.NewNopLogger(), time.Now
	reader := scrape.New(scrape.Options{Concurrency: 8, Logger: opts.Logger, Now: opts.Now}, s.ledger, w)
	v := series.NewVocabulary(apis)
	s.Handlers = New(opts, func() *plan.Plan { return s.targets }, reader, func() *series.Vocabulary { return v }, w)
	return s
}

// serveJobs returns the handlers of two targets of enginetest.JobAPI that handler answers.
func serveJobs(t testing.TB, extra string, handler http.HandlerFunc) *stage {
	t.Helper()
	products := []progress.API{enginetest.JobAPI()}
	loaded, err := plan.Load(enginetest.ServeJobs(t, extra, handler), products)
	if err != nil {
		t.Fatal(err)
	}
	s := newStage(t, products, loaded, Options{TargetsOnMetrics: true})
	t.Cleanup(func() { s.reader.Close(); loaded.Close(&plan.Plan{}) })
	return s
}

// withPage runs a test with handlers of these targets inside a bubble of fake time, which
// begins at 2000-01-01T00:00:00Z.
func withPage(t *testing.T, list []*plan.Target, test func(t *testing.T, s *stage)) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t, []progress.API{enginetest.API}, enginetest.Plan(list...), Options{})
		test(t, s)
		s.reader.Close()
	})
}

// readAll reads every target n times, a minute apart, and lets another minute pass.
func readAll(t *testing.T, s *stage, n int) {
	t.Helper()
	for range n {
		s.reader.Scrape(t.Context(), s.targets.Targets)
		time.Sleep(time.Minute)
	}
}
