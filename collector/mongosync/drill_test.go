package mongosync_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mongosync"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/collector/progress"
)

// TestDrills reads the fake through every story; each line is what the exporter
// says when the given share of the drill has passed.
func TestDrills(t *testing.T) {
	type step struct {
		passed float64
		want   string // state, or the reason of the failure
	}
	tests := map[drill.Scenario][]step{
		drill.Happy:  {{0, "pending"}, {0.06, "running"}, {0.5, "running"}, {0.9, "running"}, {0.97, "ready"}, {1, "succeeded"}, {9, "succeeded"}},
		drill.Stall:  {{0.04, "pending"}, {0.5, "running"}, {9, "running"}},
		drill.Fail:   {{0.5, "running"}, {0.7, "api ExampleError"}},
		drill.Cancel: {{0.3, "running"}, {0.4, "paused"}},
		drill.Vanish: {{0.5, "running"}, {0.6, "none"}},
		"":           {{0.5, "none"}},
	}
	start := time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)
	for scenario, steps := range tests {
		t.Run("drill_"+string(scenario), func(t *testing.T) {
			now := start
			fake := &mongosynctest.Server{Drill: drill.Drill{Scenario: scenario, Start: start, Length: time.Hour, Now: func() time.Time { return now }}}
			src, err := mongosync.API().Open(progress.Target{
				URL:     &url.URL{Scheme: "http", Host: "localhost:27182"},
				Options: func(any) error { return nil },
			})
			if err != nil {
				t.Fatal(err)
			}
			fetch := collectortest.Served(fake)
			for i := range steps {
				now = start.Add(time.Duration(steps[i].passed * float64(time.Hour)))
				r, err := src.Progress(t.Context(), fetch)
				got := r.State.String()
				if err != nil {
					e := progress.AsError(err)
					got = string(e.Reason) + " " + e.Code
				}
				if diff := cmp.Diff(steps[i].want, got); diff != "" {
					t.Errorf("at %v (-want +got):\n%s", steps[i].passed, diff)
				}
			}
		})
	}
}
