package ledger

import (
	"math"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// paceAt is where a job stands some time after the start.
type paceAt struct {
	after time.Duration
	ratio float64 // negative: not said
}

// steady returns n steps of a job that moves by so much each time.
func steady(from paceAt, n int, every time.Duration, by float64) (s []paceAt) {
	for i := range n {
		s = append(s, paceAt{from.after + time.Duration(i)*every, from.ratio + float64(i)*by})
	}
	return s
}

var paceStart = time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)

func paceOf(steps []paceAt) (p pace) {
	for _, s := range steps {
		var ratio *float64
		if s.ratio >= 0 {
			ratio = progress.Ptr(s.ratio)
		}
		p.add(paceStart.Add(s.after), ratio)
	}
	return p
}

func TestPace(t *testing.T) {
	var often []paceAt // every 15 s; it moves every 5 minutes
	for i := range 121 {
		often = append(often, paceAt{time.Duration(i) * 15 * time.Second, float64(i/20) * 0.06})
	}
	late := append([]paceAt{{0, 0}}, steady(paceAt{15 * time.Minute, 0.06}, 5, time.Minute, 0.06)...)
	crawl := steady(paceAt{0, 0}, 16, time.Minute, 0.0001)
	for _, tc := range []struct {
		name  string
		steps []paceAt
		now   time.Duration
		want  float64
	}{
		{"nothing known", nil, 0, 0},
		{"too few movements", steady(paceAt{0, 0}, 3, time.Minute, 0.01), 3 * time.Minute, 0},
		{"steady", steady(paceAt{0, 0}, 7, time.Minute, 0.06), 6 * time.Minute, 0.001},
		{"only the recent past", append([]paceAt{{0, 0.1}}, steady(paceAt{60 * time.Minute, 0.4}, 5, time.Minute, 0.06)...), 64 * time.Minute, 0.001},
		{"what stood at first is as fast as it runs", late, 19 * time.Minute, 0.001},
		{"what crept at first is as fast as it runs", append(crawl, steady(paceAt{16 * time.Minute, 0.06}, 11, time.Minute, 0.06)...), 26 * time.Minute, 0.001},
		{"seldom moving", steady(paceAt{0, 0}, 6, 50*time.Minute, 0.1), 250 * time.Minute, 0.4 / (200 * 60)},
		{"too seldom", steady(paceAt{0, 0}, 6, 4*time.Hour, 0.1), 20 * time.Hour, 0},
		{"a halt slows it down", steady(paceAt{0, 0}, 7, time.Minute, 0.06), 11 * time.Minute, 0.30 / 540},
		{"between two movements nothing is late", steady(paceAt{0, 0}, 6, 50*time.Minute, 0.1), 300 * time.Minute, 0.4 / (200 * 60)},
		{"read more often than it moves", often, 30 * time.Minute, 0.0002},
		{"all at one moment", []paceAt{{0, 0.1}, {0, 0.2}, {0, 0.3}, {0, 0.4}, {0, 0.5}}, 0, 0},
		{"a long halt: no estimate", steady(paceAt{0, 0}, 7, time.Minute, 0.06), 7 * time.Hour, 0},
		{"no movement", steady(paceAt{0, 0.5}, 9, time.Minute, 0), 9 * time.Minute, 0},
		{"a step back begins anew", append(steady(paceAt{0, 0}, 7, time.Minute, 0.06), paceAt{7 * time.Minute, 0.1}), 7 * time.Minute, 0},
		{"a total that grows is no step back", append(steady(paceAt{0, 0}, 7, time.Minute, 0.06), paceAt{7 * time.Minute, 0.36 - paceStep/2}), 7 * time.Minute, (0.30 - paceStep/2) / 360},
		{"the ratio is not said for once", append(steady(paceAt{0, 0}, 7, time.Minute, 0.06), paceAt{7 * time.Minute, -1}), 12 * time.Minute, 0.30 / 600},
	} {
		p := paceOf(tc.steps)
		if got := p.rate(paceStart.Add(tc.now)); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("%s: %v per second, want %v", tc.name, got, tc.want)
		}
	}
}

// A job that moves at every read is remembered for half an hour at least, in a bounded
// number of movements.
func TestPaceIsBounded(t *testing.T) {
	var p pace
	for i := range 5 * 60 * 4 { // five hours, every 15 s
		at := paceStart.Add(time.Duration(i) * 15 * time.Second)
		p.add(at, progress.Ptr(float64(i)/10_000))
		if len(p.points) > pacePoints {
			t.Fatalf("%d movements remembered, want at most %d", len(p.points), pacePoints)
		}
		if got := p.rate(at); i > paceLeast && math.Abs(got-1.0/150_000) > 1e-12 {
			t.Fatalf("%v per second after %d reads", got, i)
		}
	}
	if first := p.points[0].at; first.After(paceStart.Add(4*time.Hour + 30*time.Minute)) {
		t.Errorf("remembered since %v, want half an hour at least", first)
	}
}

func TestEstimate(t *testing.T) {
	for _, tc := range []struct {
		name  string
		steps []paceAt
		now   time.Duration
		want  time.Duration // left; 0: no estimate; -1: none is left
	}{
		{"a short job, watched for a minute", steady(paceAt{0, 0}, 6, 15*time.Second, 0.02), 75 * time.Second, 675 * time.Second},
		{"a long job is not watched long enough", steady(paceAt{0, 0}, 6, 15*time.Second, 0.0001), 75 * time.Second, 0},
		{"until it is", steady(paceAt{0, 0}, 65, 15*time.Second, 0.0001), 16 * time.Minute, 149_040 * time.Second},
		{"the next movement is not due yet: the same end", steady(paceAt{0, 0}, 5, 10*time.Minute, 0.1), 45 * time.Minute, 55 * time.Minute},
		{"it is late: so is the end", steady(paceAt{0, 0}, 5, 10*time.Minute, 0.1), 60 * time.Minute, 70 * time.Minute},
		{"due before the next movement is: now at the earliest", steady(paceAt{0, 0.75}, 5, 10*time.Minute, 0.0622), 45 * time.Minute, -1},
		{"done", steady(paceAt{0, 0.5}, 11, time.Minute, 0.05), 10 * time.Minute, 0},
		{"not moving", steady(paceAt{0, 0.5}, 11, time.Minute, 0), 10 * time.Minute, 0},
		{"for ever", steady(paceAt{0, 0}, 65, 15*time.Second, 1e-9), 16 * time.Minute, 0},
	} {
		p := paceOf(tc.steps)
		now := paceStart.Add(tc.now)
		want := time.Time{}
		if tc.want != 0 {
			want = now.Add(max(tc.want, 0))
		}
		if got := p.end(now); got.Sub(want).Abs() > 10*time.Millisecond {
			t.Errorf("%s: %v, want %v", tc.name, got, want)
		}
	}
}
