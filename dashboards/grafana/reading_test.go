package grafana

import "testing"

// What an empty panel says. A sentence of its own is shown in a table with a single
// query, but not above headers without rows, and never in a timeline.
func TestEmpty(t *testing.T) {
	const own = `"fieldConfig": {"defaults": {"noValue": "All is well."}}, `
	calcs := `"options": {"reduceOptions": {"calcs": ["last"]}}, `
	for _, tc := range []struct {
		name, inside, want string
		answers            Answers
	}{
		{"table", `"type": "table", ` + tables(1), "No data", Answers{"A": instant(t)}},
		{"table with a sentence", `"type": "table", ` + own + tables(1), "All is well.", Answers{"A": instant(t)}},
		{"table of two queries", `"type": "table", "transformations": [{"id": "merge", "options": {}}], ` + own + tables(2), Bare, Answers{"A": instant(t), "B": instant(t)}},
		{"sorted table of two queries", `"type": "table", "transformations": [{"id": "merge", "options": {}}], "options": {"sortBy": [{"displayName": "target"}]}, ` + tables(2), Bare, Answers{"A": instant(t), "B": instant(t)}},
		{"timeline", `"type": "state-timeline", ` + own + curve, "Data does not have a time field", Answers{"A": instant(t)}},
		{"curves", `"type": "timeseries", ` + own + curve, "All is well.", Answers{"A": instant(t)}},
		{"stat", `"type": "stat", ` + calcs + tables(1), "No data", Answers{"A": instant(t)}},
		{"bars with a sentence", `"type": "bargauge", ` + own + calcs + tables(1), "All is well.", Answers{"A": instant(t)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := mustRead(t, tc.inside, tc.answers).Message; got != tc.want {
				t.Errorf("it says %q, want %q", got, tc.want)
			}
		})
	}
}
