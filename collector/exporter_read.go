package collector

import "context"

// Read reads the named targets now, all of them if there are no names, and returns
// what is known when ctx ends, in the order of the names. The other processes of their
// migrations are read as well, because no process alone can tell how the whole does.
func (e *Exporter) Read(ctx context.Context, names ...string) ([]Reading, error) {
	p := e.plan.Load()
	list, err := p.find(names)
	if err != nil {
		return nil, err
	}
	snapshot := e.reader.scrape(ctx, e.reader.withMigrations(list, p.targets))
	out := make([]Reading, len(list))
	for i := range list {
		out[i] = newReading(&snapshot[i])
	}
	return out, nil
}

// Known returns what the last read of every target brought, without asking any
// product.
func (e *Exporter) Known() []Reading {
	snapshot := e.reader.known(e.plan.Load().targets)
	out := make([]Reading, len(snapshot))
	for i := range snapshot {
		out[i] = newReading(&snapshot[i])
	}
	return out
}
