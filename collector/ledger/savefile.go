package ledger

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"progress_exporter/collector/memoryfile"
)

const (
	// saveEvery is how often the file is written at most, unless a scrape waits for it.
	saveEvery = 5 * time.Second
	// saveAll is how often it is written for movements and reads alone, which each scrape
	// brings for most jobs. Few jobs are saved more often, a saveJob for each: what it
	// costs shall be little beside the scrapes.
	saveAll = 3 * time.Minute
	saveJob = 180 * time.Millisecond
	// saveAgain is how soon after a write another one may be hurried.
	saveAgain = 200 * time.Millisecond
	// saveWait bounds how long a scrape waits for what it is about to say.
	saveWait = time.Second
)

// FileObserver is told how the file of the memory does, for metrics about the exporter
// itself.
type FileObserver interface {
	Restored(entries int)    // at the start
	Written(at time.Time)    // after a good write
	Succeeds(ok bool)        // whether the last attempt to write did
	Failed(operation string) // read, lock or write
}

// Saver writes the ledger into its file.
type Saver struct {
	ledger  *Ledger
	file    *memoryfile.File
	write   func(written time.Time, clean bool, entries, migrations [][]byte) error // the file's
	watcher FileObserver
	logger  log.Logger
	now     func() time.Time

	hurry chan struct{}
	again atomic.Int64 // saveAgain
	stop  context.CancelFunc
	clean atomic.Bool // the end is to be written
	done  chan struct{}

	mu      sync.Mutex
	tried   chan struct{} // closed when the next attempt is over
	failure string        // why the last attempt failed; empty: it did not
	slow    bool          // the attempt that is under way takes long
	all     time.Time     // when all lines were made anew
}

// NewSaver makes a ledger go on where its file ends, and begins to write it. What is wrong
// with the file is logged and counted, and the memory then begins empty.
func NewSaver(path string, l *Ledger, watcher FileObserver, logger log.Logger, now func() time.Time) *Saver {
	s := &Saver{
		ledger: l, watcher: watcher, logger: log.With(logger, "file", path), now: now,
		hurry: make(chan struct{}, 1), done: make(chan struct{}), tried: make(chan struct{}),
	}
	file, state, err := memoryfile.Open(path)
	if err != nil {
		watcher.Failed("read")
		_ = level.Warn(s.logger).Log("msg", "cannot use what --memory.file remembers, which is kept aside; the memory begins empty", "err", err)
	}
	state.Until(now())
	s.file, s.write, l.past = file, file.Write, newPast(state, file.Hash)
	watcher.Restored(len(state.Entries))
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
func (s *Saver) run(ctx context.Context) {
	defer close(s.done)
	defer s.end()
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

// end writes a last time and lets go of the file.
func (s *Saver) end() {
	if s.clean.Load() {
		s.save(true)
	}
	_ = s.file.Close()
}

// Close waits until all is written, but not for a disk that hangs.
func (s *Saver) Close() {
	s.clean.Store(true)
	s.stop()
	select {
	case <-s.done:
	case <-time.After(saveEvery):
		_ = level.Warn(s.logger).Log("msg", "--memory.file could not be written in time; the next start forgets what was seen last")
	}
}

// Settle waits until the file has what must not be taken back once it was said: not for
// long, and not at all if the last attempt failed.
func (s *Saver) Settle(ctx context.Context) {
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
		tried, hopeless := s.tried, s.slow || s.failure != ""
		s.mu.Unlock()
		s.ledger.mu.Lock()
		settled := s.ledger.written >= want
		s.ledger.mu.Unlock()
		if settled || hopeless {
			return
		}
		select {
		case s.hurry <- struct{}{}:
		default:
		}
		select {
		case <-tried:
		case <-patience.C:
			s.tires()
			return
		case <-ctx.Done():
			return
		}
	}
}

// tires says that an attempt takes long, so that no other scrape waits for it: a disk may
// hang for hours.
func (s *Saver) tires() {
	s.mu.Lock()
	was := s.slow
	s.slow = true
	s.mu.Unlock()
	if !was {
		s.watcher.Succeeds(false)
		_ = level.Warn(s.logger).Log("msg", "writing --memory.file takes long; scrapes do not wait for it any more", "waited", saveWait)
	}
}

// save writes the file, if there is anything to write.
func (s *Saver) save(last bool) {
	now := s.now()
	whole := last || now.Sub(s.all) >= s.ledger.pause() || now.Before(s.all)
	if whole {
		s.all = now
	}
	lines, migrations, urgent, changed := s.ledger.lines(whole, last)
	if changed {
		err := s.write(now, last, lines, migrations)
		if err != nil {
			s.ledger.unwritten()
		} else {
			s.ledger.wrote(urgent)
			s.watcher.Written(now)
		}
		s.report(err)
	}
	s.mu.Lock()
	close(s.tried)
	s.tried, s.slow = make(chan struct{}), false
	s.mu.Unlock()
}

// report says how an attempt went, once for as long as it goes in the same way.
func (s *Saver) report(err error) {
	failure := ""
	if err != nil {
		failure = err.Error()
		operation := "write"
		if errors.Is(err, memoryfile.ErrLocked) {
			operation = "lock"
		}
		s.watcher.Failed(operation)
	}
	s.watcher.Succeeds(err == nil)
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
