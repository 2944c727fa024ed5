package ledger

import (
	"time"

	"progress_exporter/collector/progress"
)

// Verdict is the judgement of a job's history at a good read. The metrics, the page and
// progressctl all show this one and do not judge themselves.
type Verdict struct {
	// Still is since when the job stands still although it should move; zero while it may
	// stand still, and while that is undecided.
	Still time.Time
	// Undecided is true while that depends on other processes of the migration that were
	// not read yet.
	Undecided bool
	Rate      float64   // share of the work that is done in a second; 0: not known
	Expected  time.Time // when the job, or the whole migration, will be done; zero: not known
	// Earliest and Latest are the range around Expected that earlier runs or the speeds so far
	// allow; zero if Expected is zero.
	Earliest, Latest time.Time
	// Whole is how much of the migration is done, from 0 to 1, of which the job is a part;
	// nil: it is a job of its own, or that is not known.
	Whole *float64
}

// Stalled reports whether the job has stood still for longer than stallAfter, up to its
// last good read: time without reads does not count. With a stallAfter of 0 it is
// always false.
func (m *Memory) Stalled(stallAfter time.Duration) bool {
	return stallAfter > 0 && !m.Still.IsZero() && m.LastRead.Sub(m.Still) > stallAfter
}

// mayStandStill reports whether nothing has to move: there is no job, it has ended, it
// waits for its operator, or the product does not show progress of what it does now.
func mayStandStill(rep *progress.Report) bool {
	switch rep.State {
	case progress.Running, progress.Pending, progress.Unknown:
		return rep.Quiet
	}
	return true
}

// judge fills in the verdict at a good read.
func (e *Entry) judge(rep *progress.Report, at time.Time) {
	e.Verdict = Verdict{}
	e.copied, e.total = rep.CopiedBytes, rep.TotalBytes
	whole := e.whole()
	if whole != nil {
		e.Whole = whole.ratio(e, at)
	}
	e.judgeCourse(whole, rep, at)
	if mayStandStill(rep) {
		e.excused = at
	} else {
		e.judgeStill(whole, at)
	}
	if rep.State == progress.Running || rep.State == progress.Ready {
		e.judgePace(whole, rep, at)
	} else { // a pause is no work
		e.pace = pace{}
		if whole != nil {
			whole.pace, whole.expected = pace{}, forecast{}
		}
	}
}

// judgeStill tells since when the job stands still. What may have stood still until now
// has its whole time again: canCommit of mongosync, for example, changes back and forth.
func (e *Entry) judgeStill(whole *migration, at time.Time) {
	moved := e.LastChange
	if whole != nil {
		var known bool
		if moved, known = whole.moved(e, at); !known {
			e.Undecided = true
			return
		}
	}
	e.Still = moved
	if e.excused.After(moved) {
		e.Still = e.excused
	}
}

// judgePace tells how fast the job is, and when it will be done.
func (e *Entry) judgePace(whole *migration, rep *progress.Report, at time.Time) {
	e.pace.add(at, rep.Ratio)
	e.Rate = e.pace.rate(at)
	expected := e.course.forecast(at, &e.earlier)
	switch {
	case whole != nil: // no part reaches 1, and all are done together
		expected = whole.end(e, at)
	case expected.likely.IsZero():
		expected = e.pace.forecast(at)
	}
	if rep.State == progress.Running {
		e.Earliest, e.Expected, e.Latest = expected.early, expected.likely, expected.late
	}
}

// judgeCourse remembers how far the job came in how much time, and that of the runs that
// ended well. A process of a migration never does the whole work, and a job of a list is
// seldom run twice.
func (e *Entry) judgeCourse(whole *migration, rep *progress.Report, at time.Time) {
	if whole != nil || e.listed != nil {
		e.course, e.earlier = course{}, earlier{}
		return
	}
	if ended := e.course.add(at, rep); ended != nil {
		e.earlier = e.earlier.and(ended)
	}
}
