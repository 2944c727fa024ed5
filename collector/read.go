package collector

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"progress_exporter/collector/fetch"
	"progress_exporter/collector/progress"
)

// flight is one read under way, or done. Whoever wants to know the same at the
// same time shares it; it belongs to none of them.
type flight struct {
	target  *target // whose source makes the read
	entry   *entry  // where it is recorded
	slot    bool    // it begins with a slot, for a turn
	turn    time.Duration
	began   time.Time
	done    chan struct{} // closed when outcome is set
	outcome outcome
}

// reader makes the reads: at most one at a time for a target and for a probed job,
// begun at a bounded pace, each under its target's own timeout.
type reader struct {
	ctx     context.Context // ends with close
	cancel  context.CancelFunc
	slots   slots
	crowd   *crowd
	ledger  *ledger
	budget  *fetch.Budget // what their answers take
	watcher Observer
	logger  log.Logger
	now     func() time.Time
	settle  func(context.Context) // waits for the file of the ledger
	plan    atomic.Int64          // how many targets there are to read

	mu       sync.Mutex
	underway map[flightKey]*flight
	missed   map[string]bool // the targets of which a read could not begin in time, until one begins
	idle     chan *flight    // to a worker that has nothing to do
	resting  atomic.Int64    // workers that have nothing to do, or soon
	workers  sync.WaitGroup
}

// flightKey is what at most one read is under way of: a job of a target of a plan.
type flightKey struct {
	target *target
	job    string
}

// flightOf returns what at most one read of a target, or of a job of it, is under way of.
func flightOf(t *target) flightKey { return flightKey{t.plain, t.job} }

// entry returns where reads of a target are recorded. A target of a plan has its own entry
// as long as anybody reads it, also when the next plan does not know it: no counter steps
// back in its last scrape.
func (r *reader) entry(t *target) *entry {
	if t.entry != nil {
		return t.entry
	}
	return r.ledger.enter(t.key, t.api)
}

// Observer is told what reads bring, for metrics about the exporter itself. Its methods
// are called by many goroutines.
type Observer interface {
	// Read tells of a read of a target of that api.
	Read(api string, r *result)
	// Late tells of a read that a scrape could not wait for, or that could not begin.
	Late(api, cause string)
}

// readerOptions are what a person may choose about reads.
type readerOptions struct {
	Concurrency int // reads that begin at a time; less than 1 counts as 1
	Logger      log.Logger
	Now         func() time.Time
	// Settle is called before a scrape shows what was recorded, until its end at the most:
	// it waits for the file of the ledger. Nil: there is none.
	Settle func(context.Context)
}

// newReader returns a reader that records what it reads in a ledger.
func newReader(opts readerOptions, l *ledger, watcher Observer) *reader {
	ctx, cancel := context.WithCancel(context.Background())
	return &reader{
		ctx: ctx, cancel: cancel, slots: newSlots(max(opts.Concurrency, 1)), crowd: newCrowd(),
		ledger: l, budget: fetch.NewBudget(), watcher: watcher, logger: opts.Logger, now: opts.Now, settle: opts.Settle,
		underway: map[flightKey]*flight{}, missed: map[string]bool{}, idle: make(chan *flight),
	}
}

// expect says how many targets there are to read.
func (r *reader) expect(targets int) { r.plan.Store(int64(targets)) }

// asker returns who begins reads for a scrape of so many targets.
func (r *reader) asker(ctx context.Context, targets int) asker {
	return newAsker(ctx, r.slots, max(targets, int(r.plan.Load()))+r.crowd.size())
}

// enter lets somebody ask for a read of a target, until leave; or says why not.
func (r *reader) enter(t *target) (leave func(), err error) {
	k := flightOf(t)
	if err := r.crowd.enter(k); err != nil {
		return nil, err
	}
	return func() { r.crowd.leave(k) }, nil
}

// join returns the read of p's target that is under way, or one that must do because
// the product is not to be asked again yet; nil if a new one is due.
func (r *reader) join(p *part) *flight {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.joinLocked(p)
}

func (r *reader) joinLocked(p *part) *flight {
	if f, ok := r.underway[flightOf(p.target)]; ok {
		return f
	}
	if o, ok := r.ledger.hold(p.entry, p.target.minInterval); ok {
		f := &flight{began: o.started, done: make(chan struct{}), outcome: o}
		close(f.done)
		return f
	}
	return nil
}

// start begins a read of p's target, unless one can be joined. It waits for its turn;
// nil means that the asker's time was over before.
func (r *reader) start(a *asker, p *part) *flight {
	slot, ok := a.take()
	if !ok {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.joinLocked(p); f != nil || r.ctx.Err() != nil {
		if slot {
			r.slots.free()
		}
		return f
	}
	f := &flight{target: p.target, entry: p.entry, slot: slot, turn: a.turn, began: r.now(), done: make(chan struct{})}
	r.underway[flightOf(p.target)] = f
	r.crowd.takeOff(flightOf(p.target))
	delete(r.missed, p.target.target)
	select {
	case r.idle <- f:
	default:
		r.workers.Go(func() { r.work(f) })
	}
	return f
}

// work makes one read after the other. Twice as many workers as there are slots stay,
// because decoding has made their stacks grow, which costs more than to wait, and one
// that frees its slot is not ready for the next read at once. The others, which many
// slow products take, end.
func (r *reader) work(f *flight) {
	place := place{slots: r.slots}
	for {
		if f.slot {
			place.begin(f.turn)
		}
		r.fly(f)
		place.end()
		if r.resting.Add(1) > 2*int64(cap(r.slots)) {
			r.resting.Add(-1)
			return
		}
		select {
		case f = <-r.idle:
			r.resting.Add(-1)
		case <-r.ctx.Done():
			return
		}
	}
}

// fly reads the flight's target and records what came of it.
func (r *reader) fly(f *flight) {
	t := f.target
	ctx, cancel := context.WithTimeout(r.ctx, t.timeout)
	defer cancel()
	within, end := r.budget.Begin(ctx)
	res := readOnce(within, t, f.began, r.now, t.fetch)
	end()
	f.outcome = outcome{result: res, memory: r.note(f, res)}
	r.mu.Lock()
	delete(r.underway, flightOf(t))
	r.crowd.land(flightOf(t))
	r.mu.Unlock()
	close(f.done)
}

// note remembers, counts and logs a read, and returns what is known after it. One
// that the exporter's own stop has cut off is no failure and changes nothing.
func (r *reader) note(f *flight, res *result) memory {
	if r.ctx.Err() != nil {
		return r.ledger.recall(f.entry)
	}
	m, changed := r.ledger.record(f.entry, res)
	r.watcher.Read(f.target.api.Name, res)
	r.log(f.target, res, changed)
	return m
}

// readOnce asks the product.
func readOnce(ctx context.Context, t *target, began time.Time, now func() time.Time, fetch progress.Fetch) *result {
	res := &result{started: began}
	fill(ctx, t, fetch, res)
	res.duration = now().Sub(began)
	return res
}

// fill sets what the product says. A panic in its package is a failed read like
// others.
func fill(ctx context.Context, t *target, fetch progress.Fetch, res *result) {
	defer func() {
		if p := recover(); p != nil {
			res.report = progress.Report{}
			res.err = t.secrets.Error(&progress.Error{
				Reason:  progress.Internal,
				Message: fmt.Sprintf("a fault in the exporter's code for api %s, please report it: %v", t.api.Name, p),
				Err:     errors.New(string(debug.Stack())),
			})
		}
	}()
	report, err := t.secrets.Ask(ctx, t.source, fetch)
	cleaner := newCleaner(t.secrets)
	if res.err = err; err == nil {
		res.workHash, res.nodeErrors = report.WorkHash(), nodeErrors(report.Nodes, cleaner.label)
	}
	res.dropped = cleaner.report(&report, t.api.Families, t.reserved)
	res.report = report
}

// log says what a read changed: a target that keeps failing in the same way is
// not worth a second line.
func (r *reader) log(t *target, res *result, c change) {
	if c == nothingNew {
		return
	}
	l := logOf(r.logger, t)
	switch c {
	case newFailure:
		if res.err.Reason == progress.Internal {
			l = log.With(l, "cause", res.err.Err)
		}
		_ = level.Warn(l).Log("msg", "cannot read target", "reason", res.err.Reason, "took", res.duration, "err", res.err)
	case recovered:
		_ = level.Info(l).Log("msg", "target can be read again", "state", res.report.State)
	case unknownWord:
		_ = level.Warn(l).Log("msg", "the product used a word for the job's state that is not known; the state is unknown", "word", progress.Quote(res.report.Word))
	}
}

// logOf returns a logger that names a target, and its job if it was probed.
func logOf(l log.Logger, t *target) log.Logger {
	l = log.With(l, "target", t.target, "api", t.api.Name)
	if t.job != "" {
		l = log.With(l, "job_id", t.job)
	}
	return l
}

// close ends the reads under way and returns when the last one is over.
func (r *reader) close() {
	r.mu.Lock() // so that a read that begins has its worker, or sees the end
	r.cancel()
	r.mu.Unlock()
	r.workers.Wait()
}
