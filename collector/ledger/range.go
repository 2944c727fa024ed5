package ledger

import (
	"math"
	"time"
)

const (
	// What the speeds of the past do not tell: by which factor a job may be quicker than at
	// its best, or slower than at its worst, when it is nearly done; and how much more that
	// is at its beginning. docs/estimates.md has what comes of it.
	rangeQuicker = 1.15
	rangeSlower  = 1.3
	rangeUnseen  = 0.9
	// rangeWidest is how many times as far away as the early end the late one is at most: a
	// wider range would tell nothing.
	rangeWidest = 5.5
)

// forecast is when a job will be done. It is zero while that cannot be told.
type forecast struct{ early, likely, late time.Time }

// forecast returns when the job will be done at its present speed, and the range that its
// speeds so far leave: between the last minutes and all that was watched, and wider the
// less of the way was watched.
func (p *pace) forecast(now time.Time) forecast {
	end := p.end(now)
	if end.IsZero() {
		return forecast{}
	}
	likely := end.Sub(now).Seconds()
	early, late, watched := likely, likely, 0.0
	for _, window := range []time.Duration{paceSpurt, paceWindow, paceLong} {
		s := p.since(now, window)
		if s.perSecond <= 0 {
			continue
		}
		left := max((1-p.last)/s.perSecond-now.Sub(s.at).Seconds(), 0)
		early, late, watched = min(early, left), max(late, left), max(watched, s.watched.Seconds())
	}
	unseen := 0.0
	if likely > 0 {
		unseen = rangeUnseen * likely / (likely + watched)
	}
	early = max(early/(rangeQuicker+unseen), likely/rangeWidest)
	late = min(late*(rangeSlower+unseen), likely*rangeWidest)
	if tooWide := math.Sqrt(late / (early * rangeWidest)); tooWide > 1 { // from both sides
		early, late = min(early*tooWide, likely), max(late/tooWide, likely)
	}
	return forecast{after(now, early), end, after(now, late)}
}

// after returns the moment that is so many seconds later.
func after(now time.Time, seconds float64) time.Time {
	return now.Add(time.Duration(min(seconds, farthest.Seconds()) * float64(time.Second)))
}
