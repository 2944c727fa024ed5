package ledger

import (
	"math"
	"slices"
	"time"
)

const (
	earlierLeast = 3 // earlier runs without which they tell nothing

	// The range around what the earlier runs make likely: a factor of its own in any case, by
	// how much they differ, and together so much that the late end is earlierWidest times as
	// far away as the early one at most. Runs that differ by more than earlierApart from what
	// is likely tell nothing. docs/estimates.md has what comes of it.
	earlierBase   = 1.28
	earlierWidest = 2
	earlierApart  = 1.4

	// By which factor a run may be faster or slower than the nearest of the earlier ones, from
	// its beginning on and over the last marks, until it is not one like them. What is short
	// says little: so much of the whole, and as it is read once a minute or so, is left out of it.
	earlierUnlike     = 1.6
	earlierUnlikeLast = 2
	earlierLast       = 3 // marks
	earlierShort      = 0.02
	earlierInterval   = 30 // seconds
)

// forecast returns when a run will be done if it goes on as the earlier ones did, faster or
// slower by what it was so far. It is zero while it cannot be told by them.
func (c *course) forecast(now time.Time, runs []run) forecast {
	if len(runs) < earlierLeast || !c.begun || c.lost || c.took > 0 || c.unlike(runs) {
		return forecast{}
	}
	lefts := make([]float64, 0, maxRuns)
	for i := range runs {
		lefts = append(lefts, c.left(&runs[i]))
	}
	slices.Sort(lefts)
	n := len(lefts)
	likely, apart := math.Sqrt(lefts[(n-1)/2]*lefts[n/2]), math.Sqrt(lefts[n-1]/lefts[0])
	if apart > earlierApart {
		return forecast{}
	}
	half := min(earlierBase*apart, math.Sqrt(earlierWidest))
	return forecast{after(now, likely/half), after(now, likely), after(now, likely*half)}
}

// at returns when a run was at a mark, in seconds of work: 0 is its beginning, and what
// comes behind the last one its end.
func (r *run) at(mark int) float64 {
	switch {
	case mark <= 0:
		return 0
	case mark > marks:
		return float64(r.took)
	}
	return float64(r.reached[mark-1])
}

// at returns when the run was at a mark that it has reached.
func (c *course) at(mark int) float64 {
	if mark <= 0 {
		return 0
	}
	return float64(c.reached[mark-1])
}

// since returns for how many seconds the run has worked since its last mark.
func (c *course) since() float64 { return c.worked.Seconds() - c.at(c.marks) }

// left returns how many seconds are left if the run goes on as an earlier one. How fast it
// was until its last mark counts the more, the farther that is.
func (c *course) left(r *run) float64 {
	took, factor := r.at(marks+1), 1.0
	if own, its := c.at(c.marks), r.at(c.marks); own > 0 && its > 0 {
		factor = math.Pow(own/its, math.Sqrt(its/took))
	}
	left := factor*(took-r.at(c.marks)) - c.since()
	return max(left, factor*(took-r.at(c.marks+1)), took/100, 1) // the next mark was not reached
}

// unlike reports whether the run is too far from each of the earlier ones for them to say
// anything about it.
func (c *course) unlike(runs []run) bool {
	before := max(c.marks-earlierLast, 0)
	whole, last, next := math.Inf(1), math.Inf(1), 0.0
	for i := range runs {
		r := &runs[i]
		short := earlierShort*r.at(marks+1) + earlierInterval
		whole = min(whole, apart(c.at(c.marks)+short, r.at(c.marks)+short))
		last = min(last, apart(c.at(c.marks)-c.at(before)+short, r.at(c.marks)-r.at(before)+short))
		next = max(next, r.at(c.marks+1)-r.at(c.marks)+short)
	}
	return whole > earlierUnlike || last > earlierUnlikeLast || c.since() > earlierUnlikeLast*next
}

// apart returns by which factor two times differ.
func apart(a, b float64) float64 { return max(a/b, b/a) }
