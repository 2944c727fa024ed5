//go:build unix

package ledger_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
	"progress_exporter/collector/series"
	"progress_exporter/collector/web"
)

// BenchmarkMemory scrapes 1 000 targets whose jobs have all moved each time, without a
// memory file and with one, on a clock that says 15 s from scrape to scrape. cpu-ms/op is
// what the process takes of all cores, and save-ms/op is that of writing the file.
func BenchmarkMemory(b *testing.B) {
	upstream := enginetest.StartUpstream(b)
	b.Run("memory=none", func(b *testing.B) { benchMemory(b, upstream, "") })
	b.Run("memory=file", func(b *testing.B) { benchMemory(b, upstream, filepath.Join(b.TempDir(), "memory.json")) })
}

func benchMemory(b *testing.B, upstream, path string) {
	clock := time.Now()
	now := func() time.Time { return clock }
	l := ledger.New(now)
	reads := scrape.Options{Concurrency: 64, Logger: log.NewNopLogger(), Now: now}
	var saver *ledger.Saver
	if path != "" {
		saver = ledger.NewSaver(path, l, silent{}, log.NewNopLogger(), now)
		saver.StopClock() // what it does by the clock is done below
		reads.Settle = saver.Settle
	}
	reader := scrape.New(reads, l, silent{})
	defer reader.Close()
	targets := enginetest.BenchPlan(b, 1000, upstream)
	ratio := 0.0
	for _, t := range targets.Targets {
		t.Source = moving{t.Source, &ratio}
	}
	vocabulary := series.NewVocabulary([]progress.API{enginetest.BenchAPI})
	handler := web.New(web.Options{TargetsOnMetrics: true, Logger: log.NewNopLogger(), Now: now}, func() *plan.Plan { return targets },
		reader, func() *series.Vocabulary { return vocabulary }, silent{Registry: prometheus.NewRegistry()}).Metrics()
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	var saving time.Duration
	scrape := func() {
		clock, ratio = clock.Add(15*time.Second), ratio+1e-6
		handler.ServeHTTP(discard{http.Header{}}, r)
		if path != "" {
			before := cpuTime(b)
			saver.SaveNow()
			saving += cpuTime(b) - before
		}
	}
	for range 40 { // connects, and fills the paces
		scrape()
	}
	before := cpuTime(b)
	saving = 0
	for b.Loop() {
		scrape()
	}
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/1e3/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(saving.Microseconds())/1e3/float64(b.N), "save-ms/op")
}

// moving makes a job move at each read.
type moving struct {
	progress.Source
	ratio *float64
}

func (m moving) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	report, err := m.Source.Progress(ctx, fetch)
	report.Ratio = progress.Ptr(*m.ratio)
	return report, err
}

// cpuTime returns the CPU time of this process.
func cpuTime(b *testing.B) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// silent is told everything and says nothing.
type silent struct{ *prometheus.Registry }

func (silent) Restored(int)                {}
func (silent) Written(time.Time)           {}
func (silent) Succeeds(bool)               {}
func (silent) Failed(string)               {}
func (silent) Read(string, *ledger.Result) {}
func (silent) Late(string, string)         {}
func (silent) Refused(string)              {}

// discard is a ResponseWriter that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}
