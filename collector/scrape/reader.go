package scrape

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector/fetch"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// flight is one read that is under way, or done. Scrapes and probes of the same target
// at the same time share it, and it goes on when they leave.
type flight struct {
	target  *plan.Target  // whose source makes the read
	entry   *ledger.Entry // where it is recorded
	slot    bool          // it begins with a slot, for a turn
	turn    time.Duration
	began   time.Time
	done    chan struct{} // closed when outcome is set
	outcome ledger.Outcome
}

// Reader makes the reads: at most one at a time for a target and for a probed job,
// begun at a bounded pace, each under its target's own timeout.
type Reader struct {
	ctx     context.Context // ends with close
	cancel  context.CancelFunc
	slots   slots
	crowd   *crowd
	ledger  *ledger.Ledger
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
	target *plan.Target
	job    string
}

// flightOf returns what at most one read of a target, or of a job of it, is under way of.
func flightOf(t *plan.Target) flightKey { return flightKey{t.Plain, t.Job} }

// entry returns where reads of a target are recorded. A target of a plan has its own entry
// as long as anybody reads it, also when the next plan does not know it: no counter steps
// back in its last scrape.
func (r *Reader) entry(t *plan.Target) *ledger.Entry {
	if t.Entry != nil {
		return t.Entry
	}
	return r.ledger.Enter(t.Key, t.API)
}

// Observer is told what reads bring, for metrics about the exporter itself. Its methods
// are called by many goroutines.
type Observer interface {
	// Read tells of a read of a target of that api.
	Read(api string, r *ledger.Result)
	// Late tells of a read that a scrape could not wait for, or that could not begin.
	Late(api, cause string)
}

// Options are what a person may choose about reads.
type Options struct {
	Concurrency int              // reads that begin at a time; less than 1 counts as 1
	Logger      log.Logger       // for what changes between two reads of a target
	Now         func() time.Time // the clock
	// Settle is called before a scrape shows what was recorded. It waits for the memory
	// file to be written, and no longer than the scrape lasts. Nil: there is no memory
	// file.
	Settle func(context.Context)
}

// New returns a reader that records what it reads in a ledger.
func New(opts Options, l *ledger.Ledger, watcher Observer) *Reader {
	ctx, cancel := context.WithCancel(context.Background())
	return &Reader{
		ctx: ctx, cancel: cancel, slots: newSlots(max(opts.Concurrency, 1)), crowd: newCrowd(),
		ledger: l, budget: fetch.NewBudget(), watcher: watcher, logger: opts.Logger, now: opts.Now, settle: opts.Settle,
		underway: map[flightKey]*flight{}, missed: map[string]bool{}, idle: make(chan *flight),
	}
}

// Expect says how many targets there are to read.
func (r *Reader) Expect(targets int) { r.plan.Store(int64(targets)) }

// asker returns who begins reads for a scrape of so many targets.
func (r *Reader) asker(ctx context.Context, targets int) asker {
	return newAsker(ctx, r.slots, max(targets, int(r.plan.Load()))+r.crowd.size())
}

// Find returns an error if t is a job that was never read and that there is not, as its source
// says without asking the product. What was read before stays a job, and cannot be read.
func (r *Reader) Find(t *plan.Target) error {
	f, ok := t.Source.(progress.Finder)
	if !ok || r.ledger.Knows(t.Key) {
		return nil
	}
	return f.Find()
}

// Enter lets somebody ask for a read of a target, until leave; or says why not.
func (r *Reader) Enter(t *plan.Target) (leave func(), err error) {
	k := flightOf(t)
	if err := r.crowd.enter(k); err != nil {
		return nil, err
	}
	return func() { r.crowd.leave(k) }, nil
}

// join returns the read of p's target that is under way, or one that must do because
// the product is not to be asked again yet; nil if a new one is due.
func (r *Reader) join(p *part) *flight {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.joinLocked(p)
}

func (r *Reader) joinLocked(p *part) *flight {
	if f, ok := r.underway[flightOf(p.target)]; ok {
		return f
	}
	if o, ok := r.ledger.Hold(p.entry, p.target.MinInterval); ok {
		f := &flight{began: o.Started, done: make(chan struct{}), outcome: o}
		close(f.done)
		return f
	}
	return nil
}

// start begins a read of p's target, unless one can be joined. It waits for its turn;
// nil means that the asker's time was over before.
func (r *Reader) start(a *asker, p *part) *flight {
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
	delete(r.missed, p.target.Target)
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
func (r *Reader) work(f *flight) {
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
func (r *Reader) fly(f *flight) {
	t := f.target
	within, end := r.budget.Begin(r.ctx, t.Timeout)
	res := readOnce(within, t, f.began, r.now, t.Fetch)
	end()
	f.outcome = ledger.Outcome{Result: res, Memory: r.note(f, res)}
	r.mu.Lock()
	delete(r.underway, flightOf(t))
	r.crowd.land(flightOf(t))
	r.mu.Unlock()
	close(f.done)
}

// Close ends the reads under way and returns when the last one is over.
func (r *Reader) Close() {
	r.mu.Lock() // so that a read that begins has its worker, or sees the end
	r.cancel()
	r.mu.Unlock()
	r.workers.Wait()
}
