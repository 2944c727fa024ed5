package collector

import (
	"context"
	"errors"
	"time"

	"github.com/go-kit/log/level"

	"progress_exporter/collector/progress"
)

// Why a read was late for a scrape.
const (
	notBegun   = "not_begun"
	unanswered = "unanswered"
)

// late is the outcome for an asker who cannot wait any longer for a read.
func (r *reader) late(ctx context.Context, p *part, asked time.Time) outcome {
	began, cause, what := asked, notBegun, "not begun: too much was to be read until the scrape had to be answered; raise the scrape timeout or --scrape.concurrency"
	if f := p.flight; f != nil {
		began, cause, what = f.began, unanswered, "no answer when the scrape had to be answered; the read goes on until the target's own timeout"
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) { // and not because the asker has gone
		r.watcher.Late(p.target.api.Name, cause)
		if cause == notBegun {
			r.miss(p.target)
		}
	}
	o := outcome{
		result: &result{started: began, duration: r.now().Sub(began), err: progress.Errorf(progress.Timeout, "%s", what)},
		memory: r.ledger.recall(p.entry),
	}
	o.memory.failureCode = "" // of the last read, not of this one
	return o
}

// miss logs that no read of a target could begin in time, once until one begins.
func (r *reader) miss(t *target) {
	r.mu.Lock()
	known := r.missed[t.target]
	r.missed[t.target] = true
	r.mu.Unlock()
	if !known {
		_ = level.Warn(logOf(r.logger, t)).Log("msg", "no time was left to read target; raise the scrape timeout or --scrape.concurrency")
	}
}
