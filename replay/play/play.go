package play

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/prometheus/promql"
)

// Config is what is played.
type Config struct {
	Clock  *Clock // stands at the beginning
	Length time.Duration
	// Exporter answers a scrape at the clock's moment; nil: nobody listens. It is asked
	// anew for each scrape, so that an exporter can restart or be away.
	Exporter func() http.Handler
	Scrapes  []Scrape
	Interval time.Duration // of the scrapes
	Rules    []string      // the files
	Evaluate time.Duration // the interval of their groups
	// OwnIntervals says whether groups that have an interval of their own keep it.
	OwnIntervals bool
	Dir          string // for the storage, which is empty at the beginning
}

// Record is what came of a play. Close it.
type Record struct {
	Alerts  []*Alert // in the order in which they became pending
	storage *memory
	rules   *evaluator
}

// Close frees the storage.
func (r *Record) Close() error { return r.storage.Close() }

// Query evaluates an expression at a moment of the play, to show what was the case.
func (r *Record) Query(expr string, at time.Time) (promql.Vector, error) {
	return r.rules.query(context.Background(), expr, at)
}

// Run plays from the clock's moment to the end. The scrapes of the targets, and the
// groups of rules, are spread over their intervals, as Prometheus spreads them.
func Run(cfg Config) (*Record, error) {
	m, err := newMemory(cfg.Dir)
	if err != nil {
		return nil, err
	}
	e, err := newEvaluator(cfg.Rules, cfg.Evaluate, m)
	if err != nil {
		return nil, errors.Join(err, m.Close())
	}
	begin := cfg.Clock.Now()
	var events agenda
	for i, s := range cfg.Scrapes {
		l := newLoop(s, m)
		events = append(events, &event{
			next:  begin.Add(spread(cfg.Interval, i, len(cfg.Scrapes))),
			every: cfg.Interval,
			do:    func(at time.Time) error { return l.run(cfg.Exporter(), at) },
		})
	}
	for i, g := range e.groups {
		every := cfg.Evaluate
		if cfg.OwnIntervals {
			every = g.Interval()
		}
		events = append(events, &event{
			next:  begin.Add(spread(every, i, len(e.groups))),
			every: every,
			do:    func(at time.Time) error { return e.evaluate(g, at) },
		})
	}
	for end := begin.Add(cfg.Length); ; {
		next := events.first()
		if next.next.After(end) {
			break
		}
		at := next.next
		cfg.Clock.Set(at)
		if err := next.do(at); err != nil {
			return nil, errors.Join(fmt.Errorf("after %s: %w", at.Sub(begin), err), m.Close())
		}
		next.next = at.Add(next.every)
	}
	return &Record{Alerts: e.sorted(), storage: m, rules: e}, nil
}

// spread returns the place of the i-th of n in an interval, in whole milliseconds.
func spread(interval time.Duration, i, n int) time.Duration {
	return (interval * time.Duration(i) / time.Duration(n)).Truncate(time.Millisecond)
}

// event is something that happens again and again.
type event struct {
	next  time.Time
	every time.Duration
	do    func(at time.Time) error
}

type agenda []*event

// first returns the event that is next; of several the one that was entered first.
func (a agenda) first() *event {
	first := a[0]
	for _, e := range a[1:] {
		if e.next.Before(first.next) {
			first = e
		}
	}
	return first
}
