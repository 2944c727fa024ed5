package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Grafana adds a query's letter to the name of its value, unless it is alone.
func TestTableColumns(t *testing.T) {
	one := table("", "", label("target", "Target"), value("Lag", "lag", exact))
	three := table("", "", label("target", "Target"), label("node_guid", ""), value("Lag", "lag", exact), words("info"), value("Ratio", "ratio", share).bar())
	for _, tc := range []struct {
		name string
		p    panel
		want map[string]any
	}{
		{"one query", one, map[string]any{
			"indexByName":   map[string]int{"target": 0, "Value": 1, "Value #A": 1},
			"renameByName":  map[string]string{"id": "Job ID", "job_id": "Job ID", "target": "Target", "Value": "Lag", "Value #A": "Lag"},
			"excludeByName": map[string]bool{"Time": true, "api": true, "target": false, "Value": false, "Value #A": false},
			"includeByName": map[string]bool{},
		}},
		{"three queries", three, map[string]any{
			"indexByName":   map[string]int{"target": 0, "node_guid": 1, "Value #A": 2, "Value #B": 3, "Value #C": 4},
			"renameByName":  map[string]string{"id": "Job ID", "job_id": "Job ID", "target": "Target", "Value #A": "Lag", "Value #C": "Ratio"},
			"excludeByName": map[string]bool{"Time": true, "api": true, "target": false, "node_guid": true, "Value #A": false, "Value #B": true, "Value #C": false},
			"includeByName": map[string]bool{},
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.p.Transformations[1].Options); diff != "" {
				t.Errorf("organize (-want +got):\n%s", diff)
			}
			for _, q := range tc.p.Targets {
				if q.Format != "table" || !q.Instant || q.Range {
					t.Errorf("query %s is not an instant table: %+v", q.RefID, q)
				}
			}
		})
	}
}
