package described_test

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

// wire is what a program for the product would decode its answer into.
type wire struct {
	Requests struct {
		ID        int64    `json:"id"`
		Cluster   string   `json:"cluster_name"`
		Context   string   `json:"request_context"`
		Status    string   `json:"request_status"`
		Percent   *float64 `json:"progress_percent"`
		Tasks     *float64 `json:"task_count"`
		Completed *float64 `json:"completed_task_count"`
		Failed    *float64 `json:"failed_task_count"`
		Queued    *float64 `json:"queued_task_count"`
		Start     int64    `json:"start_time"`
	} `json:"Requests"`
	Tasks []struct {
		Task struct {
			ID       int64    `json:"id"`
			Host     string   `json:"host_name"`
			Role     string   `json:"role"`
			Command  string   `json:"command"`
			Status   string   `json:"status"`
			Attempts *float64 `json:"attempt_cnt"`
		} `json:"Tasks"`
	} `json:"tasks"`
}

// BenchmarkRead reads one target once: with a reused net/http client that gets and
// decodes the same answer (the floor), and with everything that the exporter does to read
// a described target, from its plan to the ledger.
func BenchmarkRead(b *testing.B) {
	answer := running(b, "").answer
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(answer)
	}))
	b.Cleanup(upstream.Close)

	b.Run("impl=floor", func(b *testing.B) {
		client := &http.Client{}
		b.ReportAllocs()
		for b.Loop() {
			resp, err := client.Get(upstream.URL + "/api/v1/clusters/c1/requests/42")
			if err != nil {
				b.Fatal(err)
			}
			body, err := io.ReadAll(resp.Body)
			if err != nil {
				b.Fatal(err)
			}
			_ = resp.Body.Close()
			var a wire
			if err := json.Unmarshal(body, &a); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("impl=exporter", func(b *testing.B) {
		file := filepath.Join(b.TempDir(), "targets.yml")
		if err := os.WriteFile(file, []byte("targets: [{name: a, api: cluster-request, url: \""+upstream.URL+"\", options: {request: 42}}]"), 0o600); err != nil {
			b.Fatal(err)
		}
		products := []progress.API{clusterRequest()}
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
