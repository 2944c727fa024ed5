package main

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

var noon = time.Date(2026, 5, 12, 12, 0, 0, 0, time.UTC)

// reading returns a good reading of a job that moved that long before.
func reading(state progress.State, still time.Duration) status.Job {
	r := status.Job{
		Target: "a", API: "x", Report: progress.Report{State: state, Ratio: progress.Ptr(0.5)},
		Began: noon, LastRead: noon, LastChange: noon.Add(-still), StallAfter: time.Minute,
	}
	switch state {
	case progress.Running, progress.Pending, progress.Unknown: // as the engine judges
		if still > r.StallAfter {
			r.Still = still
		}
	}
	return r
}

func failing() status.Job {
	return status.Job{Target: "a", API: "x", Began: noon, Err: progress.Errorf(progress.Connect, "no connection"), StallAfter: time.Minute}
}

func withCode(r status.Job, code string) status.Job {
	r.Report.ErrorCode = code
	return r
}

const vanished = "the product no longer knows the job, which had not ended when it was last seen; see in the product whether it was done and acknowledged, or lost"

func TestJudge(t *testing.T) {
	long := 2 * time.Minute
	for _, tc := range []struct {
		name string
		sees []status.Job
		want ending // at the last of them, or when the time is over
	}{
		{"reached at once", []status.Job{reading(progress.Succeeded, 0)}, ending{"reached", 0, ""}},
		{"done long ago", []status.Job{reading(progress.Succeeded, long)}, ending{"reached", 0, ""}},
		{"failed", []status.Job{reading(progress.Running, 0), withCode(reading(progress.Failed, 0), "disk")}, ending{"failed", 1, "the job failed, error code disk"}},
		{"a hostile code", []status.Job{withCode(reading(progress.Failed, 0), "\x1b[2J")}, ending{"failed", 1, `the job failed, error code \x1b[2J`}},
		{"cancelled", []status.Job{reading(progress.Cancelled, long)}, ending{"cancelled", 1, "the job was cancelled, without an error code"}},
		{"vanished", []status.Job{reading(progress.Running, 0), failing(), reading(progress.None, 0)}, ending{"vanished", 1, vanished}},
		{"an unknown word, then vanished", []status.Job{reading(progress.Unknown, 0), reading(progress.None, 0)}, ending{"vanished", 1, vanished}},
		{"not there yet", []status.Job{reading(progress.None, long), reading(progress.None, long), reading(progress.Succeeded, 0)}, ending{"reached", 0, ""}},
		{"stalled", []status.Job{reading(progress.Running, time.Minute), reading(progress.Running, long)},
			ending{"stalled", 4, "the job has not moved for 2m, longer than its stall_after of 1m; it is at: stalled, 50.0 %"}},
		{"stalled before it began", []status.Job{reading(progress.Pending, long)},
			ending{"stalled", 4, "the job has not moved for 2m, longer than its stall_after of 1m; it is at: stalled, 50.0 %"}},
		{"stalled in an unknown state", []status.Job{reading(progress.Unknown, long)},
			ending{"stalled", 4, "the job has not moved for 2m, longer than its stall_after of 1m; it is at: stalled, 50.0 %"}},
		{"paused and ready do not stall", []status.Job{reading(progress.Paused, long), reading(progress.Ready, long)},
			ending{"timeout", 3, "not succeeded after 30m0s; it is at: ready, 50.0 %"}},
		{"never there", []status.Job{reading(progress.None, long)}, ending{"timeout", 3, "not succeeded after 30m0s; it is at: none, 50.0 %"}},
		{"lost sight of", []status.Job{reading(progress.Running, 0), failing()},
			ending{"timeout", 3, "not succeeded after 30m0s; in the end it could not be read: connect: no connection"}},
		{"never read", []status.Job{failing(), failing()}, ending{"unreachable", 5, "could not be read once in 30m0s: connect: no connection"}},
		{"no answer", nil, ending{"unreachable", 5, "the product did not answer once in 30m0s; is --timeout too short?"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := &judge{waiting: waiting{until: goal{text: "succeeded"}, timeout: 30 * time.Minute}}
			var got *ending
			for i := range tc.sees {
				if got != nil {
					t.Fatalf("it ends before the reading %d: %+v", i, got)
				}
				got = j.see(&tc.sees[i])
			}
			if got == nil {
				got = j.timedOut()
			}
			if diff := cmp.Diff(&tc.want, got); diff != "" {
				t.Errorf("ending (-want +got):\n%s", diff)
			}
		})
	}
}
