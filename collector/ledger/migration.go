package ledger

import (
	"iter"
	"slices"
	"time"

	"progress_exporter/collector/progress"
)

// lookLag is how much older the last read of another process may be.
const lookLag = 10 * time.Minute

// migration is a job that several targets are parts of. None of them alone can tell how
// far it is or whether it has stalled: each reports the bytes that it copied itself
// beside the total of all, and one that has finished its share early stands still. Its
// fields belong to the ledger's lock.
type migration struct {
	members  []*Entry  // the targets; a list stands for its jobs
	pace     pace      // of the ratio of the whole
	round    time.Time // when every part had last been read once more
	expected forecast  // when the whole will be done, as of then
}

// migrationKey tells migrations apart.
type migrationKey struct{ api, name string }

// parts yields the processes of the migration: the targets, and in the place of a list the
// jobs in it. A list of which jobs are missing, because it was never read or was cut, is
// there itself, as a part of which nothing is known.
func (m *migration) parts() iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		for _, e := range m.members {
			if (e.list == nil || e.list.full || e.LastRead.IsZero()) && !yield(e) {
				return
			}
			if e.list == nil {
				continue
			}
			for _, job := range e.list.jobs {
				if job.listed.left.IsZero() && !yield(job) {
					return
				}
			}
		}
	}
}

// alone reports whether the migration is one process: a job like any other.
func (m *migration) alone() bool {
	n := 0
	for range m.parts() {
		if n++; n > 1 {
			return false
		}
	}
	return true
}

// whole returns the migration that an entry is one of several parts of; nil: it is a job of
// its own, or a list of jobs.
func (e *Entry) whole() *migration {
	m := e.migration
	if e.listed != nil {
		m = e.listed.of.migration
		if !e.listed.left.IsZero() {
			return nil
		}
	}
	if m == nil || e.list != nil || m.alone() {
		return nil
	}
	return m
}

// ratio returns how far the whole is; nil unless every part has said its bytes. One that
// said no total yet, or the placeholder of 1 byte, has copied nothing.
func (m *migration) ratio(e *Entry, at time.Time) *float64 {
	var copied, total float64
	for p := range m.parts() {
		switch {
		case p != e && !p.readBy(at):
			return nil
		case p.copied == nil || p.total == nil:
			return nil
		}
		copied, total = copied+*p.copied, max(total, *p.total)
	}
	if total <= 1 {
		return nil
	}
	return progress.Ptr(min(copied/total, 1))
}

// end returns when the whole will be done; zero while that is not known. It is looked at
// once a round, when every part was read anew, because a step of one part alone would be
// half a step of the whole, and so that all parts say the same.
func (m *migration) end(e *Entry, at time.Time) forecast {
	ratio := m.ratio(e, at)
	if ratio == nil {
		return forecast{}
	}
	for p := range m.parts() {
		if !p.LastRead.After(m.round) {
			return m.expected
		}
	}
	m.pace.add(at, ratio)
	m.round, m.expected = at, m.pace.forecast(at)
	return m.expected
}

// moved returns when any part moved last, as far as e's read at that time can know;
// false if a part is not known well enough to say.
func (m *migration) moved(e *Entry, at time.Time) (time.Time, bool) {
	last := e.LastChange
	for p := range m.parts() {
		switch {
		case p == e || p.elsewhere(e, at):
			continue
		case p.failure != "" || !p.readBy(at):
			return time.Time{}, false
		case p.LastChange.After(last):
			last = p.LastChange
		}
	}
	return last, true
}

// judgeParts judges the jobs of a list once more that are parts of one migration: those that
// were recorded first did not know yet what the same read says of the others.
func (e *Entry) judgeParts(r *Result) {
	if e.migration == nil {
		return
	}
	for i := range r.Jobs {
		j := &r.Jobs[i]
		if job := e.list.jobs[j.ID]; job != nil && j.Result.Err == nil {
			job.judge(&j.Result.Report, job.LastRead)
		}
	}
}

// readBy reports whether the last good read of a part is about as new as that of
// another, at that time.
func (e *Entry) readBy(at time.Time) bool {
	return e.list == nil && !e.LastRead.IsZero() && at.Sub(e.LastRead) <= lookLag
}

// elsewhere reports whether another exporter probably reads this part of the migration,
// as where exporters share targets: it was never read here, although other parts have
// been for long enough.
func (e *Entry) elsewhere(other *Entry, at time.Time) bool {
	return e.last == nil && !other.begun.IsZero() && at.Sub(other.begun) > lookLag
}

// PartOf reports whether an entry is part of a migration that another in the list is
// part of, too.
func (l *Ledger) PartOf(e *Entry, list []*Entry) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return e.migration != nil && slices.ContainsFunc(list, func(of *Entry) bool { return of.migration == e.migration })
}

// Member is a target, and the name of the migration that it, or each job in its list, is part
// of; empty if it is part of none.
type Member struct {
	Entry     *Entry // of the target, or of the list whose jobs are parts
	API       string // the product's name
	Migration string // the value of its label migration
}

// Join makes the targets of a plan that share a migration parts of one, and keeps what is
// known of the migrations that there were.
func (l *Ledger) Join(list []Member) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next := map[migrationKey]*migration{}
	for _, t := range list {
		t.Entry.migration = nil
		if t.Migration == "" {
			continue
		}
		k := migrationKey{t.API, t.Migration}
		m := next[k]
		if m == nil {
			m = &migration{}
			if old := l.migrations[k]; old != nil {
				m.pace, m.round, m.expected = old.pace, old.round, old.expected
			} else if l.past != nil {
				m.pace = paceFrom(l.past.migrations[k])
			}
			next[k] = m
		}
		m.members = append(m.members, t.Entry)
		t.Entry.migration = m
	}
	l.migrations = next
}
