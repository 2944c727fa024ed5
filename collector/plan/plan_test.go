package plan_test

import (
	"slices"
	"testing"
	"time"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// jobs returns a plan of two targets, of which a has more settings.
func jobs(t *testing.T, settings string) *plan.Plan {
	t.Helper()
	p, err := plan.Load(enginetest.ServeJobs(t, settings, nil), []progress.API{enginetest.JobAPI()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What a product says about a job cannot take the label of the probe, and the probe
// leaves the target as it is.
func TestProbeReservesItsLabel(t *testing.T) {
	a := jobs(t, "").ByName["a"]
	for range 2 {
		p, err := a.Probe("17")
		if err != nil {
			t.Fatal(err)
		}
		if !p.Reserved["job_id"] || a.Reserved["job_id"] || len(p.Labels) != 4 || len(a.Labels) != 3 {
			t.Errorf("reserved: %v for the probe, %v for the target", p.Reserved, a.Reserved)
		}
	}
}

func TestTargetHasItsSettings(t *testing.T) {
	a := jobs(t, ", timeout: 3s, stall_after: 7m, min_interval: 30s, deadline: 2026-06-01T00:00:00Z").ByName["a"]
	got := []any{a.Timeout, a.StallAfter, a.MinInterval, a.Deadline.UTC()}
	want := []any{3 * time.Second, 7 * time.Minute, 30 * time.Second, time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)}
	if !slices.Equal(got, want) {
		t.Errorf("timeout, stall_after, min_interval, deadline: %v, want %v", got, want)
	}
}
