package scrape

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

// note remembers, counts and logs a read, and returns what is known after it. One
// that the exporter's own stop has cut off is no failure and changes nothing.
func (r *Reader) note(f *flight, res *ledger.Result) ledger.Memory {
	if r.ctx.Err() != nil {
		return r.ledger.Recall(f.entry)
	}
	m, changed := r.record(f, res)
	r.watcher.Read(f.target.API.Name, res)
	r.log(f.target, res, changed)
	if fields := r.ledger.NewUnread(f.entry, res); len(fields) > 0 {
		_ = level.Warn(logOf(r.logger, f.target)).Log("msg", "fields of the answer are not what the product documents and are left out; state and ratio do not need them", "fields", progress.UnreadFields(fields))
	}
	return m
}

// readOnce asks the product.
func readOnce(ctx context.Context, t *plan.Target, began time.Time, now func() time.Time, fetch progress.Fetch) *ledger.Result {
	res := &ledger.Result{Started: began}
	fill(ctx, t, fetch, res)
	res.Duration = now().Sub(began)
	return res
}

// fill sets what the product says. A panic in its package is a failed read like
// others.
func fill(ctx context.Context, t *plan.Target, fetch progress.Fetch, res *ledger.Result) {
	defer func() {
		if p := recover(); p != nil {
			res.Report = progress.Report{}
			res.Err = t.Secrets.Error(&progress.Error{
				Reason:  progress.Internal,
				Message: fmt.Sprintf("a fault in the exporter's code for api %s, please report it: %v", t.API.Name, p),
				Err:     errors.New(string(debug.Stack())),
			})
		}
	}()
	report, err := t.Secrets.Ask(ctx, t.Source, fetch)
	cleaner := sanitize.New(t.Secrets)
	if res.Err = err; err == nil && t.IsList() {
		report = progress.Report{State: progress.None, Samples: report.Samples, Unread: fillJobs(t, cleaner, report, res)}
	} else if err == nil {
		res.WorkHash, res.NodeErrors = report.WorkHash(), ledger.NodeErrors(report.Nodes, cleaner.Label)
	}
	res.Dropped = cleaner.Report(&report, t.API.Families, t.Reserved)
	res.Report = report
}

// log says what a read changed: a target that keeps failing in the same way is
// not worth a second line.
func (r *Reader) log(t *plan.Target, res *ledger.Result, c ledger.Change) {
	if c == ledger.NothingNew {
		return
	}
	l := logOf(r.logger, t)
	switch c {
	case ledger.NewFailure:
		if cause := res.Err.Err; cause != nil && !strings.Contains(res.Err.Message, cause.Error()) { // of a fault in the exporter
			l = log.With(l, "cause", res.Err.Err)
		}
		_ = level.Warn(l).Log("msg", "cannot read target", "reason", res.Err.Reason, "took", res.Duration, "err", res.Err)
	case ledger.Recovered:
		_ = level.Info(l).Log("msg", "target can be read again", "state", res.Report.State)
	case ledger.UnknownWord:
		_ = level.Warn(l).Log("msg", "the product used a word for the job's state that is not known; the state is unknown", "word", progress.Quote(res.Report.Word))
	}
}

// logOf returns a logger that names a target, and its job if it was probed.
func logOf(l log.Logger, t *plan.Target) log.Logger {
	l = log.With(l, "target", t.Target, "api", t.API.Name)
	if t.Job != "" {
		l = log.With(l, "job_id", t.Job)
	}
	return l
}
