package collector

import (
	"math"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

func TestPace(t *testing.T) {
	start := time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)
	type step struct {
		after time.Duration // since the start
		ratio float64       // negative: not said
	}
	linear := func(n int, every time.Duration, by float64) (s []step) {
		for i := range n {
			s = append(s, step{time.Duration(i) * every, float64(i) * by})
		}
		return s
	}
	var often []step // every 15 s; it moves every 5 minutes
	for i := range 81 {
		often = append(often, step{time.Duration(i) * 15 * time.Second, float64(i/20) * 0.06})
	}
	for _, tc := range []struct {
		name  string
		steps []step
		now   time.Duration
		want  float64
	}{
		{"nothing known", nil, 0, 0},
		{"too few movements", linear(3, time.Minute, 0.01), 3 * time.Minute, 0},
		{"steady", linear(7, time.Minute, 0.06), 6 * time.Minute, 0.001},
		{"only the recent past", append([]step{{0, 0.1}}, step{60 * time.Minute, 0.5}, step{61 * time.Minute, 0.56}, step{62 * time.Minute, 0.62}, step{63 * time.Minute, 0.68}), 63 * time.Minute, 0.001},
		{"a halt slows it down", linear(7, time.Minute, 0.06), 12 * time.Minute, 0.0005},
		{"read more often than it moves", often, 20 * time.Minute, 0.0002},
		{"all at one moment", []step{{0, 0.1}, {0, 0.2}, {0, 0.3}, {0, 0.4}}, 0, 0},
		{"a long halt: no estimate", linear(7, time.Minute, 0.06), 2 * time.Hour, 0},
		{"no movement", []step{{0, 0.5}, {time.Minute, 0.5}, {2 * time.Minute, 0.5}, {3 * time.Minute, 0.5}, {4 * time.Minute, 0.5}}, 5 * time.Minute, 0},
		{"a step back begins anew", append(linear(7, time.Minute, 0.06), step{7 * time.Minute, 0.1}), 7 * time.Minute, 0},
		{"the ratio vanished", append(linear(7, time.Minute, 0.06), step{7 * time.Minute, -1}), 7 * time.Minute, 0},
	} {
		var p pace
		for _, s := range tc.steps {
			var ratio *float64
			if s.ratio >= 0 {
				ratio = progress.Ptr(s.ratio)
			}
			p.add(start.Add(s.after), ratio)
		}
		if got := p.rate(start.Add(tc.now)); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("%s: %v per second, want %v", tc.name, got, tc.want)
		}
	}
	var p pace
	for i := range 100 {
		p.add(start.Add(time.Duration(i)*time.Second), progress.Ptr(float64(i)/100))
	}
	if len(p.points) != pacePoints || p.points[0].ratio != 0.84 || p.points[pacePoints-1].ratio != 0.99 {
		t.Errorf("%d movements remembered, want the last %d: %v", len(p.points), pacePoints, p.points)
	}
}
