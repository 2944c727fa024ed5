package collector

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/exposition"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
	"progress_exporter/collector/series"
)

// benchExporter returns an exporter with n targets of enginetest.BenchAPI at address.
func benchExporter(b *testing.B, n int, address string) *Exporter {
	products := []progress.API{enginetest.BenchAPI}
	e := New(products, Options{Concurrency: 64, TargetsOnMetrics: true, Logger: log.NewNopLogger()})
	e.Use(enginetest.BenchPlan(b, n, address))
	b.Cleanup(e.Close)
	return e
}

// BenchmarkScrape reads 1 000 targets whose product takes 50 ms to answer, 64 at a
// time. The ideal is 1000/64 × 50 ms; x_ideal is how many times that it took.
func BenchmarkScrape(b *testing.B) {
	const latency, n, parallel = 50 * time.Millisecond, 1000, 64
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(latency)
		_, _ = io.WriteString(w, `{"progress":{"state":"RUNNING"}}`)
	}))
	b.Cleanup(upstream.Close)
	e := benchExporter(b, n, upstream.URL)
	for b.Loop() {
		for _, r := range e.reader.Scrape(context.Background(), e.plan.Load().Targets) {
			if r.Err != nil {
				b.Fatal(r.Err)
			}
		}
	}
	ideal := float64(n) / parallel * latency.Seconds()
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/ideal, "x_ideal")
}

// benchSnapshot is what is known about every target of an exporter.
func benchSnapshot(e *Exporter) []scrape.Reading {
	var snapshot []scrape.Reading
	for _, t := range e.plan.Load().Targets {
		report := enginetest.BenchReport()
		res := &ledger.Result{Report: report, WorkHash: report.WorkHash(), Started: time.Now(), Duration: time.Millisecond}
		m, _ := e.ledger.Record(e.ledger.Enter(t.Key, t.API), res)
		snapshot = append(snapshot, scrape.Reading{Target: t, Outcome: ledger.Outcome{Result: res, Memory: m}})
	}
	return snapshot
}

// BenchmarkExpose turns what is known about 1 000 targets into text, against a
// registry that holds as many const metrics of the same names and labels, in each
// of the encodings that a scraper may ask for; and 12 000 series as plain text.
func BenchmarkExpose(b *testing.B) {
	for _, encoding := range []string{"identity", "gzip", "zstd"} {
		benchExpose(b, 1000, encoding)
	}
	benchExpose(b, 522, "identity")
}

func benchExpose(b *testing.B, targets int, encoding string) {
	e := benchExporter(b, targets, "http://127.0.0.1:1")
	snapshot := benchSnapshot(e)
	vocabulary := series.NewVocabulary([]progress.API{enginetest.BenchAPI})
	var families []*dto.MetricFamily
	n := 0
	for f := range vocabulary.Expose(snapshot) {
		families = append(families, f.DTO())
		n += len(f.Samples)
	}
	bare := prometheus.NewRegistry()
	bare.MustRegister(constCollector(families))
	answers, builder := exposition.NewAnswers(log.NewNopLogger()), vocabulary.NewBuilder()
	ours := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers.Send(w, r, builder.Expose(snapshot), nil)
	})
	name := fmt.Sprintf("series=%d/encoding=%s/impl=", n, encoding)
	b.Run(name+"registry", func(b *testing.B) { benchServe(b, promhttp.HandlerFor(bare, promhttp.HandlerOpts{}), encoding) })
	b.Run(name+"exporter", func(b *testing.B) { benchServe(b, ours, encoding) })
}

func benchServe(b *testing.B, h http.Handler, encoding string) {
	r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
	r.Header.Set("Accept-Encoding", encoding)
	b.ReportAllocs()
	for b.Loop() {
		h.ServeHTTP(discard{http.Header{}}, r)
	}
}

// BenchmarkTargets reads and exposes so many targets whose product answers at
// once; ns/target has to stay the same however many there are.
func BenchmarkTargets(b *testing.B) {
	upstream := enginetest.StartUpstream(b)
	for _, n := range []int{1, 100, 1000, 10_000} {
		b.Run(fmt.Sprintf("targets=%d", n), func(b *testing.B) {
			e := benchExporter(b, n, upstream)
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			metrics := e.Metrics()
			scrape := func() { metrics.ServeHTTP(discard{http.Header{}}, r) }
			scrape() // connects
			for b.Loop() {
				scrape()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/target")
		})
	}
}

// discard is a ResponseWriter that keeps nothing.
type discard struct{ header http.Header }

func (d discard) Header() http.Header       { return d.header }
func (discard) Write(p []byte) (int, error) { return len(p), nil }
func (discard) WriteHeader(int)             {}

// constCollector offers families as const metrics, the way exporters usually do.
type constCollector []*dto.MetricFamily

func (constCollector) Describe(chan<- *prometheus.Desc) {}

func (c constCollector) Collect(ch chan<- prometheus.Metric) {
	for _, f := range c {
		kind := prometheus.GaugeValue
		if f.GetType() == dto.MetricType_COUNTER {
			kind = prometheus.CounterValue
		}
		descs := map[int]*prometheus.Desc{}
		for _, m := range f.Metric {
			values := make([]string, len(m.Label))
			desc := descs[len(m.Label)]
			if desc == nil {
				names := make([]string, len(m.Label))
				for i, l := range m.Label {
					names[i] = l.GetName()
				}
				desc = prometheus.NewDesc(f.GetName(), f.GetHelp(), names, nil)
				descs[len(m.Label)] = desc
			}
			for i, l := range m.Label {
				values[i] = l.GetValue()
			}
			ch <- prometheus.MustNewConstMetric(desc, kind, m.GetGauge().GetValue()+m.GetCounter().GetValue(), values...)
		}
	}
}
