package collector

import (
	"context"
	"slices"
	"time"
)

// scrape reads targets in parallel until ctx ends and returns what is known then,
// in their order. It always returns a reading for every target.
func (r *reader) scrape(ctx context.Context, list []*target) []reading {
	asked := r.now()
	flights := make([]*flight, len(list))
	for i, t := range list {
		flights[i] = r.join(t)
	}
	for _, i := range r.order(list) {
		if flights[i] == nil {
			flights[i] = r.start(ctx, list[i])
		}
	}
	snapshot := make([]reading, len(list))
	for i, t := range list {
		snapshot[i] = reading{target: t, outcome: r.await(ctx, t, flights[i], asked)}
	}
	return snapshot
}

// await returns what a flight brings, or that it is late.
func (r *reader) await(ctx context.Context, t *target, f *flight, asked time.Time) outcome {
	if f == nil {
		return r.late(t, f, asked)
	}
	select {
	case <-f.done:
		return f.outcome
	case <-ctx.Done():
	}
	select {
	case <-f.done: // done and too late at once: done counts
		return f.outcome
	default:
		return r.late(t, f, asked)
	}
}

// order returns the indexes of targets in the order in which to start them: those
// that answered promptly last time as they stand, then the slow and the failing
// ones, quickest first, so that a slot they hold is missed by nobody healthy.
func (r *reader) order(list []*target) []int {
	type late struct {
		index int
		took  time.Duration
	}
	order := make([]int, 0, len(list))
	var last []late
	for i, t := range list {
		if took, failing := r.ledger.cost(t.key); failing || took > slow {
			last = append(last, late{i, took})
		} else {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(last, func(a, b late) int { return int(a.took - b.took) })
	for _, l := range last {
		order = append(order, l.index)
	}
	return order
}
