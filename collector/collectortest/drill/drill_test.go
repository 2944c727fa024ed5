package drill

import (
	"testing"
	"time"
)

// A plot is told by the time since the start, and the work of its job has begun in every
// phase but the first.
func TestPlot(t *testing.T) {
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	now := start
	d := Drill{Start: start, Length: time.Hour, Now: func() time.Time { return now }}
	d.Plot = func(since time.Duration) Moment {
		switch {
		case since < 10*time.Minute:
			return Moment{Phase: Waiting}
		case since < 20*time.Minute:
			return Moment{Phase: Finishing, Fraction: 0.9, NodeFail: true}
		}
		return Moment{}
	}
	began := start.Add(3 * time.Minute)
	for after, want := range map[time.Duration]Moment{
		0:                {Phase: Waiting},
		10 * time.Minute: {Phase: Finishing, Fraction: 0.9, NodeFail: true, Began: began},
		20 * time.Minute: {},
	} {
		now = start.Add(after)
		want.Now = now
		if got := d.At(3); got != want {
			t.Errorf("after %s %+v, want %+v", after, got, want)
		}
	}
}
