package collector

import (
	"context"
	"fmt"
	"time"

	"progress_exporter/collector/progress"
)

// Reading is what one read of a target brought, for programs that show it to a
// person instead of to Prometheus.
type Reading struct {
	Target, API string
	Report      progress.Report // of a good read
	Err         *progress.Error // nil if the read was good
	Took        time.Duration
	LastRead    time.Time     // the last good read
	LastChange  time.Time     // when work was last seen to move
	End         time.Time     // when the job was first seen ended
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

func (r *reading) public() Reading {
	return Reading{
		Target: r.target.target, API: r.target.api.Name, Report: r.report, Err: r.err, Took: r.duration,
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
