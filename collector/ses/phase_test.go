package ses

import (
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

func TestPhaseOf(t *testing.T) {
	requested := time.Date(2026, 5, 12, 10, 0, 5, 0, time.UTC)
	before, after, never := requested.Add(-time.Second), requested.Add(time.Second), time.Time{}
	plain := &cluster{}
	mapped := &cluster{words: map[string]phase{"Upgrade_Failed": failed, "Rebooted": done, "running": waiting}}
	for _, tc := range []struct {
		name               string
		cluster            *cluster
		word               string
		updated, requested time.Time
		want               phase
	}{
		{"not touched", plain, "running", before, requested, waiting},
		{"back to normal", plain, "running", after, requested, done},
		{"back to normal within the second", plain, "running", requested, requested, done},
		{"running without its date", plain, "running", never, requested, waiting},
		{"running, request without date", plain, "running", after, never, waiting},
		{"running without any date", plain, "running", never, never, waiting},
		{"complete", plain, "complete", after, requested, done},
		{"complete within the second", plain, "complete", requested, requested, done},
		{"complete since an earlier upgrade", plain, "complete", before, requested, waiting},
		{"complete without its date", plain, "complete", never, requested, done},
		{"complete, request without date", plain, "complete", before, never, done},
		{"a step", plain, "Upgrade_OpenSearch", after, requested, working},
		{"a step with an old date", plain, "Upgrade_OpenSearch", before, requested, working},
		{"a word nobody documented", plain, "Upgrade_Failed", after, requested, working},
		{"another case is another word", plain, "Complete", after, requested, working},
		{"no word", plain, "", after, requested, unknown},
		{"a mapped failure", mapped, "Upgrade_Failed", before, requested, failed},
		{"a mapped end", mapped, "Rebooted", before, requested, done},
		{"a mapped word that is known", mapped, "running", after, requested, waiting},
		{"a word beside the mapped ones", mapped, "complete", after, requested, done},
	} {
		if got := tc.cluster.phaseOf(tc.word, tc.updated, tc.requested); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, phaseNames[got], phaseNames[tc.want])
		}
	}
}

func TestState(t *testing.T) {
	for _, tc := range []struct {
		in    tally
		nodes float64
		want  progress.State
	}{
		{tally{waiting: 3}, 3, progress.Pending},
		{tally{waiting: 1}, 3, progress.Pending},
		{tally{waiting: 2, working: 1}, 3, progress.Running},
		{tally{waiting: 2, done: 1}, 3, progress.Running},
		{tally{working: 1, done: 2}, 3, progress.Running},
		{tally{done: 2}, 3, progress.Running}, // one is not listed
		{tally{done: 3}, 3, progress.Succeeded},
		{tally{done: 2, failed: 1}, 3, progress.Failed},
		{tally{waiting: 1, working: 1, failed: 1}, 3, progress.Failed},
		{tally{done: 2, unknown: 1}, 3, progress.Unknown},
		{tally{waiting: 2, unknown: 1}, 3, progress.Unknown},
		{tally{working: 1, unknown: 1}, 2, progress.Running},
	} {
		if got := tc.in.state(tc.nodes); got != tc.want {
			t.Errorf("%v of %v: %s, want %s", tc.in, tc.nodes, got, tc.want)
		}
	}
}
