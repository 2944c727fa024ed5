package ledger

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/memoryfile"
)

// How many reads may be counted beyond what is in the file before it has to be written.
// After a kill the counters go on behind them: a counter that stepped back would be taken
// for one that began anew, and its whole value for an increase. These are more than there
// are in saveAll, unless somebody scrapes very often.
const (
	readsAhead    = 24
	failuresAhead = 10
)

// past is what the memory file held at the start, without the entries that were taken
// over since.
type past struct {
	hash       func(string) string // of a key, as it stands in the file
	entries    map[pastKey]memoryfile.Entry
	migrations map[migrationKey]memoryfile.Pace
}

// pastKey is a key as it stands in the file.
type pastKey struct{ target, api, home, probed string }

// newPast returns what a file remembers.
func newPast(s memoryfile.State, hash func(string) string) *past {
	p := &past{hash: hash, entries: map[pastKey]memoryfile.Entry{}, migrations: map[migrationKey]memoryfile.Pace{}}
	for _, e := range latest(s.Entries) {
		if !s.Clean {
			e.Reads, e.Failures = e.Reads+e.ReadsAhead, e.Failures+e.FailuresAhead
		}
		e.ReadsAhead, e.FailuresAhead = 0, 0 // nobody counts for it any more
		p.entries[pastKey{e.Target, e.API, e.Home, e.Probed}] = e
	}
	for _, m := range s.Migrations {
		p.migrations[migrationKey{m.API, m.Name}] = m.Pace
	}
	return p
}

// latest leaves out the probed jobs that nobody asked for for the longest time, if there are
// more than are remembered: those that were kept for their next probe would add up.
func latest(entries []memoryfile.Entry) []memoryfile.Entry {
	isProbed := func(e *memoryfile.Entry) bool { return e.Probed != "" && e.Job == "" }
	probed := 0
	for i := range entries {
		if isProbed(&entries[i]) {
			probed++
		}
	}
	if probed <= maxJobs {
		return entries
	}
	slices.SortStableFunc(entries, func(a, b memoryfile.Entry) int { return a.Seen.Compare(b.Seen) })
	return slices.DeleteFunc(entries, func(e memoryfile.Entry) bool {
		if !isProbed(&e) || probed <= maxJobs {
			return false
		}
		probed--
		return true
	})
}

func (p *past) key(k Key) pastKey {
	return pastKey{k.Target, k.API, p.hash(k.Home), p.hash(k.Job)}
}

func (p *past) knows(k Key) bool {
	_, known := p.entries[p.key(k)]
	return known
}

// takeUp makes a new entry go on where the one in the file has ended.
func (p *past) takeUp(k Key, e *Entry) {
	of := p.key(k)
	e.file.home, e.file.probed = of.home, of.probed
	old, ok := p.entries[of]
	if !ok {
		return
	}
	delete(p.entries, of)
	e.Reads, e.Failures, e.Created = old.Reads, old.Failures, old.Created
	for _, c := range old.JobErrors {
		e.jobCodes.count(c.Code, c.Count)
	}
	for _, c := range old.NodeErrors {
		e.nodeCodes.count(c.Code, c.Count)
	}
	for _, code := range old.FailureCodes {
		e.failureCodes.admit(code)
	}
	e.JobErrors, e.NodeErrors = e.jobCodes.counts, e.nodeCodes.counts
	e.jobCode = old.JobCode
	for _, n := range old.NodeCodes {
		if e.nodeCode == nil {
			e.nodeCode = map[nodeKey]bool{}
		}
		e.nodeCode[nodeKey{n.Node, n.Code}] = true
	}
	e.run = old.Run
	e.FirstSeen, e.LastRead, e.LastChange, e.excused = old.FirstSeen, old.LastRead, old.LastChange, old.Excused
	e.Ended, e.End, e.workHash = old.Ended, old.End, old.WorkHash
	e.pace, e.course, e.earlier = paceFrom(old.Pace), courseFrom(old.Course), earlierFrom(runsFrom(old.Runs))
	e.copied, e.total = old.Copied, old.Total
}

// listed returns the jobs of a list, as the file has them.
func (p *past) listed(k Key) []memoryfile.Entry {
	of := p.key(k)
	var jobs []memoryfile.Entry
	for at, e := range p.entries {
		if of.probed = at.probed; e.Job != "" && at == of {
			jobs = append(jobs, e)
		}
	}
	return jobs
}

// forget drops what is remembered of targets other than those with these keys, and of
// jobs that were not probed in a long time. While the list is incomplete, because a
// target file is refused, targets are kept: they may be in that file.
func (p *past) forget(keys []Key, incomplete bool, now time.Time) {
	known := map[pastKey]bool{}
	for _, k := range keys {
		known[p.key(k)] = true
	}
	for k, e := range p.entries {
		whole := k
		whole.probed = ""
		if !incomplete && !known[whole] || k.probed != "" && now.Sub(e.Seen) >= jobMemory {
			delete(p.entries, k)
		}
	}
}

// sameRun reports whether a run is the one that the entry is about.
func (e *Entry) sameRun(job string, past *past) bool {
	if e.run != "" { // as the file has it
		same := e.run == past.hash(job)
		e.run = ""
		if same {
			e.job = job
		}
		return same
	}
	return e.job == job
}

// saved returns an entry as it is to stand in the file. It needs no lock if e is a copy:
// what an entry points to is replaced and never changed.
func saved(k Key, e *Entry, run string) memoryfile.Entry {
	m := memoryfile.Entry{
		Target: k.Target, API: k.API, Home: e.file.home, Probed: e.file.probed, Run: cmp.Or(e.run, run),
		Created: e.Created.UTC(), Reads: e.Reads, Failures: e.Failures, ReadsAhead: readsAhead, FailuresAhead: e.failuresAhead(),
		JobErrors: savedCounts(e.JobErrors), NodeErrors: savedCounts(e.NodeErrors), JobCode: e.jobCode,
		FirstSeen: e.FirstSeen.UTC(), LastRead: e.LastRead.UTC(), LastChange: e.LastChange.UTC(), Excused: e.excused.UTC(),
		Ended: e.Ended, End: e.End.UTC(), WorkHash: e.workHash, Pace: e.pace.saved(), Copied: e.copied, Total: e.total,
		Course: e.course.saved(), Runs: savedRuns(e.earlier.runs),
	}
	if k.Job != "" {
		m.Seen = e.seen.UTC()
	}
	if e.listed != nil { // both are labels, and no secrets
		m.Job, m.JobName = k.Job, e.listed.name
	}
	for _, c := range e.failureCodes.counts {
		m.FailureCodes = append(m.FailureCodes, c.Code)
	}
	for n := range e.nodeCode {
		m.NodeCodes = append(m.NodeCodes, memoryfile.Node{Node: n.node, Code: n.code})
	}
	slices.SortFunc(m.NodeCodes, func(a, b memoryfile.Node) int {
		return cmp.Or(strings.Compare(a.Node, b.Node), strings.Compare(a.Code, b.Code))
	})
	return m
}

// failuresAhead returns how many more failures may be counted before the next write: none
// of a target that can be read, because they would be made up if the process was killed.
func (e *Entry) failuresAhead() float64 {
	if e.failure == "" {
		return 0
	}
	return failuresAhead
}

// savedCounts leaves out what counts from 0 anyhow.
func savedCounts(counts []CodeCount) (list []memoryfile.Count) {
	for _, c := range counts {
		if c.Count > 0 {
			list = append(list, memoryfile.Count{Code: c.Code, Count: c.Count})
		}
	}
	return list
}

func (p *pace) saved() (m memoryfile.Pace) {
	if p.known {
		last := p.last
		m.Last = &last
	}
	points := p.points
	if len(points) > pacePoints/2 { // half of them tell the rate as well, and are half the work
		points = p.thinned()
	}
	m.Points = make([]memoryfile.Point, 0, len(points))
	for _, point := range points {
		m.Points = append(m.Points, memoryfile.Point{At: point.at.UTC(), Ratio: point.ratio})
	}
	return m
}

func paceFrom(m memoryfile.Pace) (p pace) {
	if m.Last != nil {
		p.known, p.last = true, *m.Last
	}
	for _, point := range m.Points[max(len(m.Points)-pacePoints, 0):] {
		p.points = append(p.points, pacePoint{point.At, point.Ratio})
	}
	return p
}
