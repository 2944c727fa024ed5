package ledger

import (
	"math"
	"time"

	"progress_exporter/collector/progress"
)

const (
	// marks is how many shares of the work are remembered with the time that they took: each
	// twentieth but the last, and 99 %, where many a job stays for long.
	marks = 20
	// courseBegins is the ratio up to which a run that is seen first counts as seen from its
	// beginning.
	courseBegins = 0.1
	// Between two reads there may be a tenth of what the run has taken so far, and courseGap
	// in any case. After a longer break nobody knows how long the run worked.
	courseGap = 10 * time.Minute

	maxRuns = 5 // earlier runs that are remembered of a target
)

// mark returns the share of the work that is the i-th mark.
func mark(i int) float64 {
	if i == marks-1 {
		return 0.99
	}
	return float64(i+1) / marks
}

// run is the course of a run that ended well, in seconds of work.
type run struct {
	took    uint32        // until it was done
	reached [marks]uint32 // until each mark; never more than took
}

// course is how far a run of a job came in how much time. Only time in which it ran counts:
// waiting for a place or for an operator, and a pause, are no work.
type course struct {
	begun   bool          // it was seen running
	lost    bool          // of no use: its beginning was not seen, it was not watched all the time, it failed, or it is told already
	worked  time.Duration // for how long it ran
	ran     time.Time     // when it was last read, if it ran then; zero: it did not
	ratio   float64       // the last one
	marks   int           // how many were reached
	reached [marks]uint32 // when, in seconds of work
	took    uint32        // seconds of work until the ratio was 1 or the job succeeded; 0: it is not done
}

// add adds a good read. It returns the run once that has ended well.
func (c *course) add(at time.Time, rep *progress.Report) *run {
	if rep.Ratio != nil && *rep.Ratio < c.ratio-paceStep { // another beginning
		*c = course{}
	}
	if !c.begun {
		if rep.State != progress.Running || rep.Ratio == nil {
			return nil
		}
		c.begun, c.lost = true, *rep.Ratio > courseBegins
	}
	c.work(at, rep.State == progress.Running)
	if rep.Ratio != nil {
		c.ratio = *rep.Ratio
	}
	if rep.State == progress.Failed || rep.State == progress.Cancelled {
		c.lost = true
	}
	if c.lost {
		return nil
	}
	succeeded := rep.State == progress.Succeeded
	c.reach(succeeded)
	if !succeeded || c.took == 0 {
		return nil
	}
	c.lost = true // once is enough
	return &run{c.took, c.reached}
}

// work counts the time since the last read, if the job ran then.
func (c *course) work(at time.Time, running bool) {
	if since := at.Sub(c.ran); !c.ran.IsZero() && since > 0 {
		c.lost = c.lost || since > max(courseGap, c.worked/10)
		c.worked += since
	}
	c.ran = time.Time{}
	if running {
		c.ran = at
	}
}

// reach notes the marks that the ratio has passed, and the end.
func (c *course) reach(succeeded bool) {
	if c.took > 0 {
		return
	}
	worked, done := seconds(c.worked), succeeded || c.ratio >= 1
	for c.marks < marks && (done || c.ratio >= mark(c.marks)) {
		c.reached[c.marks] = worked
		c.marks++
	}
	if done {
		c.took = worked
	}
}

// seconds returns whole seconds, as many as there is room for.
func seconds(d time.Duration) uint32 { return uint32(min(d.Seconds(), math.MaxUint32)) }
