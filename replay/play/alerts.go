package play

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/rules"
)

// Alert is one stretch in which an alert was pending or firing with one set of labels.
type Alert struct {
	Name        string
	Labels      map[string]string // without alertname
	Annotations map[string]string // when it began to fire, or was last pending
	Pending     time.Time
	Firing      time.Time // zero: it was only pending
	Resolved    time.Time // zero: it was not, to the end of the play
}

// watcher follows the alerts of rules from evaluation to evaluation.
type watcher struct {
	open   map[string]*Alert
	alerts []*Alert
}

// look notes what has changed with an evaluation. Its error is that of a rule that could
// not be evaluated.
func (w *watcher) look(group *rules.Group, at time.Time) error {
	still := map[string]bool{}
	names := map[string]bool{}
	for _, r := range group.Rules() {
		if err := r.LastError(); err != nil {
			return fmt.Errorf("rule %s at %s: %w", r.Name(), at.Format(time.RFC3339), err)
		}
		rule, ok := r.(*rules.AlertingRule)
		if !ok {
			continue
		}
		names[rule.Name()] = true
		rule.ForEachActiveAlert(func(a *rules.Alert) {
			if a.State == rules.StateInactive {
				return // resolved, and kept for a while to be sent again
			}
			id := a.Labels.String()
			still[id] = true
			w.note(rule.Name(), id, a, at)
		})
	}
	for id, a := range w.open {
		if names[a.Name] && !still[id] {
			a.Resolved = at
			delete(w.open, id)
		}
	}
	return nil
}

func (w *watcher) note(name, id string, a *rules.Alert, at time.Time) {
	known := w.open[id]
	if known == nil {
		known = &Alert{Name: name, Labels: without(a.Labels, labels.AlertName), Pending: at}
		w.open[id] = known
		w.alerts = append(w.alerts, known)
	}
	if !known.Firing.IsZero() {
		return
	}
	known.Annotations = a.Annotations.Map()
	if a.State == rules.StateFiring {
		known.Firing = at
	}
}

func without(l labels.Labels, name string) map[string]string {
	m := l.Map()
	delete(m, name)
	return m
}

// sorted returns the alerts by the time of their beginning, name and labels.
func (w *watcher) sorted() []*Alert {
	slices.SortFunc(w.alerts, func(a, b *Alert) int {
		return cmp.Or(a.Pending.Compare(b.Pending), strings.Compare(a.Name, b.Name), strings.Compare(labels.FromMap(a.Labels).String(), labels.FromMap(b.Labels).String()))
	})
	return w.alerts
}
