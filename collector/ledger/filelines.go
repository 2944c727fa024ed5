package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/memoryfile"
)

// unsaved is what the ledger remembers and the file does not.
type unsaved struct {
	read    bool // something was read, and can wait for saveAll
	changed bool // something did that can wait for saveEvery
	urgent  int  // how many changes there were that cannot
	written int  // how many of them are in the file
}

// saving is what is known of an entry's line in the file.
type saving struct {
	home, probed    string // hashes of the key
	run, runOf      string // hash of the run, and of which
	line            []byte
	stale           bool    // the line says less than the entry
	reads, failures float64 // up to which the file promises that no counter steps back
	edges, standing int
}

// touch notes what a read changed. What a kill may not take back is urgent: an error that
// was counted would be counted again or not at all, a beginning or an end would have another
// date, and counters would step back. A movement can wait the longest: a job that moves will move
// again, and what a job that has stalled did last is in the file after saveAll.
func (l *Ledger) touch(e *Entry, before *Memory) {
	if l.past == nil {
		return
	}
	l.read = true
	f := &e.file
	dated := !e.End.Equal(before.End) || !e.FirstSeen.Equal(before.FirstSeen)
	if dated || e.Ended != before.Ended || e.edges != f.edges || e.Reads > f.reads || e.Failures > f.failures {
		f.edges = e.edges
		l.urgent++
		l.changed, f.stale = true, true
	}
	if e.standing != f.standing {
		f.standing = e.standing
		l.changed, f.stale = true, true
	}
}

// lines returns the lines of the file: made anew for what changed, or for everything. The
// last results say how many urgent changes they have, and whether there is anything new;
// without that there are none, unless it is the last time.
func (l *Ledger) lines(whole, last bool) (entries, migrations [][]byte, urgent int, changed bool) {
	l.mu.Lock()
	urgent, changed = l.urgent, l.changed || whole && l.read || last
	if !changed {
		l.mu.Unlock()
		return nil, nil, urgent, false
	}
	type job struct {
		key   Key
		entry *Entry
		now   *Entry // a copy of it
		line  []byte
	}
	jobs := make([]job, 0, len(l.entries))
	for k, e := range l.entries {
		f := &e.file
		if whole || f.stale || f.line == nil {
			f.stale, f.reads, f.failures = false, e.Reads+readsAhead, e.Failures+e.failuresAhead()
			now := *e
			if e.listed != nil {
				own := *e.listed
				now.listed = &own
			}
			jobs = append(jobs, job{key: k, entry: e, now: &now})
		} else {
			jobs = append(jobs, job{key: k, line: f.line})
		}
	}
	l.changed = false
	if whole {
		l.read = false
	}
	rest := make([]memoryfile.Entry, 0, len(l.past.entries))
	for _, e := range l.past.entries {
		rest = append(rest, e)
	}
	together := map[migrationKey]pace{}
	for k, m := range l.migrations {
		if !m.alone() {
			together[k] = m.pace
		}
	}
	l.mu.Unlock()

	slices.SortFunc(jobs, func(a, b job) int {
		return cmp.Or(strings.Compare(a.key.Target, b.key.Target), strings.Compare(a.key.Job, b.key.Job))
	})
	for i := range jobs {
		j := &jobs[i]
		if j.line == nil {
			f := &j.entry.file // line and run of which only this goroutine touches
			if f.runOf != j.now.job {
				f.run, f.runOf = l.past.hash(j.now.job), j.now.job
			}
			m := saved(j.key, j.now, f.run)
			j.line = m.Line()
			f.line = j.line
		}
		entries = append(entries, j.line)
	}
	for i := range rest {
		entries = append(entries, rest[i].Line())
	}
	for k, p := range together {
		m := memoryfile.Migration{API: k.api, Name: k.name, Pace: p.saved()}
		migrations = append(migrations, m.Line())
	}
	return entries, migrations, urgent, true
}

// pause returns how long movements may wait.
func (l *Ledger) pause() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return min(max(time.Duration(len(l.entries))*saveJob, saveEvery), saveAll)
}

// wrote says that the file has so many urgent changes.
func (l *Ledger) wrote(urgent int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.written = max(l.written, urgent)
}

// unwritten says that a write failed, so that there is something to write still.
func (l *Ledger) unwritten() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed = true
}
