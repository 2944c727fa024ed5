package ledger

import (
	"slices"
	"sync"
	"time"

	"progress_exporter/collector/progress"
)

// Key is what the ledger remembers something about: a target, or one job of a
// target that was probed with its own key. Home is the address at which the product is
// asked: under the same name, another manager or another migration is another job.
type Key struct {
	Target string // its name
	API    string // the product's name
	Home   string // the address of the product
	Job    string // the key of a probed job; empty for the target itself
}

// Memory is what the ledger knows about a key; a value, safe to keep.
type Memory struct {
	Reads       float64     // good and failed reads
	Failures    float64     // failed reads
	JobErrors   []CodeCount // errors of the job that appeared, by code
	NodeErrors  []CodeCount // errors of its nodes that appeared, by code
	FailureCode string      // bounded error_code of the last read, if it failed
	LastRead    time.Time   // when the last good read was made
	LastChange  time.Time   // when work moved last
	FirstSeen   time.Time   // when this run of the job was first seen
	Ended       bool        // the job was seen ended
	End         time.Time   // when that was; zero if it had ended before it was first seen
	Created     time.Time   // when the counters began
	Jobs        []KnownJob  // of a list, in the order of their ids; replaced, never changed
	CutJobs     int         // jobs beyond those that there was room for at the last good read
	Verdict
}

// Change says what is worth a line in the log about a read.
type Change int

const (
	NothingNew  Change = iota // the read was like the one before
	NewFailure                // the read failed in a way the one before did not
	Recovered                 // the read before failed, this one did not
	UnknownWord               // the product used a word for the state that is not known
)

// Ledger is the one object that remembers anything between two scrapes.
type Ledger struct {
	mu         sync.Mutex
	entries    map[Key]*Entry
	migrations map[migrationKey]*migration
	probed     int // entries of jobs that are probed
	listed     int // entries of jobs of lists
	swept      time.Time
	now        func() time.Time
	past       *past // what the file remembers; nil: nothing is kept in one
	unsaved          // what is not in the file yet
}

// Entry is the memory of one key.
type Entry struct {
	Memory
	jobCodes, nodeCodes, failureCodes codeCounter

	seen          time.Time // when somebody last asked for it
	applied       time.Time // when the newest read that counted began
	job           string    // the run that work and the edges belong to
	run           string    // its hash, as long as only the file has said it
	workHash      float64
	jobCode       string            // the code at the last good read of that run
	nodeCode      map[nodeKey]bool  // the nodes' codes at that read
	last          *Result           // the last read that counted; nil before it
	failure       string            // what the last read failed of; empty if it was good
	word          string            // the last word for an unknown state
	unread        []progress.Unread // fields that somebody was told of
	pace          pace              // of that run
	course        course            // of that run, from its beginning on
	earlier       earlier           // runs
	excused       time.Time         // the last good read at which the job was free to stand still
	copied, total *float64          // bytes, at the last good read
	begun         time.Time         // when this process first read it well
	migration     *migration        // that it is a part of; nil: it is a job of its own
	edges         int               // errors that were counted
	standing      int               // changes of the codes that stand
	file          saving
	until         time.Time // the product asked to be left alone until then
	list          *list     // nil: it is no list
	listed        *listed   // nil: it is no job of a list
	watched       bool      // the list was read before the job was in it
}

// nodeKey is one code of one node.
type nodeKey struct{ node, code string }

// New returns an empty ledger, which takes the time from now.
func New(now func() time.Time) *Ledger {
	return &Ledger{entries: map[Key]*Entry{}, now: now}
}

// Enter returns the entry of k, a new one if there is none, and remembers that
// somebody asked.
func (l *Ledger) Enter(k Key, api *progress.API) *Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entry(k, api)
}

// Knows reports whether anything is remembered of k. It does not count as asking for it.
func (l *Ledger) Knows(k Key) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, known := l.entries[k]
	return known || l.past != nil && l.past.knows(k)
}

// Recall returns what is known.
func (l *Ledger) Recall(e *Entry) Memory {
	l.mu.Lock()
	defer l.mu.Unlock()
	return e.Memory
}

// Record adds a read and returns what is known after it, and what it changed.
func (l *Ledger) Record(e *Entry, r *Result) (Memory, Change) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.list != nil { // a reload made a single job of it
		l.unlistAll(e)
	}
	return l.record(e, r)
}

func (l *Ledger) record(e *Entry, r *Result) (Memory, Change) {
	before := e.Memory
	e.Reads++
	if r.Err != nil {
		e.Failures++
	}
	if r.Started.Before(e.applied) {
		l.touch(e, &before)
		return e.Memory, NothingNew // it came in late: it says nothing about now
	}
	e.applied, e.last = r.Started, r
	var changed Change
	if r.Err != nil {
		changed = e.applyFailure(r)
	} else {
		changed = e.apply(r, l.past)
	}
	l.touch(e, &before)
	return e.Memory, changed
}

// NewUnread returns the fields that a read left out and that were not logged yet, and
// remembers them as logged.
func (l *Ledger) NewUnread(e *Entry, r *Result) []progress.Unread {
	if len(r.Report.Unread) == 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	told := len(e.unread)
	for _, u := range r.Report.Unread {
		e.unread = progress.AddUnread(e.unread, u.Field, u.Kind)
	}
	return slices.Clone(e.unread[told:])
}

// Hold returns the last read if the product must not be asked again yet: because of
// the target's min_interval, or because the product said so.
func (l *Ledger) Hold(e *Entry, minInterval time.Duration) (Outcome, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.last == nil || minInterval == 0 && e.until.IsZero() {
		return Outcome{}, false
	}
	now := l.now()
	if now.Sub(e.applied) >= minInterval && !now.Before(e.until) {
		return Outcome{}, false
	}
	return Outcome{Result: e.last, Memory: e.Memory}, true
}

// Last returns the last read without asking for a new one; an empty one before the
// first.
func (l *Ledger) Last(e *Entry) Outcome {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.last == nil {
		return Outcome{Result: &Result{}}
	}
	return Outcome{Result: e.last, Memory: e.Memory}
}

// Cost returns how the last read went: how long it took and whether it was good.
// Before the first it costs nothing.
func (l *Ledger) Cost(e *Entry) (took time.Duration, failing bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e.last == nil {
		return 0, false
	}
	return e.last.Duration, e.failure != ""
}
