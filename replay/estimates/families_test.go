package estimates

import (
	"math"
	"math/rand/v2"
)

// curve is how much of a job is done at a share of its whole time.
type curve func(share float64) float64

// family is a kind of jobs. A target has its own traits, and each of its runs is a little
// different.
type family struct {
	name   string
	target func(*rand.Rand) func(*rand.Rand) curve
	// longTail says that nothing in the past of a run tells of what comes.
	longTail bool
	// lengths are how many times as long as usual each run of a target takes; nil: as usual.
	lengths []float64
}

// stretches is a curve of so many stretches of equal time, each with its speed.
func stretches(n int, speed func(i int) float64) curve {
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
func turning(at, first, then float64) curve {
	return stretches(100, func(i int) float64 {
		if float64(i) < 100*at {
			return first
		}
		return then
	})
}

func power(exponent float64) curve {
	return func(share float64) float64 { return math.Pow(share, exponent) }
}

// about returns something that lies by at most so much above or below a value.
func about(r *rand.Rand, value, by float64) float64 { return value + by*(2*r.Float64()-1) }

// alike is a family whose targets are alike, and whose runs differ.
func alike(run func(*rand.Rand) curve) func(*rand.Rand) func(*rand.Rand) curve {
	return func(*rand.Rand) func(*rand.Rand) curve { return run }
}

func families() []family {
	steady := alike(func(*rand.Rand) curve { return power(1) })
	return []family{
		{name: "steady", target: steady},
		{name: "slows down", target: func(r *rand.Rand) func(*rand.Rand) curve {
			exponent := 0.55 + 0.35*r.Float64()
			return func(r *rand.Rand) curve { return power(about(r, exponent, 0.05)) }
		}},
		{name: "speeds up", target: func(r *rand.Rand) func(*rand.Rand) curve {
			exponent := 1.1 + 0.7*r.Float64()
			return func(r *rand.Rand) curve { return power(about(r, exponent, 0.05)) }
		}},
		{name: "unsteady", target: func(r *rand.Rand) func(*rand.Rand) curve {
			n := 20 + r.IntN(60)
			return func(r *rand.Rand) curve {
				return stretches(n, func(int) float64 { return math.Exp(0.7 * r.NormFloat64()) })
			}
		}},
		{name: "stands a fifth of the time", target: alike(func(r *rand.Rand) curve {
			return stretches(60, func(int) float64 { return min(1, math.Floor(5*r.Float64())) })
		})},
		{name: "bursts, stands four fifths of the time", target: func(r *rand.Rand) func(*rand.Rand) curve {
			n := 60 + r.IntN(120)
			return func(r *rand.Rand) curve {
				return stretches(n, func(i int) float64 {
					if i == n-1 {
						return 1
					}
					return math.Floor(1.25 * r.Float64())
				})
			}
		}},
		{name: "seldom moves, in 12 to 41 steps", target: func(r *rand.Rand) func(*rand.Rand) curve {
			n := 12 + r.IntN(30)
			return func(r *rand.Rand) curve {
				way := stretches(n, func(int) float64 { return math.Exp(0.3 * r.NormFloat64()) })
				return func(share float64) float64 { return math.Floor(way(share)*float64(n)) / float64(n) }
			}
		}},
		{name: "two phases", target: func(r *rand.Rand) func(*rand.Rand) curve {
			at, then := 0.4+0.4*r.Float64(), 0.4+1.2*r.Float64()
			return func(r *rand.Rand) curve { return turning(about(r, at, 0.03), 1, about(r, then, then/10)) }
		}},
		{name: "half as fast from the middle on", target: alike(func(r *rand.Rand) curve { return turning(about(r, 0.5, 0.03), 2, 1) })},
		{name: "three times as fast by day as by night", target: func(r *rand.Rand) func(*rand.Rand) curve {
			began := r.Float64()
			return func(r *rand.Rand) curve {
				from := about(r, began, 0.03)
				return stretches(240, func(i int) float64 { return 1 + 0.5*math.Sin(2*math.Pi*(float64(i)/60+from)) })
			}
		}},
		{name: "long tail: half of the time for the last 5 %", target: alike(func(r *rand.Rand) curve { return turning(about(r, 0.5, 0.05), 19, 1) }), longTail: true},
		{name: "each run a fifth longer than the one before", target: steady, lengths: []float64{1, 1.2, 1.44, 1.73}},
		{name: "two and a half times as long as the earlier ones", target: steady, lengths: []float64{1, 1, 1, 2.5}},
		{name: "two fifths as long as the earlier ones", target: steady, lengths: []float64{1, 1, 1, 0.4}},
	}
}
