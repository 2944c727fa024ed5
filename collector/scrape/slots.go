package scrape

import (
	"context"
	"sync/atomic"
	"time"
)

// slow is how long a read may take and still count as prompt, and the longest turn.
const slow = time.Second

// slots set the pace at which reads begin. A read has a slot for a turn only: one
// that has not ended by then goes on without, so that hanging products, however many
// they are, cannot keep the healthy ones waiting. What is under way is bounded by what
// there is to read, for nothing is read twice at a time.
type slots chan struct{}

func newSlots(n int) slots { return make(slots, n) }

// free gives back a slot.
func (s slots) free() { <-s }

// asker is one scrape that begins reads, one after the other.
type asker struct {
	ctx      context.Context
	slots    slots
	turn     time.Duration    // of the reads that it begins
	patience time.Duration    // how long it waits for slots; 0: as long as ctx lives
	began    time.Time        // since when
	over     <-chan time.Time // says that patience is at its end; nil until it was needed
	hurried  bool             // it is at its end
}

// newAsker returns an asker that has begun its last read when half of the time of ctx
// is over, even if every read hangs: it makes the turns as short as that needs. If that
// does not suffice, because the turns of other askers are longer, it begins the
// remaining reads at that moment without slots: healthy targets would otherwise be
// missing from the scrape.
func newAsker(ctx context.Context, s slots, wanted int) asker {
	a := asker{ctx: ctx, slots: s, turn: slow}
	if end, ok := ctx.Deadline(); ok {
		a.began = time.Now()
		a.patience = end.Sub(a.began) / 2
		a.turn = min(slow, a.patience*time.Duration(cap(s))/time.Duration(max(wanted, 1)))
	}
	return a
}

// take waits for a slot. It says whether it has one, and whether a read may begin: not
// for a scrape that is over.
func (a *asker) take() (slot, ok bool) {
	if a.ctx.Err() != nil {
		return false, false
	}
	select {
	case a.slots <- struct{}{}:
		return true, true
	default:
	}
	if a.hurried {
		return false, true
	}
	if a.over == nil && a.patience > 0 {
		a.over = time.After(a.patience - time.Since(a.began))
	}
	select {
	case a.slots <- struct{}{}:
		return true, true
	case <-a.over:
		a.hurried = true
		return false, true
	case <-a.ctx.Done():
		return false, false
	}
}

// place is where a worker's reads hold their slots, one after the other.
type place struct {
	slots slots
	timer *time.Timer // one for all reads, because a new one for each costs more
	taken atomic.Bool
}

// begin takes over a slot for a read whose turn is so long.
func (p *place) begin(turn time.Duration) {
	p.taken.Store(true)
	if p.timer == nil {
		p.timer = time.AfterFunc(turn, p.leave)
	} else {
		p.timer.Reset(turn)
	}
}

// leave frees the slot, if the read still has one. A timer that fires when its read
// has just ended may end the next one's turn, which does no harm.
func (p *place) leave() {
	if p.taken.CompareAndSwap(true, false) {
		p.slots.free()
	}
}

// end frees the slot of a read that has ended.
func (p *place) end() {
	if p.timer != nil {
		p.timer.Stop()
	}
	p.leave()
}
