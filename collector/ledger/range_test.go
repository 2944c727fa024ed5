package ledger

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// family is a kind of jobs: a curve is how much is done at a share of the whole time.
type family struct {
	name   string
	curve  func(*rand.Rand) func(share float64) float64
	exempt bool // nothing in its past tells of what comes
}

// stretches is a curve of so many stretches of equal time, each with its speed.
func stretches(n int, speed func(i int) float64) func(float64) float64 {
	done := make([]float64, n+1)
	for i := range n {
		done[i+1] = done[i] + speed(i)
	}
	return func(share float64) float64 {
		at := share * float64(n)
		i := min(int(at), n-1)
		return (done[i] + (at-float64(i))*(done[i+1]-done[i])) / done[n]
	}
}

// turning is a curve with one speed up to a share of the time, and then another one.
func turning(at, first, then float64) func(float64) float64 {
	return stretches(100, func(i int) float64 {
		if float64(i) < 100*at {
			return first
		}
		return then
	})
}

func power(exponent float64) func(float64) float64 {
	return func(share float64) float64 { return math.Pow(share, exponent) }
}

func kindsOfJobs() []family {
	return []family{
		{"steady", func(*rand.Rand) func(float64) float64 { return power(1) }, false},
		{"slows down", func(r *rand.Rand) func(float64) float64 { return power(0.55 + 0.35*r.Float64()) }, false},
		{"speeds up", func(r *rand.Rand) func(float64) float64 { return power(1.1 + 0.7*r.Float64()) }, false},
		{"unsteady", func(r *rand.Rand) func(float64) float64 {
			return stretches(20+r.IntN(60), func(int) float64 { return math.Exp(0.7 * r.NormFloat64()) })
		}, false},
		{"stands a fifth of the time", func(r *rand.Rand) func(float64) float64 {
			return stretches(60, func(int) float64 { return min(1, math.Floor(5*r.Float64())) })
		}, false},
		{"moves in 12 to 41 steps", func(r *rand.Rand) func(float64) float64 {
			n := float64(12 + r.IntN(30))
			return func(share float64) float64 { return math.Floor(share*n) / n }
		}, false},
		{"two phases", func(r *rand.Rand) func(float64) float64 {
			return turning(0.4+0.4*r.Float64(), 1, 0.4+1.2*r.Float64())
		}, false},
		{"half as fast from the middle on", func(*rand.Rand) func(float64) float64 { return turning(0.5, 2, 1) }, false},
		{"three times as fast by day as by night", func(r *rand.Rand) func(float64) float64 {
			from := r.Float64()
			return stretches(240, func(i int) float64 { return 1 + 0.5*math.Sin(2*math.Pi*(float64(i)/60+from)) })
		}, false},
		{"long tail: half of the time for the last 5 %", func(*rand.Rand) func(float64) float64 { return turning(0.5, 19, 1) }, true},
	}
}

// trial is what ranges of a family were worth.
type trial struct {
	said, held int
	widths     []float64 // how many times as far away as the early end the late one was
}

// try looks at forty jobs of a family, of half an hour to a day, twenty times each.
func (f *family) try() (t trial) {
	begin := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	for seed := range uint64(40) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		length := time.Duration(float64(30*time.Minute) * math.Pow(48, rnd.Float64()))
		curve, interval := f.curve(rnd), []time.Duration{15 * time.Second, time.Minute}[rnd.IntN(2)]
		var p pace
		for at, next := time.Duration(0), 0.05; at < length; at += interval {
			now, share := begin.Add(at), at.Seconds()/length.Seconds()
			ratio := math.Floor(1000*curve(share)) / 1000
			p.add(now, &ratio)
			if share < next || share > 0.96 {
				continue
			}
			next += 0.05
			said := p.forecast(now)
			if said.likely.IsZero() {
				continue
			}
			t.said++
			if end := begin.Add(length); !end.Before(said.early) && !end.After(said.late) {
				t.held++
			}
			t.widths = append(t.widths, said.late.Sub(now).Seconds()/said.early.Sub(now).Seconds())
		}
	}
	slices.Sort(t.widths)
	return t
}

func (t *trial) coverage() float64 { return 100 * float64(t.held) / float64(t.said) }

const estimates = "../../docs/estimates.md"

// Ranges hold what they promise: of all jobs at least 85 %, of each family 70 %, and none
// is so wide that it tells nothing. The page has the table.
func TestRangesHold(t *testing.T) {
	var all trial
	lines := []string{"| jobs | ranges that held | width, median | widest |", "|---|---|---|---|"}
	for _, f := range kindsOfJobs() {
		tried := f.try()
		widest := tried.widths[len(tried.widths)-1]
		lines = append(lines, fmt.Sprintf("| %s | %.1f %% of %d | %.1f | %.1f |", f.name, tried.coverage(), tried.said, tried.widths[len(tried.widths)/2], widest))
		if widest > rangeWidest+0.01 {
			t.Errorf("%s: a range is %.2f times as wide", f.name, widest)
		}
		if f.exempt {
			continue
		}
		if tried.coverage() < 70 {
			t.Errorf("%s: %.1f %% held", f.name, tried.coverage())
		}
		all.said, all.held = all.said+tried.said, all.held+tried.held
	}
	if all.coverage() < 85 {
		t.Errorf("%.1f %% held", all.coverage())
	}
	lines = append(lines, fmt.Sprintf("| all but the long tail | %.1f %% of %d | | |", all.coverage(), all.said))
	page, err := os.ReadFile(estimates)
	if err != nil {
		t.Fatal(err)
	}
	if table := strings.Join(lines, "\n"); !strings.Contains(string(page), table) {
		t.Errorf("%s has another table than\n%s", estimates, table)
	}
}

// The range lies around what is likely, and is there whenever that is.
func TestForecast(t *testing.T) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	var p pace
	if got := p.forecast(now); got != (forecast{}) {
		t.Errorf("nothing was seen, but %v", got)
	}
	for i := range 61 {
		ratio := 0.01 * float64(i)
		p.add(now.Add(time.Duration(i)*time.Minute), &ratio)
	}
	now = now.Add(time.Hour)
	got := p.forecast(now)
	if want := now.Add(40 * time.Minute); got.likely.Sub(want).Abs() > time.Second {
		t.Errorf("likely at %s, want %s", got.likely, want)
	}
	if early, late := got.early.Sub(now), got.late.Sub(now); early < 20*time.Minute || early > 35*time.Minute || late < 52*time.Minute || late > 75*time.Minute {
		t.Errorf("from %s to %s", early, late)
	}
	// It has stood for an hour since: nobody knows that it will not go on at once.
	now = now.Add(time.Hour)
	if later := p.forecast(now); !later.early.Before(later.likely) || !later.late.After(later.likely) || !later.late.After(got.late) {
		t.Errorf("an hour later: %v, before %v", later, got)
	}
	done := 1.0
	p.add(now, &done)
	if got := p.forecast(now); got != (forecast{}) {
		t.Errorf("it is done, but %v", got)
	}
}
