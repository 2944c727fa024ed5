package collector

import (
	"maps"
	"testing"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// Every kind of field has its counter from the start, and each read counts.
func TestUnreadableFields(t *testing.T) {
	m := newSelfMetrics([]progress.API{{Name: "test"}}, func() int { return 0 }, func() []plan.File { return nil })
	counted := func() map[string]float64 {
		families, err := m.Gather()
		if err != nil {
			t.Fatal(err)
		}
		by := map[string]float64{}
		for _, f := range families {
			if f.GetName() == "progress_exporter_unreadable_fields_total" {
				for _, c := range f.GetMetric() {
					by[c.GetLabel()[1].GetValue()] = c.GetCounter().GetValue()
				}
			}
		}
		return by
	}
	want := map[string]float64{"number": 0, "text": 0, "flag": 0, "object": 0, "list": 0, "date": 0}
	if got := counted(); !maps.Equal(got, want) {
		t.Errorf("before the first read: %v, want %v", got, want)
	}
	for range 2 {
		m.Read("test", &ledger.Result{Report: progress.Report{Unread: []progress.Unread{
			{Field: "a", Kind: progress.TextField}, {Field: "b", Kind: progress.TextField}, {Field: "c", Kind: progress.ListField},
		}}})
	}
	want["text"], want["list"] = 4, 2
	if got := counted(); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
