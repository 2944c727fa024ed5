package collector

import (
	"time"

	"progress_exporter/collector/progress"
)

// verdict is what is made of a job's history at a good read. The metrics, the page and
// progressctl all say this and nothing of their own.
type verdict struct {
	// still is since when the job stands still although it should move; zero while it may
	// stand still, and while that is undecided.
	still time.Time
	// undecided: other processes of the migration would have to be known to tell.
	undecided bool
	rate      float64   // share of the work that is done in a second; 0: not known
	expected  time.Time // when the job, or the whole migration, will be done; zero: not known
}

// stalled reports whether the job has stood still for too long, up to its last good
// read: a job that nobody looks at has not stalled. It never has with a stallAfter of 0.
func (m *memory) stalled(stallAfter time.Duration) bool {
	return stallAfter > 0 && !m.still.IsZero() && m.lastRead.Sub(m.still) > stallAfter
}

// mayStandStill reports whether nothing has to move: there is no job, it has ended, it
// waits for its operator, or the product shows nothing of what it does now.
func mayStandStill(rep *progress.Report) bool {
	switch rep.State {
	case progress.Running, progress.Pending, progress.Unknown:
		return rep.Quiet
	}
	return true
}

// judge fills in the verdict at a good read.
func (e *entry) judge(rep *progress.Report, at time.Time) {
	e.verdict = verdict{}
	e.copied, e.total = rep.CopiedBytes, rep.TotalBytes
	if mayStandStill(rep) {
		e.excused = at
	} else {
		e.judgeStill(at)
	}
	if rep.State == progress.Running || rep.State == progress.Ready {
		e.judgePace(rep, at)
	} else { // a pause is no work
		e.pace = pace{}
		if e.migration != nil {
			e.migration.pace, e.migration.expected = pace{}, time.Time{}
		}
	}
}

// judgeStill tells since when the job stands still. What may have stood still until now
// has its whole time again: canCommit of mongosync, for example, changes back and forth.
func (e *entry) judgeStill(at time.Time) {
	moved := e.lastChange
	if e.migration != nil {
		var known bool
		if moved, known = e.migration.moved(e, at); !known {
			e.undecided = true
			return
		}
	}
	e.still = moved
	if e.excused.After(moved) {
		e.still = e.excused
	}
}

// judgePace tells how fast the job is, and when it will be done.
func (e *entry) judgePace(rep *progress.Report, at time.Time) {
	e.pace.add(at, rep.Ratio)
	e.rate = e.pace.rate(at)
	expected := e.pace.end(at)
	if e.migration != nil { // no part reaches 1, and all are done together
		expected = e.migration.end(e, at)
	}
	if rep.State == progress.Running {
		e.expected = expected
	}
}
