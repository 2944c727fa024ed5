package soak

import (
	"context"
	"io"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
)

// length is how long the soak is.
type length struct {
	scrapes int
	samples int
	change  time.Duration // between two changes of the configuration, which reload and replace target files in turn
}

// chosen returns the length that the environment asks for.
func chosen() length {
	if os.Getenv("SOAK") != "" {
		return length{scrapes: 10_000, samples: 200, change: 500 * time.Millisecond}
	}
	return length{scrapes: 100, samples: 10, change: 50 * time.Millisecond}
}

// Two scrapers make scrapes over and over, while a third of the targets fails in
// changing ways, the configuration is reloaded and target files come and go. Every
// scrape is answered, no counter steps back, every error that the products reported
// is counted once, and nothing leaks.
func TestSoak(t *testing.T) {
	long := chosen()
	s := newSite(t)
	products := apis.All(time.Now)
	exporter := collector.New(products, collector.Options{
		Concurrency: 64, TargetsOnMetrics: true, Logger: log.NewLogfmtLogger(io.Discard),
	})
	defer exporter.Close()
	reloader := collector.NewReloader(exporter, s.file(), products)
	if err := reloader.Reload(); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(exporter.Metrics())
	defer server.Close()

	ctx, stop := context.WithCancel(t.Context())
	var background sync.WaitGroup
	background.Go(func() { reloader.Watch(ctx) })
	changes := 0
	background.Go(func() { changes = s.change(ctx, reloader, long.change) })

	samples := s.scrape(server.URL, long)
	stop()
	background.Wait()
	for n := range changes { // those that are left
		_ = os.Remove(s.dir + "/" + guestFile(n))
	}
	if err := reloader.Reload(); err != nil {
		t.Fatal(err)
	}
	final, err := (&scraper{url: server.URL, format: formats[0]}).scrape()
	if err != nil {
		t.Fatal(err)
	}
	s.compare(final)
	t.Logf("%d scrapes, %d changes of the configuration%s", long.scrapes, changes, table(samples))
	if os.Getenv("SOAK") != "" {
		flat(t, samples)
	}
}

// scrape makes the scrapes, two at a time, and takes samples.
func (s *site) scrape(url string, long length) []sample {
	var (
		done     atomic.Int64
		quiet    sync.RWMutex // held for writing while a sample is taken
		samples  = make([]sample, 0, long.samples)
		scrapers sync.WaitGroup
	)
	every := long.scrapes / long.samples
	for _, format := range formats {
		scrapers.Go(func() {
			prometheus := &scraper{url: url, format: format}
			defer prometheus.client.CloseIdleConnections()
			for n := int(done.Add(1)); n <= long.scrapes; n = int(done.Add(1)) {
				quiet.RLock()
				families, err := prometheus.scrape()
				quiet.RUnlock()
				if err != nil {
					s.Errorf("scrape %d: %v", n, err)
					return
				}
				up := len(families["progress_up"].GetMetric())
				if up < s.permanent() {
					s.Errorf("scrape %d: %d targets, want at least %d", n, up, s.permanent())
					return
				}
				if n%every == 0 {
					quiet.Lock()
					samples = append(samples, take(n))
					quiet.Unlock()
				}
			}
		})
	}
	scrapers.Wait()
	return samples
}

// change changes the configuration until ctx ends: the main file, which it then
// reloads, and the target files, which have to be seen, in turn. It returns how
// often.
func (s *site) change(ctx context.Context, reloader *collector.Reloader, every time.Duration) int {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for n := 0; ; n++ {
		s.writeGuest(n)
		if n >= guests-1 {
			s.spoilGuest(n - guests + 1)
		}
		if n >= guests {
			s.removeGuest(n - guests)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return n + 1
		}
		s.writeMain(n + 1)
		if err := reloader.Reload(); err != nil {
			s.Error(err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return n + 1
		}
	}
}

// compare holds what the exporter counted against what the products know.
func (s *site) compare(final map[string]*dto.MetricFamily) {
	for _, j := range s.steady {
		want, name := j.tally(), j.name
		got := tally{
			asked:  values(final["progress_scrapes_total"], name, "")[""],
			failed: values(final["progress_scrape_errors_total"], name, "")[""],
			job:    nonzero(values(final["progress_job_errors_total"], name, "error_code")),
			nodes:  nonzero(values(final["progress_node_errors_total"], name, "error_code")),
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(tally{})); diff != "" {
			s.Errorf("%s (-what the product answered +what was counted):\n%s", name, diff)
		}
	}
	for _, name := range []string{"progress_exporter_targets", "progress_exporter_jobs"} {
		if got := final[name].GetMetric()[0].GetGauge().GetValue(); int(got) != s.permanent() {
			s.Errorf("%s is %v after the last guest has gone, want %d", name, got, s.permanent())
		}
	}
	if n := len(final["progress_up"].GetMetric()); n != s.permanent() {
		s.Errorf("%d series of progress_up, want %d", n, s.permanent())
	}
}

// nonzero returns the counts that are more than 0.
func nonzero(counts map[string]int) map[string]int {
	for code, n := range counts {
		if n == 0 {
			delete(counts, code)
		}
	}
	return counts
}
