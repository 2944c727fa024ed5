package scrape

import (
	"context"
	"slices"
	"time"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// Reading is one target's part of a snapshot.
type Reading struct {
	Target  *plan.Target // that was read, or should have been
	JobName string       // what the product calls a job of a list; may be empty
	Alone   bool         // a job of a list could not be read, although the list was
	ledger.Outcome
}

// Scrape reads targets in parallel until ctx ends and returns what is known then,
// in their order. It always returns a reading for every target.
func (r *Reader) Scrape(ctx context.Context, list []*plan.Target) []Reading {
	began := r.now()
	parts := make([]part, len(list))
	for i, t := range list {
		parts[i] = part{target: t, entry: r.entry(t)}
		parts[i].flight = r.join(&parts[i])
	}
	a := r.asker(ctx, len(list))
	for _, i := range r.order(parts) {
		if parts[i].flight == nil {
			parts[i].flight = r.start(&a, &parts[i])
		}
	}
	snapshot := make([]Reading, len(list))
	for i := range parts {
		snapshot[i] = Reading{Target: list[i], Outcome: r.await(ctx, &parts[i], began)}
	}
	if r.settle != nil {
		r.settle(ctx)
	}
	return snapshot
}

// Known returns what the last read of each target brought, without asking any product.
func (r *Reader) Known(list []*plan.Target) []Reading {
	snapshot := make([]Reading, len(list))
	for i, t := range list {
		snapshot[i] = Reading{Target: t, Outcome: r.ledger.Last(r.entry(t))}
	}
	return snapshot
}

// fresh is how old a read of another process of a migration may be before it is read
// again. With n processes each would otherwise be read n times in each round.
const fresh = 30 * time.Second

// WithMigrations returns a list and, behind it, what else of all targets is part of the
// migrations in it and was not read lately.
func (r *Reader) WithMigrations(list, all []*plan.Target) []*plan.Target {
	entries := make([]*ledger.Entry, len(list))
	for i, t := range list {
		entries[i] = r.entry(t)
	}
	wanted := slices.Clone(list)
	now := r.now()
	for _, t := range all {
		e := r.entry(t)
		if r.ledger.PartOf(e, entries) && !slices.Contains(list, t) && now.Sub(r.ledger.Last(e).Started) > fresh {
			wanted = append(wanted, t)
		}
	}
	return wanted
}

// part is one target's part of a scrape.
type part struct {
	target *plan.Target
	entry  *ledger.Entry
	flight *flight // nil until there is one
}

// await returns what a flight brings, or that it is late.
func (r *Reader) await(ctx context.Context, p *part, asked time.Time) ledger.Outcome {
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
func (r *Reader) order(parts []part) []int {
	type late struct {
		index int
		took  time.Duration
	}
	order := make([]int, 0, len(parts))
	var last []late
	for i := range parts {
		if took, failing := r.ledger.Cost(parts[i].entry); failing || took > slow {
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

// ScrapeBy reads t now by way of the asker's own fetch. It waits for a read that is under
// way, because a product is asked by one reader at a time; the fetch stays unused if the
// product is not to be asked yet.
func (r *Reader) ScrapeBy(ctx context.Context, t *plan.Target, fetch progress.Fetch) Reading {
	asked := r.now()
	own := *t
	own.Fetch = fetch
	p := part{target: &own, entry: r.entry(t)}
	a := r.asker(ctx, 1)
	for {
		p.flight = r.start(&a, &p)
		o := Reading{Target: t, Outcome: r.await(ctx, &p, asked)}
		if p.flight == nil || p.flight.target == &own || ctx.Err() != nil {
			return o
		}
		if _, held := r.ledger.Hold(p.entry, t.MinInterval); held {
			return o
		}
	}
}
