package collector

import (
	"sync"
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

// key is what the ledger remembers something about: a target, or one job of a
// target that was probed with its own key. Home is the address at which the product is
// asked: under the same name, another manager or another migration is another job.
type key struct{ target, api, home, job string }

// memory is what the ledger knows about a key; a value, safe to keep.
type memory struct {
	reads, failures       float64
	jobErrors, nodeErrors []codeCount
	failureCode           string    // bounded error_code of the last read, if it failed
	lastRead              time.Time // when the last good read was made
	lastChange            time.Time // when work moved last
	firstSeen             time.Time // when this run of the job was first seen
	ended                 bool      // the job was seen ended
	end                   time.Time // when that was; zero if it had ended before it was first seen
	created               time.Time // when the counters began
	verdict
}

// change says what is worth a line in the log about a read.
type change int

const (
	nothingNew  change = iota
	newFailure         // the read failed in a way the one before did not
	recovered          // the read before failed, this one did not
	unknownWord        // the product used a word for the state that is not known
)

// ledger is the one object that remembers anything between two scrapes.
type ledger struct {
	mu         sync.Mutex
	entries    map[key]*entry
	migrations map[migrationKey]*migration
	probed     int // entries whose key has a job
	swept      time.Time
	now        func() time.Time
	past       *past // what the file remembers; nil: nothing is kept in one
	unsaved          // what is not in the file yet
}

// entry is the memory of one key.
type entry struct {
	memory
	jobCodes, nodeCodes, failureCodes codeCounter

	seen          time.Time // when somebody last asked for it
	applied       time.Time // when the newest read that counted began
	job           string    // the run that work and the edges belong to
	run           string    // its hash, as long as only the file has said it
	workHash      float64
	jobCode       string           // the code at the last good read of that run
	nodeCode      map[nodeKey]bool // the nodes' codes at that read
	last          *result          // the last read that counted; nil before it
	failure       string           // what the last read failed of; empty if it was good
	word          string           // the last word for an unknown state
	pace          pace             // of that run
	excused       time.Time        // the last good read at which the job was free to stand still
	copied, total *float64         // bytes, at the last good read
	begun         time.Time        // when this process first read it well
	migration     *migration       // that it is a part of; nil: it is a job of its own
	edges         int              // errors that were counted
	standing      int              // changes of the codes that stand
	file          saving
	until         time.Time // the product asked to be left alone until then
}

// nodeKey is one code of one node.
type nodeKey struct{ node, code string }

func newLedger(now func() time.Time) *ledger {
	return &ledger{entries: map[key]*entry{}, now: now}
}

// enter returns the entry of k, a new one if there is none, and remembers that
// somebody asked.
func (l *ledger) enter(k key, api *progress.API) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entry(k, api)
}

// recall returns what is known.
func (l *ledger) recall(e *entry) memory {
	l.mu.Lock()
	defer l.mu.Unlock()
	return e.memory
}

// record adds a read and returns what is known after it, and what it changed.
func (l *ledger) record(e *entry, r *result) (memory, change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before := e.memory
	e.reads++
	if r.err != nil {
		e.failures++
	}
	if r.started.Before(e.applied) {
		l.touch(e, &before)
		return e.memory, nothingNew // it came in late: it says nothing about now
	}
	e.applied, e.last = r.started, r
	var changed change
	if r.err != nil {
		changed = e.applyFailure(r)
	} else {
		changed = e.apply(r, l.past)
	}
	l.touch(e, &before)
	return e.memory, changed
}

// hold returns the last read if the product must not be asked again yet: because of
// the target's min_interval, or because the product said so.
func (l *ledger) hold(e *entry, minInterval time.Duration) (outcome, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.last == nil || minInterval == 0 && e.until.IsZero() {
		return outcome{}, false
	}
	now := l.now()
	if now.Sub(e.applied) >= minInterval && !now.Before(e.until) {
		return outcome{}, false
	}
	return outcome{result: e.last, memory: e.memory}, true
}

// last returns the last read without asking for a new one; an empty one before the
// first.
func (l *ledger) last(e *entry) outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.last == nil {
		return outcome{result: &result{}}
	}
	return outcome{result: e.last, memory: e.memory}
}

// cost returns how the last read went: how long it took and whether it was good.
// Before the first it costs nothing.
func (l *ledger) cost(e *entry) (took time.Duration, failing bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.last == nil {
		return 0, false
	}
	return e.last.duration, e.failure != ""
}

// keep forgets every target but those with these keys, with all its jobs. What the file
// remembers of others stays while the list is not complete.
func (l *ledger) keep(keys []key, incomplete bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	known := make(map[key]bool, len(keys))
	for _, k := range keys {
		known[k] = true
	}
	for k := range l.entries {
		of := k
		of.job = ""
		if !known[of] {
			l.forget(k)
			l.changed = true
		}
	}
	if l.past != nil {
		l.past.forget(keys, incomplete, l.now())
	}
}

// jobs returns how many keys there is something to remember of: jobs that were probed,
// and targets that were read, which need not be all of the configuration's.
func (l *ledger) jobs() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := l.probed
	for k, e := range l.entries {
		if k.job == "" && e.last != nil {
			n++
		}
	}
	return n
}

func newEntry(api *progress.API, now time.Time) *entry {
	e := &entry{
		jobCodes:     newCodeCounter(api.ErrorCodes),
		nodeCodes:    newCodeCounter(api.NodeErrorCodes),
		failureCodes: newCodeCounter(nil),
	}
	e.created = now
	e.jobErrors, e.nodeErrors = e.jobCodes.counts, e.nodeCodes.counts
	return e
}

func (l *ledger) entry(k key, api *progress.API) *entry {
	now := l.now()
	l.sweep(now)
	e, ok := l.entries[k]
	if !ok {
		if k.job != "" && l.probed >= maxJobs {
			l.forgetOldest()
		}
		e = newEntry(api, now)
		if l.past != nil {
			l.past.takeUp(k, e)
		}
		l.entries[k] = e
		if k.job != "" {
			l.probed++
		}
	}
	e.seen = now
	return e
}

// sweep forgets the probed jobs that nobody asked for in a long time.
func (l *ledger) sweep(now time.Time) {
	if now.Sub(l.swept) < sweepEvery {
		return
	}
	l.swept = now
	for k, e := range l.entries {
		if k.job != "" && now.Sub(e.seen) >= jobMemory {
			l.forget(k)
		}
	}
}

func (l *ledger) forgetOldest() {
	var oldest key
	var at time.Time
	for k, e := range l.entries {
		if k.job != "" && (at.IsZero() || e.seen.Before(at)) {
			oldest, at = k, e.seen
		}
	}
	l.forget(oldest)
}

func (l *ledger) forget(k key) {
	delete(l.entries, k)
	if k.job != "" {
		l.probed--
	}
}
