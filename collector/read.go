package collector

import (
	"context"
	"fmt"

	"progress_exporter/collector/plan"
	"progress_exporter/collector/status"
)

// Read reads the named targets now, all of them if there are no names, and returns
// what is known when ctx ends, in the order of the names: of a list each of its jobs, or
// the one that is named as TARGET/JOB. The
// other processes of their migrations are read as well, because no process alone can tell
// how the whole does.
func (e *Exporter) Read(ctx context.Context, names ...string) ([]status.Job, error) {
	p := e.plan.Load()
	whole := make([]string, len(names))
	jobs := make([]string, len(names))
	for i, name := range names {
		whole[i], jobs[i] = p.Split(name)
	}
	list, err := p.Find(whole)
	if err != nil {
		return nil, err
	}
	for i, job := range jobs {
		if job == "" {
			continue
		}
		if list[i], err = list[i].Probe(job); err != nil {
			return nil, err
		}
	}
	snapshot := e.reader.Scrape(ctx, e.reader.WithMigrations(list, p.Targets))
	return status.All(snapshot[:len(list)]), nil
}

// ReadJob is Read for one job of a target: of its list, or probed with its own key. Its
// error says why the target has no such job; a job that a list does not hold is none.
func (e *Exporter) ReadJob(ctx context.Context, name, job string) (status.Job, error) {
	p := e.plan.Load()
	list, err := p.Find([]string{name})
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
	return status.All(e.reader.Scrape(ctx, e.reader.WithMigrations([]*plan.Target{t}, p.Targets))[:1])[0], nil
}

// Lists reports whether a target is a list of jobs.
func (e *Exporter) Lists(name string) bool {
	t := e.plan.Load().ByName[name]
	return t != nil && t.Lists
}

// Split returns the target and the job that TARGET/JOB means, as people are shown the jobs
// of lists; of any other name there is no job.
func (e *Exporter) Split(name string) (target, job string) { return e.plan.Load().Split(name) }

// Known returns what the last read of every target brought, without asking any
// product.
func (e *Exporter) Known() []status.Job {
	return status.All(e.reader.Known(e.plan.Load().Targets))
}
