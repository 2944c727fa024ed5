package collector

import (
	"context"
	"slices"
	"time"
)

// scrape reads targets in parallel until ctx ends and returns what is known then,
// in their order. It always returns a reading for every target.
func (r *reader) scrape(ctx context.Context, list []*target) []reading {
	began := r.now()
	parts := make([]part, len(list))
	for i, t := range list {
		parts[i] = part{target: t, entry: r.ledger.of(t)}
		parts[i].flight = r.join(&parts[i])
	}
	a := r.asker(ctx, len(list))
	for _, i := range r.order(parts) {
		if parts[i].flight == nil {
			parts[i].flight = r.start(&a, &parts[i])
		}
	}
	snapshot := make([]reading, len(list))
	for i := range parts {
		snapshot[i] = reading{target: list[i], outcome: r.await(ctx, &parts[i], began)}
	}
	r.settle(ctx)
	return snapshot
}

// part is one target's part of a scrape.
type part struct {
	target *target
	entry  *entry
	flight *flight // nil until there is one
}

// await returns what a flight brings, or that it is late.
func (r *reader) await(ctx context.Context, p *part, asked time.Time) outcome {
	f := p.flight
	if f == nil {
		return r.late(ctx, p, asked)
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
		return r.late(ctx, p, asked)
	}
}

// order returns the indexes of parts in the order in which to start them: those
// that answered promptly last time as they stand, then the slow and the failing
// ones, quickest first, so that nobody healthy waits for their turns.
func (r *reader) order(parts []part) []int {
	type late struct {
		index int
		took  time.Duration
	}
	order := make([]int, 0, len(parts))
	var last []late
	for i := range parts {
		if took, failing := r.ledger.cost(parts[i].entry); failing || took > slow {
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
