package status

import (
	"errors"
	"testing"
	"time"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
	"progress_exporter/collector/scrape"
)

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 400 * time.Millisecond: "0s", 59600 * time.Millisecond: "1m", 90 * time.Second: "1m30s",
		time.Hour + 29*time.Second: "1h", 23*time.Hour + 59*time.Minute + 40*time.Second: "1d",
		76*time.Hour + 20*time.Minute: "3d4h", 14 * 24 * time.Hour: "2w",
	} {
		if got := Span(d); got != want {
			t.Errorf("Span(%v) = %s, want %s", d, got, want)
		}
	}
}

func TestRange(t *testing.T) {
	const s, m, h = time.Second, time.Minute, time.Hour
	for _, tc := range []struct {
		from, to time.Duration
		want     string
	}{
		{0, 0, "0 s"}, {-m, 1500 * time.Millisecond, "0–2 s"}, {30 * s, 2 * m, "30–120 s"}, {70 * s, 8 * m, "70–480 s"}, {20 * m, 50 * m, "20–50 min"},
		{80 * m, 2*h + s, "80–121 min"}, {2 * h, 2*h + s, "2–3 h"}, {3 * h, 3 * h, "3 h"}, {20 * h, 48*h + s, "20–49 h"}, {100 * h, 300 * h, "4–13 d"},
	} {
		if got := Range(tc.from, tc.to); got != tc.want {
			t.Errorf("Range(%v, %v) = %s, want %s", tc.from, tc.to, got, tc.want)
		}
	}
}

func TestPercent(t *testing.T) {
	for ratio, want := range map[float64]float64{0: 0, 0.29: 29, 0.9999: 99.9, 0.0004: 0, 1: 100} {
		if got := Percent(ratio); got != want {
			t.Errorf("Percent(%v) = %v, want %v", ratio, got, want)
		}
	}
}

// What has succeeded is done, whatever its own part of the whole was.
func TestProgress(t *testing.T) {
	for _, tc := range []struct {
		state       progress.State
		ratio, want *float64
	}{
		{progress.Running, progress.Ptr(0.6), progress.Ptr(0.6)}, {progress.Failed, progress.Ptr(0.6), progress.Ptr(0.6)},
		{progress.Succeeded, progress.Ptr(0.6), progress.Ptr(1.0)}, {progress.Succeeded, nil, nil}, {progress.Running, nil, nil},
	} {
		j := Job{Report: progress.Report{State: tc.state, Ratio: tc.ratio}}
		if got := j.Progress(); (got == nil) != (tc.want == nil) || got != nil && *got != *tc.want {
			t.Errorf("%v at %v: %v, want %v", tc.state, tc.ratio, got, tc.want)
		}
	}
}

// Of a job that cannot be read nobody knows how it does, and one that has stalled will
// not be done at the speed that it had.
func TestReadingsSayTheVerdict(t *testing.T) {
	now := time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)
	known := ledger.Memory{LastRead: now, Verdict: ledger.Verdict{Still: now.Add(-time.Minute), Rate: 0.001, Expected: now.Add(time.Hour)}}
	read := &ledger.Result{Report: progress.Report{State: progress.Running}}
	for name, tc := range map[string]struct {
		stallAfter time.Duration
		result     *ledger.Result
		want       Job
	}{
		"at work":        {2 * time.Minute, read, Job{Rate: 0.001, Expected: now.Add(time.Hour)}},
		"stalled":        {time.Second, read, Job{Rate: 0.001, Still: time.Minute}},
		"never stalls":   {0, read, Job{Rate: 0.001, Expected: now.Add(time.Hour)}},
		"cannot be read": {time.Second, &ledger.Result{Err: progress.AsError(errors.New("x"))}, Job{}},
	} {
		r := Of(&scrape.Reading{Target: &plan.Target{API: &enginetest.API, StallAfter: tc.stallAfter}, Outcome: ledger.Outcome{Result: tc.result, Memory: known}})
		if r.Rate != tc.want.Rate || r.Still != tc.want.Still || !r.Expected.Equal(tc.want.Expected) {
			t.Errorf("%s: rate %v, still %v, expected %v; want %v, %v, %v", name, r.Rate, r.Still, r.Expected, tc.want.Rate, tc.want.Still, tc.want.Expected)
		}
		if want := max(0, tc.want.Expected.Sub(now)); r.Left() != want {
			t.Errorf("%s: %v left, want %v", name, r.Left(), want)
		}
	}
}

// What of an answer was left out is said of its job, and of all jobs of a list.
func TestLeftOut(t *testing.T) {
	odd := ledger.Outcome{Result: &ledger.Result{Dropped: sanitize.Drops{2: 1},
		Report: progress.Report{State: progress.Running, Unread: []progress.Unread{{Field: "lag", Kind: progress.NumberField}}}}}
	one, list := enginetest.Target("one", enginetest.Running), enginetest.Target("list", enginetest.Running)
	list.Lists = true
	listed := odd
	listed.Memory.Jobs = []ledger.KnownJob{{ID: "1", Outcome: ledger.Outcome{Result: &ledger.Result{}}}, {ID: "2", Outcome: odd}}
	fine := ledger.Outcome{Result: &ledger.Result{}}
	const want = "fields lag (want number); series 1 out_of_range"
	got := All([]scrape.Reading{{Target: one, Outcome: odd}, {Target: list, Outcome: listed}, {Target: one, Outcome: fine}})
	for i, w := range []string{want, want, want, ""} {
		if len(got) != 4 || got[i].LeftOut != w {
			t.Fatalf("job %d of %+v: want %q left out", i, got, w)
		}
	}
}
