package mongosync

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// BenchmarkRead reads one target once: with a reused net/http client that gets and
// decodes the same answer (the floor), and with everything that the exporter does
// to read a target, from its plan to the ledger.
func BenchmarkRead(b *testing.B) {
	answer, err := os.ReadFile("testdata/steady/response.json")
	if err != nil {
		b.Fatal(err)
	}
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	b.Cleanup(upstream.Close)

	b.Run("impl=floor", func(b *testing.B) {
		client := &http.Client{}
		b.ReportAllocs()
		for b.Loop() {
			resp, err := client.Get(upstream.URL + "/api/v1/progress")
			if err != nil {
				b.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				b.Fatal(err)
			}
			_ = resp.Body.Close()
			var a response
			if err := json.Unmarshal(body, &a); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("impl=exporter", func(b *testing.B) {
		file := filepath.Join(b.TempDir(), "targets.yml")
		if err := os.WriteFile(file, []byte("targets: [{name: a, api: mongosync, url: \""+upstream.URL+"\"}]"), 0o600); err != nil {
			b.Fatal(err)
		}
		products := []progress.API{API()}
		plan, err := plan.Load(file, products)
		if err != nil {
			b.Fatal(err)
		}
		e := collector.New(products, collector.Options{Concurrency: 1, Logger: log.NewNopLogger()})
		b.Cleanup(e.Close)
		e.Use(plan)
		b.ReportAllocs()
		for b.Loop() {
			if r, err := e.Read(b.Context()); err != nil || r[0].Err != nil {
				b.Fatal(err, r)
			}
		}
	})
}
