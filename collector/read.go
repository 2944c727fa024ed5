package collector

import (
	"context"

	"progress_exporter/collector/status"
)

// Read reads the named targets now, all of them if there are no names, and returns
// what is known when ctx ends, in the order of the names. The other processes of their
// migrations are read as well, because no process alone can tell how the whole does.
func (e *Exporter) Read(ctx context.Context, names ...string) ([]status.Job, error) {
	p := e.plan.Load()
	list, err := p.Find(names)
	if err != nil {
		return nil, err
	}
	snapshot := e.reader.Scrape(ctx, e.reader.WithMigrations(list, p.Targets))
	out := make([]status.Job, len(list))
	for i := range list {
		out[i] = status.Of(&snapshot[i])
	}
	return out, nil
}

// Known returns what the last read of every target brought, without asking any
// product.
func (e *Exporter) Known() []status.Job {
	snapshot := e.reader.Known(e.plan.Load().Targets)
	out := make([]status.Job, len(snapshot))
	for i := range snapshot {
		out[i] = status.Of(&snapshot[i])
	}
	return out
}
