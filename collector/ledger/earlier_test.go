package ledger

import (
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// straight returns a run that took so many minutes, at one speed.
func straight(minutes uint32) (r run) {
	r.took = 60 * minutes
	for i := range marks {
		r.reached[i] = uint32(mark(i) * float64(r.took))
	}
	return r
}

// tailed returns a run of which the last twentieth took as long as all before.
func tailed(minutes uint32) run {
	r := straight(minutes)
	for i := range marks - 1 {
		r.reached[i] /= 2
	}
	r.reached[marks-1] = r.took * 9 / 10
	return r
}

func TestEarlierRuns(t *testing.T) {
	alike := []run{straight(100), straight(95), straight(106)}
	tails := []run{tailed(100), tailed(95), tailed(106)}
	const running = progress.Running
	begins := leg{1, running, 0}
	for _, tc := range []struct {
		name                string
		runs                []run
		legs                []leg
		early, likely, late time.Duration // from now on; 0: they tell nothing
	}{
		{"nothing is known", nil, []leg{begins, {50, running, 0.5}}, 0, 0, 0},
		{"two are too few", alike[:2], []leg{begins, {50, running, 0.5}}, 0, 0, 0},
		{"from its first read on", alike, []leg{begins}, 74 * time.Minute, 100 * time.Minute, 135 * time.Minute},
		{"as they were", alike, []leg{begins, {50, running, 0.5}}, 38 * time.Minute, 50 * time.Minute, 65 * time.Minute},
		{"a fifth slower", alike, []leg{begins, {60, running, 0.5}}, 44 * time.Minute, 57 * time.Minute, 74 * time.Minute},
		{"half as fast as ever: not like them", alike, []leg{begins, {100, running, 0.5}}, 0, 0, 0},
		{"twice as fast as ever: not like them", alike, []leg{begins, {25, running, 0.5}}, 0, 0, 0},
		{"three times as slow of late: not like them", alike, []leg{begins, {50, running, 0.5}, {45, running, 0.65}}, 0, 0, 0},
		{"it stands for too long", alike, []leg{begins, {50, running, 0.5}, {30, running, 0.5}}, 0, 0, 0},
		{"a tail is known", tails, []leg{begins, {48, running, 0.951}}, 41 * time.Minute, 53 * time.Minute, 69 * time.Minute},
		{"within the tail", tails, []leg{begins, {48, running, 0.951}, {30, running, 0.97}}, 17 * time.Minute, 23 * time.Minute, 30 * time.Minute},
		{"they differ too much", []run{straight(60), straight(100), straight(200)}, []leg{begins}, 0, 0, 0},
		{"they would have been wrong about each other", []run{straight(100), tailed(100), straight(100)}, []leg{begins}, 0, 0, 0},
		{"its beginning was not seen", alike, []leg{{1, running, 0.3}, {20, running, 0.5}}, 0, 0, 0},
		{"it is done", alike, []leg{begins, {99, running, 1}}, 0, 0, 0},
	} {
		var c course
		_, now := travel(&c, paceStart, tc.legs...)
		by := earlierFrom(tc.runs)
		got := c.forecast(now, &by)
		if tc.likely == 0 {
			if got != (forecast{}) {
				t.Errorf("%s: %v, want nothing", tc.name, got)
			}
			continue
		}
		for i, at := range []time.Time{got.early, got.likely, got.late} {
			if want := []time.Duration{tc.early, tc.likely, tc.late}[i]; at.Sub(now).Round(time.Minute) != want {
				t.Errorf("%s: the %s is in %s, want %s", tc.name, []string{"early end", "likely end", "late end"}[i], at.Sub(now).Round(time.Second), want)
			}
		}
		if wide := got.late.Sub(now).Seconds() / got.early.Sub(now).Seconds(); wide > earlierWidest+0.001 {
			t.Errorf("%s: the range is %.3f times as wide", tc.name, wide)
		}
	}
}
