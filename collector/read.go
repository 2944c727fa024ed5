package collector

import (
	"context"
	"fmt"

	"progress_exporter/collector/plan"
	"progress_exporter/collector/status"
)

// Read reads the named targets now, all of them if there are no names, and returns
// what is known when ctx ends, in the order of the names: of a list each of its jobs. The
// other processes of their migrations are read as well, because no process alone can tell
// how the whole does.
func (e *Exporter) Read(ctx context.Context, names ...string) ([]status.Job, error) {
	p := e.plan.Load()
	list, err := p.Find(names)
	if err != nil {
		return nil, err
	}
	snapshot := e.reader.Scrape(ctx, e.reader.WithMigrations(list, p.Targets))
	return status.All(snapshot[:len(list)]), nil
}

// ReadJob is Read for one job of a target: of its list, or probed with its own key. Its
// error says why the target has no such job; a job that a list does not hold is none.
func (e *Exporter) ReadJob(ctx context.Context, name, job string) (status.Job, error) {
	list, err := e.plan.Load().Find([]string{name})
	if err != nil {
		return status.Job{}, err
	}
	t, err := list[0].Probe(job)
	if err != nil {
		return status.Job{}, err
	}
	if err := e.reader.Find(t); err != nil {
		return status.Job{}, fmt.Errorf("%s has no job %q: %w", name, job, err)
	}
	return status.All(e.reader.Scrape(ctx, []*plan.Target{t}))[0], nil
}

// Lists reports whether a target is a list of jobs.
func (e *Exporter) Lists(name string) bool {
	t := e.plan.Load().ByName[name]
	return t != nil && t.Lists
}

// Known returns what the last read of every target brought, without asking any
// product.
func (e *Exporter) Known() []status.Job {
	return status.All(e.reader.Known(e.plan.Load().Targets))
}
