package fetch

import (
	"context"
	"errors"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"progress_exporter/collector/progress"
)

// Bounds of the answers that are read and decoded at the same time. An answer of 4 MiB
// takes up to five times that while it is decoded, and a hundred products that send
// one must not take the memory of all. Up to smallBody an answer takes no place at
// all, so that it never waits for a larger one.
const (
	smallBody   = 64 << 10  // in bytes; some hundred nodes
	mediumBody  = 256 << 10 // in bytes; a thousand nodes
	mediumSlots = 16
	largeSlots  = 4
)

// An answer that comes too slowly loses its place to one that waits: a product, or a
// line, that trickles must not keep the large answers of all others from being read.
const (
	slowBody  = 256 << 10 // bytes a second
	placeTurn = time.Second
)

// Budget bounds what the answers of all targets take in memory together.
type Budget struct{ medium, large *places }

// NewBudget returns a budget of which nothing is taken.
func NewBudget() *Budget {
	return &Budget{medium: newPlaces(mediumSlots), large: newPlaces(largeSlots)}
}

// Begin returns the context of one read, which ends after timeout and whose answers stay
// within the budget, and what frees its place: to be called when the answers were decoded
// and forgotten.
func (b *Budget) Begin(ctx context.Context, timeout time.Duration) (within context.Context, end func()) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	s := &share{Context: ctx, budget: b, cancel: cancel}
	return s, func() {
		s.free()
		cancel()
	}
}

// places are those for answers of one size.
type places struct {
	free chan struct{} // holds one for each that is free

	mu    sync.Mutex
	taken map[*share]bool
}

func newPlaces(n int) *places {
	p := &places{free: make(chan struct{}, n), taken: map[*share]bool{}}
	for range n {
		p.free <- struct{}{}
	}
	return p
}

// take waits for a place as long as ctx lives, and reports whether it came.
func (p *places) take(ctx context.Context, s *share) bool {
	select {
	case <-p.free:
	default:
		look := time.NewTicker(placeTurn / 4)
		defer look.Stop()
		for waiting := true; waiting; {
			select {
			case <-p.free:
				waiting = false
			case <-look.C:
				p.hurry()
			case <-ctx.Done():
				return false
			}
		}
	}
	s.begin()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.taken[s] = true
	return true
}

// hurry ends a read whose answer comes too slowly, if there is one.
func (p *places) hurry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for s := range p.taken {
		if s.slow() {
			s.tooSlow.Store(true)
			s.cancel()
			return
		}
	}
}

func (p *places) leave(s *share) {
	p.mu.Lock()
	delete(p.taken, s)
	p.mu.Unlock()
	p.free <- struct{}{}
}

type shareKey struct{}

// share is the context of one read, and its place. A read has at most one place, and
// gives it back before it waits for a larger one. So no read that holds a place ever
// waits, and there is no deadlock.
type share struct {
	context.Context
	budget  *Budget
	cancel  context.CancelFunc
	tooSlow atomic.Bool // why it was cancelled
	held    *places     // nil, or one of the budget's

	since   atomic.Int64 // when the place was taken, in Unix milliseconds
	got     atomic.Int64 // bytes since then
	reading atomic.Bool  // not decoding what was read
}

// Value returns the share itself for its key, and what makes shares for parts of the read.
func (s *share) Value(key any) any {
	switch key {
	case shareKey{}:
		return s
	case progress.PartKey{}:
		return s.part
	}
	return s.Context.Value(key)
}

// part returns the context of one of several questions that a read asks at a time, and what
// frees its place: each has one of its own, so that they are no larger than as many reads.
func (s *share) part(ctx context.Context) (within context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	p := &share{Context: ctx, budget: s.budget, cancel: cancel}
	return p, func() {
		p.free()
		cancel()
	}
}

var errCrowded = errors.New("no place for the answer in time")

// wasTooSlow returns whether the read of ctx has lost its place because its answer came too
// slowly.
func wasTooSlow(ctx context.Context) bool {
	s, _ := ctx.Value(shareKey{}).(*share)
	return s != nil && s.tooSlow.Load()
}

// begin starts to measure how fast the answer comes.
func (s *share) begin() {
	s.got.Store(0)
	s.since.Store(time.Now().UnixMilli())
}

// slow reports whether an answer has had its turn and comes too slowly.
func (s *share) slow() bool {
	turn := time.Since(time.UnixMilli(s.since.Load()))
	return s.reading.Load() && turn > placeTurn && float64(s.got.Load()) < slowBody*turn.Seconds()
}

// measured returns a reader that counts for the read of ctx what comes through it, until
// the reader is done.
func measured(ctx context.Context, r io.Reader) (counted io.Reader, done func()) {
	s, _ := ctx.Value(shareKey{}).(*share)
	if s == nil {
		return r, func() {}
	}
	s.reading.Store(true)
	return &meter{r, s}, func() { s.reading.Store(false) }
}

type meter struct {
	io.Reader
	share *share
}

// Read counts what is read.
func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.share.got.Add(int64(n))
	return n, err
}

// grow makes room for an answer of that size, for which it waits as long as ctx lives.
func grow(ctx context.Context, size int64) error {
	s, _ := ctx.Value(shareKey{}).(*share)
	if s == nil || size <= smallBody {
		return nil
	}
	wanted := s.budget.medium
	if size > mediumBody {
		wanted = s.budget.large
	}
	if s.held == wanted || s.held == s.budget.large {
		return nil
	}
	s.free()
	if !wanted.take(ctx, s) {
		return errCrowded
	}
	s.held = wanted
	return nil
}

func (s *share) free() {
	if s.held != nil {
		s.held.leave(s)
		s.held = nil
	}
}

// crowded explains a read whose time was up before there was a place for its answer.
func crowded() *progress.Error {
	return &progress.Error{Reason: progress.Timeout, Err: context.DeadlineExceeded,
		Message: "the answer is large, and waited until the time was up for other large answers to be read and decoded; is this the right url?"}
}

// tooSlow explains a read whose place another answer needed.
func tooSlow() *progress.Error {
	return &progress.Error{Reason: progress.Timeout, Err: context.DeadlineExceeded,
		Message: "the answer is large and came at less than 256 KiB a second while other large answers waited for its place; is the product overloaded, or the line slow?"}
}
