package ledger

import (
	"slices"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// leg is what reads of a job say, one a minute, while its ratio goes steadily to a value.
type leg struct {
	minutes int
	state   progress.State
	ratio   float64 // at the end of it; negative: not said
}

// travel plays legs and returns the runs that ended well.
func travel(c *course, at time.Time, legs ...leg) (ended []run, end time.Time) {
	for _, l := range legs {
		from := c.ratio
		for i := range l.minutes {
			at = at.Add(time.Minute)
			rep := progress.Report{State: l.state}
			if l.ratio >= 0 {
				rep.Ratio = progress.Ptr(from + (l.ratio-from)*float64(i+1)/float64(l.minutes))
			}
			if r := c.add(at, &rep); r != nil {
				ended = append(ended, *r)
			}
		}
	}
	return ended, at
}

// A run is remembered if it was seen from its beginning to its good end, without what was no work.
func TestCourse(t *testing.T) {
	const running, paused, ready = progress.Running, progress.Paused, progress.Ready
	done := leg{1, progress.Succeeded, 1}
	for _, tc := range []struct {
		name    string
		legs    []leg
		took    []uint32 // minutes
		half    uint32
		quarter uint32
	}{
		{"steady", []leg{{1, running, 0}, {99, running, 0.99}, done}, []uint32{100}, 50, 25},
		{"waits first", []leg{{30, progress.Pending, 0}, {1, running, 0}, {99, running, 0.99}, done}, []uint32{100}, 50, 25},
		{"says no ratio at first", []leg{{30, running, -1}, {1, running, 0}, {99, running, 0.99}, done}, []uint32{100}, 50, 25},
		{"a pause is no work", []leg{{1, running, 0}, {50, running, 0.5}, {300, paused, 0.5}, {50, running, 0.99}, done}, []uint32{101}, 50, 25},
		{"waiting for an operator is none", []leg{{1, running, 0}, {50, running, 0.5}, {300, ready, 0.5}, {50, running, 0.99}, done}, []uint32{101}, 50, 25},
		{"what comes behind the whole ratio does not count", []leg{{1, running, 0}, {100, running, 1}, {90, running, 1}, done}, []uint32{100}, 50, 25},
		{"its beginning was not seen", []leg{{1, running, 0.2}, {99, running, 0.99}, done}, nil, 0, 0},
		{"fails", []leg{{1, running, 0}, {99, running, 0.99}, {1, progress.Failed, 0.99}}, nil, 0, 0},
		{"is cancelled", []leg{{1, running, 0}, {99, running, 0.99}, {1, progress.Cancelled, 0.99}}, nil, 0, 0},
		{"fails and is taken up again", []leg{{1, running, 0}, {50, running, 0.5}, {1, progress.Failed, 0.5}, {50, running, 0.99}, done}, nil, 0, 0},
		{"fails and begins anew", []leg{{1, running, 0}, {50, running, 0.5}, {1, progress.Failed, 0.5}, {1, running, 0}, {99, running, 0.99}, done}, []uint32{100}, 50, 25},
		{"is told once", []leg{{1, running, 0}, {99, running, 0.99}, done, {20, progress.Succeeded, 1}, {20, running, 1}, done}, []uint32{100}, 50, 25},
		{"twice", []leg{{1, running, 0}, {99, running, 0.99}, done, {1, running, 0}, {99, running, 0.99}, done}, []uint32{100, 100}, 50, 25},
		{"all at once", []leg{{1, running, 0}, {9, progress.Succeeded, 1}}, []uint32{1}, 1, 1},
		{"never runs", []leg{{10, progress.Pending, 0}, done}, nil, 0, 0},
		{"is vanished", []leg{{1, running, 0}, {99, running, 0.99}, {10, progress.None, -1}}, nil, 0, 0},
	} {
		var c course
		got, _ := travel(&c, paceStart, tc.legs...)
		var took []uint32
		for _, r := range got {
			took = append(took, r.took/60)
			if r.reached[9]/60 != tc.half || r.reached[4]/60 != tc.quarter {
				t.Errorf("%s: a half after %ds, a quarter after %ds; want %dm and %dm", tc.name, r.reached[9], r.reached[4], tc.half, tc.quarter)
			}
		}
		if !slices.Equal(took, tc.took) {
			t.Errorf("%s: runs of %v minutes, want %v", tc.name, took, tc.took)
		}
	}
}

// A run that nobody watched for long tells nothing; one that was missed for a moment does.
func TestCourseWithBreaks(t *testing.T) {
	for _, tc := range []struct {
		gap  time.Duration
		want int
	}{{8 * time.Minute, 1}, {11 * time.Minute, 0}} {
		var c course
		_, at := travel(&c, paceStart, leg{1, progress.Running, 0}, leg{50, progress.Running, 0.5})
		got, _ := travel(&c, at.Add(tc.gap), leg{40, progress.Running, 0.99}, leg{1, progress.Succeeded, 1})
		if len(got) != tc.want {
			t.Errorf("with a break of %s %d runs are told, want %d", tc.gap, len(got), tc.want)
		}
	}
}

// A clock that was set back takes no work away.
func TestCourseOfAClockThatIsSetBack(t *testing.T) {
	var c course
	_, at := travel(&c, paceStart, leg{1, progress.Running, 0}, leg{50, progress.Running, 0.5})
	got, _ := travel(&c, at.Add(-time.Hour), leg{49, progress.Running, 0.99}, leg{1, progress.Succeeded, 1})
	if len(got) != 1 || got[0].took != 99*60 {
		t.Errorf("runs %v, want one of 99 minutes", got)
	}
}
