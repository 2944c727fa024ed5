package main

import (
	"io"
	"net/http"
	"path/filepath"
	"testing"
)

// BenchmarkMetrics scrapes 1 000 targets of mongosync through /metrics as Prometheus does,
// with gzip: a program that only reads and decodes the same answers (the floor), and this
// one. Each runs in a process of its own, and so does the product; cpu-ns/op is what the
// kernel counts for that process alone, its garbage collection included.
func BenchmarkMetrics(b *testing.B) {
	const targets = "1000"
	upstream := spawn(b, "bench_product", filepath.Join("..", "..", "collector", "mongosync", "testdata", "steady", "response.json")).address
	for _, impl := range []struct {
		name  string
		start func(b *testing.B) *process
	}{
		{"floor", func(b *testing.B) *process { return spawn(b, "bench_reads", upstream, targets) }},
		{"exporter", func(b *testing.B) *process { return spawnExporter(b, upstream, 1000) }},
	} {
		b.Run("targets="+targets+"/impl="+impl.name, func(b *testing.B) {
			p := impl.start(b)
			scrapeAll(b, p) // connects
			before := p.cpu(b)
			for b.Loop() {
				scrapeAll(b, p)
			}
			b.ReportMetric(float64((p.cpu(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
		})
	}
}

func scrapeAll(b *testing.B, p *process) {
	req, err := http.NewRequest(http.MethodGet, "http://"+p.address+"/metrics", nil)
	if err != nil {
		b.Fatal(err)
	}
	req.Header = http.Header{"Accept": {prometheusAccept}, "Accept-Encoding": {"gzip"}, "X-Prometheus-Scrape-Timeout-Seconds": {"10"}}
	resp, err := p.client.Do(req)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		b.Fatalf("HTTP %d, %v", resp.StatusCode, err)
	}
}
