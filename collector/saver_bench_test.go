//go:build unix

package collector

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// BenchmarkMemory scrapes 1 000 targets whose jobs have all moved each time, without a
// memory file and with one, on a clock that says 15 s from scrape to scrape. cpu-ms/op is
// what the process takes of all cores, and save-ms/op is that of writing the file.
func BenchmarkMemory(b *testing.B) {
	upstream := startUpstream(b)
	b.Run("memory=none", func(b *testing.B) { benchMemory(b, upstream, "") })
	b.Run("memory=file", func(b *testing.B) { benchMemory(b, upstream, filepath.Join(b.TempDir(), "memory.json")) })
}

func benchMemory(b *testing.B, upstream, path string) {
	e := benchExporter(b, 1000, upstream, path)
	clock := time.Now()
	if path != "" {
		e.saver.stop() // what it does by the clock is done below
		<-e.saver.done
		e.saver.now = func() time.Time { return clock }
	}
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	list, ratio := e.plan.Load().targets, 0.0
	for _, t := range list {
		t.source = moving{t.source, &ratio}
	}
	var saving time.Duration
	scrape := func() {
		clock, ratio = clock.Add(15*time.Second), ratio+1e-6
		e.serve(discard{http.Header{}}, r, list)
		if path != "" {
			before := cpuTime(b)
			e.saver.save(false)
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
