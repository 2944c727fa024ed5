package enginetest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// BenchAPI asks once and says what a small job says.
var BenchAPI = progress.API{
	Name: "bench",
	Open: func(t progress.Target) (progress.Source, error) {
		address := t.URL.String()
		return Fetching(func(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
			if err != nil {
				return progress.Report{}, err
			}
			_, err = fetch(req)
			return BenchReport(), err
		}), nil
	},
}

// BenchReport is what it says.
func BenchReport() progress.Report {
	return progress.Report{
		Job: "1", State: progress.Running, Ratio: progress.Ptr(0.5), NodeCount: progress.Ptr(3.0), NodesCompleted: progress.Ptr(1.0),
		Nodes: []progress.Node{
			{ID: "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a01", Name: "ctl-a", Type: "control", Ratio: progress.Ptr(1.0)},
			{ID: "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a02", Name: "dat-a", Type: "data", Ratio: progress.Ptr(0.5)},
			{ID: "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a03", Name: "fwd-a", Type: "forwarder", Ratio: progress.Ptr(0.25)},
		},
	}
}

// BenchPlan returns a plan of n targets of BenchAPI at address.
func BenchPlan(b testing.TB, n int, address string) *plan.Plan {
	b.Helper()
	var yml strings.Builder
	yml.WriteString("defaults: {api: bench, url: " + address + ", labels: {team: storage}}\ntargets:\n")
	for i := range n {
		fmt.Fprintf(&yml, "- {name: target-%04d}\n", i)
	}
	file := filepath.Join(b.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(yml.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	p, err := plan.Load(file, []progress.API{BenchAPI})
	if err != nil {
		b.Fatal(err)
	}
	return p
}
