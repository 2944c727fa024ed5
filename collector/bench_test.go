package collector

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/progress"
)

// benchAPI asks once and says what a small job says.
var benchAPI = progress.API{
	Name: "bench",
	Open: func(t progress.Target) (progress.Source, error) {
		address := t.URL.String()
		return fetching(func(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
			if err != nil {
				return progress.Report{}, err
			}
			_, err = fetch(req)
			return benchReport(), err
		}), nil
	},
}

func benchReport() progress.Report {
	return progress.Report{
		Job: "1", State: progress.Running, Ratio: progress.Ptr(0.5), NodeCount: progress.Ptr(3.0), NodesCompleted: progress.Ptr(1.0),
		Nodes: []progress.Node{
			{ID: "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a01", Name: "ctl-a", Type: "control", Ratio: progress.Ptr(1.0)},
			{ID: "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a02", Name: "dat-a", Type: "data", Ratio: progress.Ptr(0.5)},
			{ID: "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a03", Name: "fwd-a", Type: "forwarder", Ratio: progress.Ptr(0.25)},
		},
	}
}

// benchExporter returns an exporter with n targets of benchAPI at address.
func benchExporter(b *testing.B, n int, address string, memoryFile ...string) *Exporter {
	var yml strings.Builder
	yml.WriteString("defaults: {api: bench, url: " + address + ", labels: {team: storage}}\ntargets:\n")
	for i := range n {
		fmt.Fprintf(&yml, "- {name: target-%04d}\n", i)
	}
	file := filepath.Join(b.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(yml.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	products := []progress.API{benchAPI}
	plan, err := Load(file, products)
	if err != nil {
		b.Fatal(err)
	}
	e := New(products, Options{Concurrency: 64, TargetsOnMetrics: true, MemoryFile: strings.Join(memoryFile, ""), Logger: log.NewNopLogger()})
	e.Use(plan)
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
		for _, r := range e.reader.scrape(context.Background(), e.plan.Load().targets) {
			if r.err != nil {
				b.Fatal(r.err)
			}
		}
	}
	ideal := float64(n) / parallel * latency.Seconds()
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/ideal, "x_ideal")
}

// benchSnapshot is what is known about every target of an exporter.
func benchSnapshot(e *Exporter) []reading {
	var snapshot []reading
	for _, t := range e.plan.Load().targets {
		report := benchReport()
		res := &result{report: report, workHash: report.WorkHash(), started: time.Now(), duration: time.Millisecond}
		m, _ := e.ledger.record(e.ledger.enter(t.key, t.api), res)
		snapshot = append(snapshot, reading{t, outcome{res, m}})
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
	families := e.vocabulary.expose(snapshot)
	series := 0
	for _, f := range families {
		series += len(f.Metric)
	}
	bare := prometheus.NewRegistry()
	bare.MustRegister(constCollector(families))
	ours := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		made := e.takeBuilder()
		defer e.giveBuilder(made)
		e.answers.send(w, r, e.vocabulary.exposeWith(made, snapshot))
	})
	name := fmt.Sprintf("series=%d/encoding=%s/impl=", series, encoding)
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
	upstream := startUpstream(b)
	for _, n := range []int{1, 100, 1000, 10_000} {
		b.Run(fmt.Sprintf("targets=%d", n), func(b *testing.B) {
			e := benchExporter(b, n, upstream)
			r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
			scrape := func() { e.serve(discard{http.Header{}}, r, e.plan.Load().targets) }
			scrape() // connects
			for b.Loop() {
				scrape()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/target")
		})
	}
}

// startUpstream starts a product in a process of its own and returns its address.
func startUpstream(b *testing.B) string {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), upstreamEnv+"=1"), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
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
