package ledger

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/progress"
)

const (
	// listMemory is for how long a job that left its list is shown as none and remembered:
	// as far as rules look back for one that vanished.
	listMemory = time.Hour
	// maxListed bounds the jobs of all lists together. One more waits until another has left
	// and is forgotten: none makes room for it, and none for a job that is probed.
	maxListed = 50_000
)

// ListedJob is what a read of a list says about one job in it.
type ListedJob struct {
	ID, Name string
	Result   *Result
}

// KnownJob is a job of a list as the last read left it: one that was in the list, or that
// left it not long ago.
type KnownJob struct {
	ID, Name string
	Outcome
}

// list is what an entry remembers that is a list of jobs.
type list struct {
	jobs map[string]*Entry
	full bool // the last good read had more jobs than there was room for
}

// listed is what an entry remembers that is a job of a list.
type listed struct {
	of       *Entry // the list
	id, name string
	hidden   bool      // it is in the list, but was cut
	left     time.Time // when it was first missed in the list; zero: it is there
}

// JobsNews is what a read of a list says about its jobs that was not so before.
type JobsNews struct {
	Words  []string    // for states that are unknown, sorted
	Failed []ListedJob // could not be read, although the list was
}

// RecordList is Record for a read of a list: of its jobs at most so many are shown.
func (l *Ledger) RecordList(k Key, api *progress.API, most int, e *Entry, r *Result) (Memory, Change, JobsNews) {
	l.mu.Lock()
	defer l.mu.Unlock()
	watched := !e.LastRead.IsZero() && (e.list == nil || !e.list.full)
	late := r.Started.Before(e.applied)
	if e.list == nil {
		e.list = &list{jobs: map[string]*Entry{}}
		l.recallJobs(k, api, e)
	}
	_, changed := l.record(e, r)
	if late {
		return e.Memory, changed, JobsNews{}
	}
	now := r.Started.Add(r.Duration)
	var news JobsNews
	if r.Err == nil {
		news = l.recordJobs(k, api, e, r, watched, now)
		l.forgetLeft(k, e, most, now)
	} else {
		for _, job := range e.list.jobs {
			l.record(job, &Result{Err: r.Err, Started: r.Started, Duration: r.Duration})
			job.seen = now
		}
	}
	e.Jobs = e.list.known()
	return e.Memory, changed, news
}

// recordJobs records what a good read says about each job.
func (l *Ledger) recordJobs(k Key, api *progress.API, e *Entry, r *Result, watched bool, now time.Time) (news JobsNews) {
	l.lineUp(k, api, e, r, watched, now)
	for i := range r.Jobs {
		j := &r.Jobs[i]
		job := e.list.jobs[j.ID]
		if job == nil {
			continue // there was no room for it
		}
		j.Result.Duration = r.Duration
		switch _, changed := l.record(job, j.Result); changed {
		case UnknownWord:
			news.Words = append(news.Words, j.Result.Report.Word)
		case NewFailure:
			news.Failed = append(news.Failed, *j)
		}
		job.seen = now
	}
	for _, job := range e.list.jobs {
		if !job.listed.left.IsZero() {
			l.record(job, &Result{Report: progress.Report{State: progress.None}, Started: r.Started, Duration: r.Duration, WorkHash: job.workHash})
			job.seen = now
		}
	}
	e.judgeParts(r)
	slices.Sort(news.Words)
	news.Words = slices.Compact(news.Words)
	return news
}

// lineUp notes which jobs are in a list, before any of them is recorded, so that a migration
// knows its parts.
func (l *Ledger) lineUp(k Key, api *progress.API, e *Entry, r *Result, watched bool, now time.Time) {
	there := make(map[string]bool, len(r.Jobs)+len(r.CutJobs))
	cut := len(r.CutJobs)
	for i := range r.Jobs {
		j := &r.Jobs[i]
		there[j.ID] = true
		job := e.list.jobs[j.ID]
		if job == nil {
			if job = l.enlist(k, api, e, j.ID); job == nil {
				cut++
				continue
			}
			job.watched = watched
		}
		job.listed.name, job.listed.hidden, job.listed.left = j.Name, false, time.Time{}
	}
	for _, id := range r.CutJobs {
		there[id] = true
		if job := e.list.jobs[id]; job != nil {
			job.listed.hidden, job.listed.left, job.seen = true, time.Time{}, now
		}
	}
	for id, job := range e.list.jobs {
		if !there[id] {
			l.leave(job, now)
			job.listed.hidden = false
		}
	}
	e.CutJobs, e.list.full = cut, cut > 0
}

// leave notes that a job is not in its list. A list of what goes on never shows an end: a job
// that was done by its ratio when it was last seen running has ended.
func (l *Ledger) leave(job *Entry, now time.Time) {
	if !job.listed.left.IsZero() {
		return
	}
	job.listed.left = now
	if before := job.Memory; !job.Ended && job.pace.known && job.pace.last >= 1 {
		job.Ended, job.End = true, now
		l.touch(job, &before)
	}
}

// enlist makes the entry of a job that is new in a list; nil if there is no room.
func (l *Ledger) enlist(k Key, api *progress.API, e *Entry, id string) *Entry {
	attached := l.entries[k] == e // and not of a target that is not in use any more
	k.Job = id
	job := l.entries[k]
	switch {
	case attached && job != nil: // probed, as long as the target was no list
		l.probed--
	case attached && l.listed >= maxListed:
		return nil
	default:
		job = newEntry(api, l.now())
		if l.past != nil {
			l.past.takeUp(k, job)
		}
	}
	job.listed = &listed{of: e, id: id}
	if attached {
		l.entries[k] = job
		l.listed++
	}
	e.list.jobs[id] = job
	return job
}

// recallJobs takes up the jobs of a list from the file, so that they are known also if the
// first read fails.
func (l *Ledger) recallJobs(k Key, api *progress.API, e *Entry) {
	if l.past == nil {
		return
	}
	for _, old := range l.past.listed(k) {
		if job := l.enlist(k, api, e, old.Job); job != nil {
			job.listed.name = old.JobName
		}
	}
}

// forgetLeft forgets the jobs that left a list long ago, and of many the first ones.
func (l *Ledger) forgetLeft(k Key, e *Entry, most int, now time.Time) {
	var gone []*Entry
	for _, job := range e.list.jobs {
		if !job.listed.left.IsZero() {
			gone = append(gone, job)
		}
	}
	slices.SortFunc(gone, func(a, b *Entry) int {
		return cmp.Or(b.listed.left.Compare(a.listed.left), strings.Compare(a.listed.id, b.listed.id))
	})
	for i, job := range gone {
		if i >= most || now.Sub(job.listed.left) >= listMemory {
			l.unlist(k, e, job)
		}
	}
	for _, job := range e.list.jobs {
		if job.listed.hidden && len(e.list.jobs) > 2*most { // cut, and not worth more room
			l.unlist(k, e, job)
		}
	}
}

// unlist forgets a job of a list.
func (l *Ledger) unlist(k Key, e, job *Entry) {
	delete(e.list.jobs, job.listed.id)
	k.Job = job.listed.id
	if l.entries[k] == job {
		l.forget(k)
		l.changed = true
	}
}

// known returns what is shown of a list, in the order of the ids.
func (l *list) known() []KnownJob {
	shown := make([]KnownJob, 0, len(l.jobs))
	for _, id := range slices.SortedFunc(maps.Keys(l.jobs), strings.Compare) {
		if job := l.jobs[id]; !job.listed.hidden && job.last != nil {
			shown = append(shown, KnownJob{id, job.listed.name, Outcome{job.last, job.Memory}})
		}
	}
	return shown
}

// unlistAll forgets all jobs of what is no list any more.
func (l *Ledger) unlistAll(e *Entry) {
	for k, job := range l.entries {
		if job.listed != nil && e.list.jobs[job.listed.id] == job {
			l.forget(k)
		}
	}
	e.list, e.Jobs, e.CutJobs, l.changed = nil, nil, 0, true
}
