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

// slot is the place of one read.
type slot struct {
	mu    sync.Mutex
	taken chan struct{} // nil once left
	timer *time.Timer
}

// take waits for a prompt slot as long as ctx lives; nil means there was none.
func (s slots) take(ctx context.Context) *slot {
	if ctx.Err() != nil {
		return nil
	}
	select {
	case s.prompt <- struct{}{}:
	case <-ctx.Done():
		return nil
	}
	taken := &slot{taken: s.prompt}
	taken.timer = time.AfterFunc(slow, func() { taken.move(s.patient) })
	return taken
}

// move changes over to another kind of slot, if one is free.
func (s *slot) move(to chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken == nil {
		return
	}
	select {
	case to <- struct{}{}:
		<-s.taken
		s.taken = to
	default:
	}
}

// leave frees the slot.
func (s *slot) leave() {
	s.timer.Stop()
	s.mu.Lock()
	defer s.mu.Unlock()
	<-s.taken
	s.taken = nil
}
