package ledger

import (
	"time"

	"progress_exporter/collector/progress"
)

const (
	// maxJobs bounds the probed jobs that are remembered; the one unseen for the
	// longest time makes room.
	maxJobs = 10_000
	// jobMemory is how long a probed job is remembered that nobody asks for.
	jobMemory = 24 * time.Hour
	// sweepEvery is how often the ledger looks for jobs to forget.
	sweepEvery = time.Minute
)

// Keep forgets every target but those with these keys, with all its jobs. What the file
// remembers of others stays while the list is not complete.
func (l *Ledger) Keep(keys []Key, incomplete bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := make(map[Key]bool, len(keys))
	for _, k := range keys {
		known[k] = true
	}
	for k := range l.entries {
		of := k
		of.Job = ""
		if !known[of] {
			l.forget(k)
			l.changed = true
		}
	}
	if l.past != nil {
		l.past.forget(keys, incomplete, l.now())
	}
}

// Jobs returns how many keys there is something to remember of: jobs that were probed or
// are in lists, and targets that were read, which need not be all of the configuration's.
func (l *Ledger) Jobs() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.probed + l.listed
	for k, e := range l.entries {
		if k.Job == "" && e.last != nil {
			n++
		}
	}
	return n
}

func newEntry(api *progress.API, now time.Time) *Entry {
	e := &Entry{
		jobCodes:     newCodeCounter(api.ErrorCodes),
		nodeCodes:    newCodeCounter(api.NodeErrorCodes),
		failureCodes: newCodeCounter(nil),
	}
	e.Created = now
	e.JobErrors, e.NodeErrors = e.jobCodes.counts, e.nodeCodes.counts
	return e
}

func (l *Ledger) entry(k Key, api *progress.API) *Entry {
	now := l.now()
	l.sweep(now)
	e, ok := l.entries[k]
	if !ok {
		if k.Job != "" && l.probed >= maxJobs {
			l.forgetOldest()
		}
		e = newEntry(api, now)
		if l.past != nil {
			l.past.takeUp(k, e)
		}
		l.entries[k] = e
		if k.Job != "" {
			l.probed++
		}
	}
	e.seen = now
	return e
}

// sweep forgets the probed jobs that nobody asked for in a long time.
func (l *Ledger) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	for k, e := range l.entries {
		if k.Job != "" && e.listed == nil && now.Sub(e.seen) >= jobMemory {
			l.forget(k)
		}
	}
}

func (l *Ledger) forgetOldest() {
	var oldest Key
	var at time.Time
	for k, e := range l.entries {
		if k.Job != "" && e.listed == nil && (at.IsZero() || e.seen.Before(at)) {
			oldest, at = k, e.seen
		}
	}
	l.forget(oldest)
}

func (l *Ledger) forget(k Key) {
	switch {
	case l.entries[k].listed != nil:
		l.listed--
	case k.Job != "":
		l.probed--
	}
	delete(l.entries, k)
}
