package play

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql"
	"github.com/prometheus/prometheus/rules"
)

// evaluator evaluates the rules of files, as Prometheus' rule manager does.
type evaluator struct {
	groups []*rules.Group // by their names
	query  rules.QueryFunc
	watcher
}

func newEvaluator(files []string, interval time.Duration, m *memory) (*evaluator, error) {
	engine := promql.NewEngine(promql.EngineOpts{
		MaxSamples: 50_000_000, Timeout: time.Minute, LookbackDelta: 5 * time.Minute,
		EnableAtModifier: true, EnableNegativeOffset: true,
		NoStepSubqueryIntervalFn: func(int64) int64 { return interval.Milliseconds() },
	})
	query := rules.EngineQueryFunc(engine, m)
	manager := rules.NewManager(&rules.ManagerOptions{
		ExternalURL: &url.URL{Scheme: "http", Host: "prometheus.example.com"},
		Context:     context.Background(), QueryFunc: query, Appendable: m, Queryable: m,
		NotifyFunc:  func(context.Context, string, ...*rules.Alert) {},
		Logger:      slog.New(slog.NewTextHandler(io.Discard, nil)), // errors are asked for
		ResendDelay: time.Minute,
	})
	loaded, errs := manager.LoadGroups(interval, labels.EmptyLabels(), "", nil, false, files...)
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("rules: %w", err)
	}
	e := &evaluator{query: query, watcher: watcher{open: map[string]*Alert{}}}
	for _, g := range loaded {
		e.groups = append(e.groups, g)
		for _, r := range g.AlertingRules() {
			r.SetRestored(true) // there is nothing to restore: ALERTS is written from the start
		}
	}
	// The names order them as well as anything: in Prometheus their order is a hash.
	slices.SortFunc(e.groups, func(a, b *rules.Group) int { return strings.Compare(a.Name(), b.Name()) })
	return e, nil
}

// evaluate evaluates a group and notes what its alerts do.
func (e *evaluator) evaluate(g *rules.Group, at time.Time) error {
	g.Eval(context.Background(), at)
	return e.look(g, at)
}
