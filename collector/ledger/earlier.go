package ledger

import (
	"math"
	"slices"
	"time"
)

const (
	earlierLeast = 3 // earlier runs without which they tell nothing

	// The range around what the earlier runs make likely: a factor of its own in any case, by
	// how much they differ there, and together so much that the late end is earlierWidest
	// times as far away as the early one at most. docs/estimates.md has what comes of it.
	earlierBase   = 1.28
	earlierWidest = 2
	// Runs tell nothing if what they say at a mark is farther than earlierApart from its middle,
	// or if they would have been wrong about each other by more than earlierError, as the
	// square mean of logarithms: with more, too few ends lie in a range so narrow.
	earlierApart = 1.4
	earlierError = 0.26

	// By which factor a run may be faster or slower than the nearest of the earlier ones, from
	// its beginning on and over the last marks, until it is not one like them. What is short
	// says little: so much of the whole, and as it is read once a minute or so, is left out of it.
	earlierUnlike     = 1.6
	earlierUnlikeLast = 2
	earlierLast       = 3 // marks
	earlierShort      = 0.02
	earlierInterval   = 30 // seconds
)

// earlier are the runs of a target that ended well.
type earlier struct {
	runs  []run // oldest first; replaced, never changed
	wrong bool  // they would have been wrong about each other
}

// earlierFrom returns the last of these runs.
func earlierFrom(runs []run) earlier {
	runs = runs[max(len(runs)-maxRuns, 0):]
	return earlier{runs, misjudge(runs)}
}

// and returns the runs with one more.
func (e earlier) and(r *run) earlier { return earlierFrom(append(slices.Clone(e.runs), *r)) }

// misjudge reports whether runs say too little about each other, as where each stands at
// other places for other times.
func misjudge(runs []run) bool {
	square, n := 0.0, 0
	for i := range runs {
		for j := range runs {
			for k := marks / 4; k < marks && i != j; k++ {
				real, said := runs[i].at(marks+1)-runs[i].at(k), runs[j].left(k, runs[i].at(k))
				square, n = square+math.Pow(math.Log(max(said, 1)/max(real, 1)), 2), n+1
			}
		}
	}
	return square > float64(n)*earlierError*earlierError
}

// forecast returns when a run will be done if it goes on as the earlier ones did, faster or
// slower by what it was so far. It is zero while it cannot be told by them.
func (c *course) forecast(now time.Time, by *earlier) forecast {
	if len(by.runs) < earlierLeast || by.wrong || !c.begun || c.lost || c.took > 0 || c.unlike(by.runs) {
		return forecast{}
	}
	lefts := make([]float64, 0, maxRuns)
	for i := range by.runs {
		lefts = append(lefts, c.left(&by.runs[i]))
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

// factor is how many times as long as the run another one will take for what is left, which
// came to a mark in so many seconds. That counts the more, the farther the mark is.
func (r *run) factor(mark int, own float64) float64 {
	its := r.at(mark)
	if own <= 0 || its <= 0 {
		return 1
	}
	return math.Pow(own/its, math.Sqrt(its/r.at(marks+1)))
}

// left returns how many seconds are left to another run that is at a mark, if it goes on
// like this one.
func (r *run) left(mark int, own float64) float64 {
	return r.factor(mark, own) * (r.at(marks+1) - r.at(mark))
}

// left returns how many seconds are left if the run goes on as an earlier one.
func (c *course) left(r *run) float64 {
	own, took := c.at(c.marks), r.at(marks+1)
	next := r.factor(c.marks, own) * (took - r.at(c.marks+1)) // that mark was not reached
	return max(r.left(c.marks, own)-c.since(), next, took/100, 1)
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
