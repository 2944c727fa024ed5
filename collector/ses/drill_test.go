package ses_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses"
	"progress_exporter/collector/ses/sestest"
)

// The package and the fake know the product from the same pages, each by itself:
// they have to understand one another.
func TestStories(t *testing.T) {
	for _, tc := range []struct {
		scenario drill.Scenario
		want     []string // at 0 %, 20 %, … 120 % of the drill's length
	}{
		{"", []string{"none", "none", "none", "none", "none", "none", "none"}},
		{drill.Happy, []string{"pending 0 of 4", "running 0 of 4", "running 1 of 4", "running 2 of 4", "running 3 of 4", "succeeded 4 of 4", "succeeded 4 of 4"}},
		{drill.Stall, []string{"pending 0 of 4", "running 0 of 4", "running 1 of 4", "running 1 of 4", "running 1 of 4", "running 1 of 4", "running 1 of 4"}},
		{drill.Fail, []string{"pending 0 of 4", "running 0 of 4", "running 1 of 4", "running 2 of 4", "failed 2 of 4", "failed 2 of 4", "failed 2 of 4"}},
		{drill.Cancel, []string{"pending 0 of 4", "running 0 of 4", "running 1 of 4", "running 1 of 4", "running 1 of 4", "running 1 of 4", "running 1 of 4"}},
		{drill.Flap, []string{"pending 0 of 4", "running 0 of 4", "running 1 of 4", "http_5xx 500", "running 3 of 4", "succeeded 4 of 4", "succeeded 4 of 4"}},
		{drill.Vanish, []string{"pending 0 of 4", "running 0 of 4", "running 1 of 4", "none", "none", "none", "none"}},
	} {
		t.Run("drill_"+string(tc.scenario), func(t *testing.T) {
			now := moment
			tick := func() time.Time { return now }
			fake := &sestest.Server{AccessKey: accessKey, SecretKey: secretKey, Now: tick, Drill: drill.Drill{
				Scenario: tc.scenario, Start: moment, Length: 100 * time.Minute, Now: tick,
			}}
			source, err := ses.OpenAt(target(t, options+"states: {"+sestest.FailedWord+": failed}"), tick)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for range tc.want {
				r, err := source.Progress(t.Context(), collectortest.Served(fake))
				switch {
				case err != nil:
					e := progress.AsError(err)
					got = append(got, fmt.Sprint(e.Reason, " ", e.Code))
				case r.NodeCount == nil:
					got = append(got, r.State.String())
				default:
					got = append(got, fmt.Sprintf("%s %v of %v", r.State, *r.NodesCompleted, *r.NodeCount))
				}
				now = now.Add(20 * time.Minute)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("story (-want +got):\n%s", diff)
			}
		})
	}
}
