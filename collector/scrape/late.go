package scrape

import (
	"context"
	"errors"
	"time"

	"github.com/go-kit/log/level"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// Why a read was late for a scrape.
const (
	NotBegun   = "not_begun"  // NotBegun: the read had to wait for others and could not begin
	Unanswered = "unanswered" // Unanswered: the read had begun, and the product had not answered yet
)

// late is the outcome for an asker who cannot wait any longer for a read.
func (r *Reader) late(ctx context.Context, p *part, asked time.Time) ledger.Outcome {
	began, cause, what := asked, NotBegun, "not begun: too much was to be read until the scrape had to be answered; raise the scrape timeout or --scrape.concurrency"
	if f := p.flight; f != nil {
		began, cause, what = f.began, Unanswered, "no answer when the scrape had to be answered; the read goes on until the target's own timeout"
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) { // and not because the asker has gone
		r.watcher.Late(p.target.API.Name, cause)
		if cause == NotBegun {
			r.miss(p.target)
		}
	}
	o := ledger.Outcome{
		Result: &ledger.Result{Started: began, Duration: r.now().Sub(began), Err: progress.Errorf(progress.Timeout, "%s", what)},
		Memory: r.ledger.Recall(p.entry),
	}
	o.Memory.FailureCode = "" // of the last read, not of this one
	return o
}

// miss logs that no read of a target could begin in time, once until one begins.
func (r *Reader) miss(t *plan.Target) {
	r.mu.Lock()
	known := r.missed[t.Target]
	r.missed[t.Target] = true
	r.mu.Unlock()
	if !known {
		_ = level.Warn(logOf(r.logger, t)).Log("msg", "no time was left to read target; raise the scrape timeout or --scrape.concurrency")
	}
}
