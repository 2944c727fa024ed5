package collector

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"progress_exporter/collector/memoryfile"
)

const (
	// saveEvery is how often the file is written while something changes.
	saveEvery = 5 * time.Second
	// saveAll is how often it is written for the dates and counts of reads alone.
	saveAll = time.Minute
	// saveAgain is how soon after a write another one may be hurried.
	saveAgain = 200 * time.Millisecond
	// saveWait bounds how long a scrape waits for what it is about to say.
	saveWait = time.Second
)

// unsaved is what the ledger remembers and the file does not.
type unsaved struct {
	changed bool // something did, and can wait for its time
	urgent  int  // how many changes there were that cannot
	written int  // how many of them are in the file
}

// saving is what is known of an entry's line in the file.
type saving struct {
	line            []byte
	stale           bool    // the line says less than the entry
	reads, failures float64 // up to which the file promises that no counter steps back
	edges           int
}

// touch notes what a read changed. What a kill may not take back is urgent: an error that
// was counted would be counted again or not at all, an end would have another date, and
// counters would step back.
func (l *ledger) touch(e *entry, before *memory) {
	if l.past == nil {
		return
	}
	f := &e.file
	if e.lastChange != before.lastChange || e.failures > f.failures-failuresAhead || before.lastRead.IsZero() {
		l.changed, f.stale = true, true
	}
	if e.edges != f.edges || e.ended != before.ended || e.reads > f.reads || e.failures > f.failures {
		f.edges = e.edges
		l.changed, f.stale = true, true
		l.urgent++
	}
}

// saver writes the ledger into its file.
type saver struct {
	ledger *ledger
	file   *memoryfile.File
	self   *memoryMetrics
	logger log.Logger
	now    func() time.Time

	hurry chan struct{}
	again atomic.Int64 // saveAgain
	stop  context.CancelFunc
	done  chan struct{}

	mu      sync.Mutex
	tried   chan struct{} // closed when the next attempt is over
	failure string        // why the last attempt failed; empty: it did not
	all     time.Time     // when all lines were made anew
}

// newSaver makes a ledger go on where its file ends, and begins to write it. What is wrong
// with the file is logged and counted, and the memory then begins empty.
func newSaver(path string, l *ledger, self *memoryMetrics, logger log.Logger, now func() time.Time) *saver {
	s := &saver{
		ledger: l, self: self, logger: log.With(logger, "file", path), now: now,
		hurry: make(chan struct{}, 1), done: make(chan struct{}), tried: make(chan struct{}),
	}
	file, state, err := memoryfile.Open(path)
	if err != nil {
		self.failed("read")
		_ = level.Warn(s.logger).Log("msg", "cannot use what --memory.file remembers, which is kept aside; the memory begins empty", "err", err)
	}
	state.Until(now())
	s.file, l.past = file, newPast(state, file.Hash)
	self.restored.Set(float64(len(state.Entries)))
	if len(state.Entries) > 0 {
		_ = level.Info(s.logger).Log("msg", "Restored the memory", "entries", len(state.Entries), "written", state.Written)
	}
	s.report(file.Acquire())
	s.again.Store(int64(saveAgain))
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	go s.run(ctx)
	return s
}

// run writes until ctx ends.
func (s *saver) run(ctx context.Context) {
	defer close(s.done)
	tick := time.NewTicker(saveEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.save(false)
		case <-s.hurry:
			s.save(false)
			select { // what is hurried meanwhile is written together
			case <-time.After(time.Duration(s.again.Load())):
			case <-ctx.Done():
				return
			}
		}
	}
}

// close writes a last time and lets go of the file.
func (s *saver) close() {
	s.stop()
	<-s.done
	s.save(true)
	_ = s.file.Close()
}

// settle waits until the file has what must not be taken back once it was said: not for
// long, and not at all if the last attempt failed.
func (s *saver) settle(ctx context.Context) {
	s.ledger.mu.Lock()
	want := s.ledger.urgent
	settled := s.ledger.written >= want
	s.ledger.mu.Unlock()
	if settled {
		return
	}
	patience := time.NewTimer(saveWait)
	defer patience.Stop()
	for {
		s.mu.Lock()
		tried, failure := s.tried, s.failure
		s.mu.Unlock()
		s.ledger.mu.Lock()
		settled := s.ledger.written >= want
		s.ledger.mu.Unlock()
		if settled || failure != "" {
			return
		}
		select {
		case s.hurry <- struct{}{}:
		default:
		}
		select {
		case <-tried:
		case <-patience.C:
			return
		case <-ctx.Done():
			return
		}
	}
}

// save writes the file, if there is anything to write.
func (s *saver) save(last bool) {
	now := s.now()
	whole := last || now.Sub(s.all) >= saveAll || now.Before(s.all)
	if whole {
		s.all = now
	}
	lines, migrations, urgent, changed := s.ledger.lines(whole)
	var err error
	if changed || last {
		if err = s.file.Write(now, last, lines, migrations); err != nil {
			s.ledger.unwritten()
		} else {
			s.ledger.wrote(urgent)
			s.self.written.Set(float64(now.UnixMilli()) / 1e3)
		}
		s.report(err)
	}
	s.mu.Lock()
	close(s.tried)
	s.tried = make(chan struct{})
	s.mu.Unlock()
}

// report says how an attempt went, once for as long as it goes in the same way.
func (s *saver) report(err error) {
	failure := ""
	if err != nil {
		failure = err.Error()
		operation := "write"
		if errors.Is(err, memoryfile.ErrLocked) {
			operation = "lock"
		}
		s.self.failed(operation)
	}
	s.self.ok.Set(number(err == nil))
	s.mu.Lock()
	was := s.failure
	s.failure = failure
	s.mu.Unlock()
	switch {
	case failure != "" && failure != was:
		_ = level.Warn(s.logger).Log("msg", "cannot write --memory.file; a restart would forget what was seen since, trying again", "err", err)
	case failure == "" && was != "":
		_ = level.Info(s.logger).Log("msg", "--memory.file can be written again")
	}
}

// lines returns the lines of the file: made anew for what changed, or for everything. The
// last results say how many urgent changes they have, and whether there is anything new.
func (l *ledger) lines(whole bool) (entries, migrations [][]byte, urgent int, changed bool) {
	l.mu.Lock()
	changed = l.changed
	if whole {
		changed = changed || len(l.entries) > 0
	}
	if !changed {
		l.mu.Unlock()
		return nil, nil, l.urgent, false
	}
	type job struct {
		key   key
		entry *entry
		saved memoryfile.Entry
		line  []byte
	}
	jobs := make([]job, 0, len(l.entries))
	for k, e := range l.entries {
		j := job{key: k, entry: e, line: e.file.line}
		if whole || e.file.stale || j.line == nil {
			j.saved, j.line = l.saved(k, e), nil
			e.file.stale = false
			e.file.reads, e.file.failures = e.reads+readsAhead, e.failures+failuresAhead
		}
		jobs = append(jobs, j)
	}
	l.changed = false
	urgent = l.urgent
	rest := make([]memoryfile.Entry, 0, len(l.past.entries))
	for _, e := range l.past.entries {
		rest = append(rest, e)
	}
	var together []memoryfile.Migration
	for k, m := range l.migrations {
		together = append(together, memoryfile.Migration{API: k.api, Name: k.name, Pace: m.pace.saved()})
	}
	l.mu.Unlock()

	slices.SortFunc(jobs, func(a, b job) int {
		return strings.Compare(a.key.target+"\x00"+a.key.job, b.key.target+"\x00"+b.key.job)
	})
	for i := range jobs {
		j := &jobs[i]
		if j.line == nil {
			j.line = lineOf(j.saved)
			j.entry.file.line = j.line // only this goroutine touches it
		}
		entries = append(entries, j.line)
	}
	for _, e := range rest {
		entries = append(entries, lineOf(e))
	}
	for _, m := range together {
		migrations = append(migrations, lineOf(m))
	}
	return entries, migrations, urgent, true
}

// wrote says that the file has so many urgent changes.
func (l *ledger) wrote(urgent int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.written = max(l.written, urgent)
}

// unwritten says that a write failed, so that there is something to write still.
func (l *ledger) unwritten() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.changed = true
}

// lineOf returns a line of the file.
func lineOf(v any) []byte {
	line, err := json.Marshal(v)
	if err != nil {
		panic(err) // finite numbers, text and dates between the years 1 and 9999
	}
	return line
}
