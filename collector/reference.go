package collector

import (
	"strings"

	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/families"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// Family describes one metric family that the exporter can expose.
type Family struct {
	Name, Help string
	Type       string   // gauge or counter
	API        string   // whose own it is; empty if it is everybody's
	Labels     []string // beside target, api and the target's own labels
}

// Families returns every family of targets of the given products, and those that
// the exporter exposes about itself (prefix progress_exporter_), for the reference
// and for whoever checks dashboards and rules.
func Families(apis []progress.API) []Family {
	var out []Family
	add := func(api string, list []families.Family) {
		for _, f := range list {
			out = append(out, Family{Name: f.Name, Help: f.Help, Type: f.Kind.String(), API: api, Labels: f.Labels})
		}
	}
	add("", families.Common())
	for i := range apis {
		add(apis[i].Name, families.Own(&apis[i]))
	}
	self := newSelfMetrics(apis, func() int { return 0 }, func() []plan.File { return []plan.File{{}} })
	self.remember()
	own, err := self.registry.Gather()
	if err != nil {
		panic(err) // a registry of ours that nothing can have spoiled yet
	}
	for _, f := range own {
		if strings.HasPrefix(f.GetName(), "progress_exporter_") {
			out = append(out, Family{Name: f.GetName(), Help: f.GetHelp(), Type: strings.ToLower(f.GetType().String()), Labels: labelNames(f)})
		}
	}
	return out
}

func labelNames(f *dto.MetricFamily) []string {
	var names []string
	for _, l := range f.GetMetric()[0].GetLabel() {
		names = append(names, l.GetName())
	}
	return names
}
