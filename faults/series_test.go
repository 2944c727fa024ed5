package faults

import (
	"fmt"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
)

// series are the families of an exposition, by name.
type series map[string]*dto.MetricFamily

func labels(m *dto.Metric) map[string]string {
	all := map[string]string{}
	for _, l := range m.GetLabel() {
		all[l.GetName()] = l.GetValue()
	}
	return all
}

// ups returns progress_up by target.
func (s series) ups() map[string]float64 {
	up := map[string]float64{}
	for _, m := range s["progress_up"].GetMetric() {
		up[labels(m)["target"]] = m.GetGauge().GetValue()
	}
	return up
}

// states returns the state of every target that has one; a target with several has
// all of them.
func (s series) states() map[string]string {
	states := map[string]string{}
	for _, m := range s["progress_state"].GetMetric() {
		if m.GetGauge().GetValue() == 1 {
			l := labels(m)
			states[l["target"]] += l["state"]
		}
	}
	return states
}

// reasons returns why targets are down; a target with several reasons has all of
// them.
func (s series) reasons() map[string]string {
	reasons := map[string]string{}
	for _, m := range s["progress_scrape_failure"].GetMetric() {
		l := labels(m)
		reasons[l["target"]] += l["reason"]
	}
	return reasons
}

// wantDown checks that a target is down for one reason and that nothing is said of
// its job.
func (s series) wantDown(t *testing.T, target, reason string) {
	t.Helper()
	if up, ok := s.ups()[target]; !ok || up != 0 || s.reasons()[target] != reason {
		t.Errorf("%s: up %v (%v), reason %q; want %s", target, up, ok, s.reasons()[target], reason)
	}
	for _, family := range []string{"progress_state", "progress_total_ratio", "progress_node_ratio", "progress_node_status", "progress_estimated_copied_bytes", "progress_job_info"} {
		for _, m := range s[family].GetMetric() {
			if labels(m)["target"] == target {
				t.Errorf("%s: %s is said beside a failure", target, family)
			}
		}
	}
}

// dropped says how many series, and how many fields that could not be read, were left
// out so far.
func (s series) dropped() cell {
	var out cell
	for _, m := range s["progress_exporter_dropped_series_total"].GetMetric() {
		if n := m.GetCounter().GetValue(); n > 0 {
			out += cell(fmt.Sprintf(", %.0f × %s", n, labels(m)["reason"]))
		}
	}
	if n := s.unreadable(); n > 0 {
		out += cell(fmt.Sprintf(", %.0f × unreadable", n))
	}
	return out
}

// unreadable says how many fields could not be read so far.
func (s series) unreadable() (n float64) {
	for _, m := range s["progress_exporter_unreadable_fields_total"].GetMetric() {
		n += m.GetCounter().GetValue()
	}
	return n
}

// unique fails the test for a series that stands twice in an exposition.
func unique(t *testing.T, text string) {
	t.Helper()
	seen := map[string]bool{}
	for line := range strings.Lines(text) {
		at := strings.LastIndexByte(line, ' ')
		if strings.HasPrefix(line, "#") || at < 0 {
			continue
		}
		if seen[line[:at]] {
			t.Errorf("stands twice: %s", line[:at])
		}
		seen[line[:at]] = true
	}
}
