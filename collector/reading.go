package collector

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/prometheus/common/model"

	"progress_exporter/collector/progress"
)

// Reading is what one read of a target brought, for programs that show it to a
// person instead of to Prometheus.
type Reading struct {
	Target, API string
	Report      progress.Report // of a good read
	Err         *progress.Error // nil if the read was good
	Began       time.Time       // zero: the target was not read yet
	Took        time.Duration
	LastRead    time.Time     // the last good read
	LastChange  time.Time     // when work was last seen to move
	End         time.Time     // when the job was first seen ended
	Rate        float64       // share of the work done in a second lately; 0: not known
	StallAfter  time.Duration // 0: the job never counts as stalled
	Deadline    time.Time
}

// Read reads the named targets now, all of them if there are no names, and returns
// what is known when ctx ends, in the order of the names.
func (e *Exporter) Read(ctx context.Context, names ...string) ([]Reading, error) {
	list, err := e.plan.Load().find(names)
	if err != nil {
		return nil, err
	}
	snapshot := e.reader.scrape(ctx, list)
	out := make([]Reading, len(snapshot))
	for i := range snapshot {
		out[i] = snapshot[i].public()
	}
	return out, nil
}

// Known returns what the last read of every target brought, without asking any
// product.
func (e *Exporter) Known() []Reading {
	list := e.plan.Load().targets
	out := make([]Reading, len(list))
	for i, t := range list {
		out[i] = (&reading{t, e.ledger.last(e.ledger.of(t))}).public()
	}
	return out
}

// Left returns how long the job will take to its end at its recent rate; 0 if that
// cannot be told: not running, not moving, or no ratio.
func (r *Reading) Left() time.Duration {
	if r.Err != nil || r.Rate <= 0 || r.Report.Ratio == nil || r.Report.State != progress.Running {
		return 0
	}
	seconds := (1 - *r.Report.Ratio) / r.Rate
	if seconds > (10 * 365 * 24 * time.Hour).Seconds() {
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}

// Still returns for how long the job has not moved; 0 if that is not too long yet.
// It counts up to the last good read: a job that nobody looks at has not stalled.
func (r *Reading) Still() time.Duration {
	switch r.Report.State {
	case progress.Running, progress.Pending, progress.Unknown:
	default:
		return 0
	}
	still := r.LastRead.Sub(r.LastChange)
	if r.Err != nil || r.StallAfter <= 0 || still <= r.StallAfter {
		return 0
	}
	return still
}

// What Kind says of a target instead of its job's state.
const (
	notRead    = "not read yet"
	cannotRead = "cannot be read"
	stalled    = "stalled"
)

// Kind says in a word or two how the target is: its job's state, or what matters
// more.
func (r *Reading) Kind() string {
	switch {
	case r.Began.IsZero():
		return notRead
	case r.Err != nil:
		return cannotRead
	case r.Still() > 0:
		return stalled
	}
	return r.Report.State.String()
}

// Percent returns how much of 100 a ratio is, cut after the first decimal and not
// rounded: 100 is said when it is reached.
func Percent(ratio float64) float64 {
	const rounding = 1e-9 // 0.29 times 1000 may be a little less than 290
	return math.Floor(ratio*1000+rounding) / 10
}

// Span says a duration as configurations write it, rounded to what a person wants to
// know.
func Span(d time.Duration) string {
	switch {
	case d >= 24*time.Hour:
		d = d.Round(time.Hour)
	case d >= 10*time.Minute:
		d = d.Round(time.Minute)
	default:
		d = d.Round(time.Second)
	}
	return model.Duration(d).String()
}

func (r *reading) public() Reading {
	return Reading{
		Target: r.target.target, API: r.target.api.Name, Report: r.report, Err: r.err,
		Began: r.started, Took: r.duration, Rate: r.memory.rate,
		LastRead: r.memory.lastRead, LastChange: r.memory.lastChange, End: r.memory.end,
		StallAfter: r.target.stallAfter, Deadline: r.target.deadline,
	}
}

// find returns the targets with these names, or all of them.
func (p *Plan) find(names []string) ([]*target, error) {
	if len(names) == 0 {
		return p.targets, nil
	}
	list := make([]*target, len(names))
	for i, name := range names {
		t, ok := p.byName[name]
		if !ok {
			return nil, fmt.Errorf("no target is called %q", name)
		}
		list[i] = t
	}
	return list, nil
}
