package mongosync

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// Since 1.21 the lag is the overall one, unless mongosync does not say it.
func TestLag(t *testing.T) {
	p := progress.Ptr[float64]
	for name, tc := range map[string]struct {
		info syncInfo
		want *float64
	}{
		"none":           {syncInfo{State: "RUNNING"}, nil},
		"the old one":    {syncInfo{State: "RUNNING", LagTimeSeconds: p(5)}, p(5)},
		"the new one":    {syncInfo{State: "RUNNING", Lag: &lag{OverallLagSeconds: p(7)}}, p(7)},
		"both":           {syncInfo{State: "RUNNING", LagTimeSeconds: p(5), Lag: &lag{OverallLagSeconds: p(7)}}, p(7)},
		"no overall lag": {syncInfo{State: "RUNNING", LagTimeSeconds: p(5), Lag: &lag{DDLLagSeconds: p(9)}}, p(5)},
	} {
		if diff := cmp.Diff(tc.want, report(&tc.info, nil).Lag); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// What the exporter cannot see moving has not stalled. Everything else can, and a commit
// that hangs most of all.
func TestQuiet(t *testing.T) {
	const cea = "change event application"
	n := progress.Ptr[float64]
	building := &indexBuilding{IndexesBuilt: n(3), TotalIndexesToBuild: n(20)}
	built := &indexBuilding{IndexesBuilt: n(20), TotalIndexesToBuild: n(20)}
	for _, tc := range []struct {
		name string
		info syncInfo
		want bool
	}{
		{"copying", syncInfo{State: "RUNNING", Info: "collection copy", LagTimeSeconds: n(0)}, false},
		{"before the copy", syncInfo{State: "RUNNING", Info: "initializing collections and indexes"}, false},
		{"partitions before the copy", syncInfo{State: "RUNNING", Info: "initializing partitions"}, false},
		{"building indexes", syncInfo{State: "RUNNING", Info: cea, LagTimeSeconds: n(7200), IndexBuilding: building}, true},
		{"all indexes built, behind its source", syncInfo{State: "RUNNING", Info: cea, LagTimeSeconds: n(7200), IndexBuilding: built}, false},
		{"behind its source", syncInfo{State: "RUNNING", Info: cea, LagTimeSeconds: n(KeptUp + 1)}, false},
		{"behind its source, by the newer field", syncInfo{State: "RUNNING", Info: cea, LagTimeSeconds: n(0), Lag: &lag{OverallLagSeconds: n(KeptUp + 1)}}, false},
		{"an idle source", syncInfo{State: "RUNNING", Info: cea, LagTimeSeconds: n(KeptUp)}, true},
		{"an idle source whose indexes are built", syncInfo{State: "RUNNING", Info: cea, LagTimeSeconds: n(2), IndexBuilding: built}, true},
		{"no lag said", syncInfo{State: "RUNNING", Info: cea}, true},
		{"committing", syncInfo{State: "COMMITTING", Info: cea, LagTimeSeconds: n(0)}, false},
		{"waiting for the commit", syncInfo{State: "COMMITTING", Info: "waiting for commit to complete", LagTimeSeconds: n(0)}, false},
		{"reversing", syncInfo{State: "REVERSING", Info: cea, LagTimeSeconds: n(0), IndexBuilding: building}, false},
	} {
		if got := quiet(&tc.info); got != tc.want {
			t.Errorf("%s: %v, want %v", tc.name, got, tc.want)
		}
	}
}
