package collector

import (
	"context"
	"sync"
	"time"
)

// slow is how long a read may take and still count as prompt.
const slow = time.Second

// slots bound the reads under way. A read that turns out to be slow moves to the
// patient ones, of which there are as many, so that a handful of hanging products
// cannot keep the healthy ones waiting.
type slots struct{ prompt, patient chan struct{} }

func newSlots(n int) slots { return slots{make(chan struct{}, n), make(chan struct{}, n)} }

// take waits for a prompt slot as long as ctx lives; false means there was none.
func (s slots) take(ctx context.Context) bool {
	if ctx.Err() != nil {
		return false
	}
	select {
	case s.prompt <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// free gives back a prompt slot that no read needs after all.
func (s slots) free() { <-s.prompt }

// place is what a worker's reads hold, one after the other: a prompt slot, and a
// patient one instead if the read turns out to be slow.
type place struct {
	slots slots
	timer *time.Timer // one for all reads, because a new one for each costs more

	mu    sync.Mutex
	taken chan struct{} // nil between two reads
}

// begin takes over a prompt slot for a read.
func (p *place) begin() {
	p.mu.Lock()
	p.taken = p.slots.prompt
	p.mu.Unlock()
	if p.timer == nil {
		p.timer = time.AfterFunc(slow, p.move)
	} else {
		p.timer.Reset(slow)
	}
}

// move changes over to a patient slot, if one is free. A timer that fires when its
// read has just ended may move the next one, which does no harm.
func (p *place) move() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.taken != p.slots.prompt {
		return
	}
	select {
	case p.slots.patient <- struct{}{}:
		<-p.taken
		p.taken = p.slots.patient
	default:
	}
}

// end frees the slot.
func (p *place) end() {
	p.timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	<-p.taken
	p.taken = nil
}
