package main

import (
	"testing"

	"progress_exporter/collector/progress"
)

func TestGoal(t *testing.T) {
	at := func(s progress.State, ratio float64) *progress.Report {
		return &progress.Report{State: s, Ratio: &ratio}
	}
	behind := func(s progress.State, lag float64) *progress.Report {
		return &progress.Report{State: s, Lag: &lag}
	}
	for _, tc := range []struct {
		goal   string
		report *progress.Report
		want   bool
	}{
		{"succeeded", at(progress.Succeeded, 1), true},
		{"succeeded", at(progress.Running, 1), false},
		{"succeeded", at(progress.Ready, 1), false},
		{"ready", at(progress.Ready, 0.9), true},
		{"ready", at(progress.Succeeded, 1), true},
		{"ready", at(progress.Running, 1), false},
		{"ratio=0.9", at(progress.Running, 0.9), true},
		{"ratio=0.9", at(progress.Running, 0.89), false},
		{"ratio=0.9", at(progress.Paused, 0.95), true},
		{"ratio=0.9", at(progress.Ready, 0.8), false},
		{"ratio=0.9", at(progress.Failed, 0.95), false},
		{"ratio=0.9", at(progress.Cancelled, 0.95), false},
		{"ratio=0.9", &progress.Report{State: progress.Running}, false},
		{"ratio=0.9", &progress.Report{State: progress.Succeeded}, true},
		{"lag=5s", behind(progress.Running, 5), true},
		{"lag=5s", behind(progress.Running, 5.1), false},
		{"lag=0s", behind(progress.Ready, 0), true},
		{"lag=5s", behind(progress.Failed, 0), false},
		{"lag=5s", at(progress.Running, 1), false}, // no lag is not a lag of 0
		{"lag=5s", at(progress.Succeeded, 1), true},
		{"ratio=0.9", behind(progress.Running, 0), false},
	} {
		var g goal
		if err := g.Set(tc.goal); err != nil || g.String() != tc.goal {
			t.Fatalf("%s: error %v, String %q", tc.goal, err, &g)
		}
		if got := g.reached(tc.report); got != tc.want {
			t.Errorf("%s, %s: reached %v, want %v", tc.goal, tc.report.State, got, tc.want)
		}
	}
}

func TestGoalRefuses(t *testing.T) {
	for _, text := range []string{"", "Succeeded", "failed", "ratio", "ratio=", "ratio=0", "ratio=-1", "ratio=1.1", "ratio=90", "ratio=NaN", "ratio=x", "lag", "lag=", "lag=5", "lag=-1s", "lag=x"} {
		var g goal
		if err := g.Set(text); err == nil {
			t.Errorf("%q is taken as %+v", text, g)
		}
	}
}
