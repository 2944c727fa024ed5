package replay

import (
	"time"

	"github.com/prometheus/prometheus/model/labels"

	"progress_exporter/replay/play"
)

// Alert is one stretch in which an alert was pending or firing.
type Alert struct {
	Name     string            `json:"alert"`
	Labels   map[string]string `json:"labels"`
	Texts    map[string]string `json:"annotations"` // when it began to fire, or was last pending
	Pending  time.Time         `json:"pending"`
	Firing   *time.Time        `json:"firing"`   // nil: it was only pending
	Resolved *time.Time        `json:"resolved"` // nil: it was not, to the end of the life
}

// id tells alerts apart, as Prometheus does.
func (a *Alert) id() string { return a.Name + labels.FromMap(a.Labels).String() }

func alertsOf(r *play.Record) []Alert {
	list := []Alert{}
	for _, a := range r.Alerts {
		list = append(list, Alert{a.Name, a.Labels, a.Annotations, a.Pending, given(a.Firing), given(a.Resolved)})
	}
	return list
}

func given(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
