package fetch

import (
	"context"
	"errors"

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

// Budget bounds what the answers of all targets take in memory together.
type Budget struct{ medium, large chan struct{} }

// NewBudget returns a budget of which nothing is taken.
func NewBudget() *Budget {
	return &Budget{medium: make(chan struct{}, mediumSlots), large: make(chan struct{}, largeSlots)}
}

// Begin returns the context of one read, whose answers stay within the budget, and
// what frees its place: to be called when the answers were decoded and forgotten.
func (b *Budget) Begin(ctx context.Context) (within context.Context, end func()) {
	s := &share{Context: ctx, budget: b}
	return s, s.free
}

type shareKey struct{}

// share is the context of one read, and its place. A read has at most one, and gives it
// back before it waits for a larger one: so nobody waits for somebody who waits.
type share struct {
	context.Context
	budget *Budget
	held   chan struct{} // nil, or one of the budget's
}

// Value returns the share itself for its key.
func (s *share) Value(key any) any {
	if key == (shareKey{}) {
		return s
	}
	return s.Context.Value(key)
}

var errCrowded = errors.New("no place for the answer in time")

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
	select {
	case wanted <- struct{}{}:
		s.held = wanted
		return nil
	case <-ctx.Done():
		return errCrowded
	}
}

func (s *share) free() {
	if s.held != nil {
		<-s.held
		s.held = nil
	}
}

// crowded explains a read whose time was up before there was a place for its answer.
func crowded() *progress.Error {
	return &progress.Error{Reason: progress.Timeout, Err: context.DeadlineExceeded,
		Message: "the answer is large, and waited until the time was up for other large answers to be read and decoded; is this the right url?"}
}
