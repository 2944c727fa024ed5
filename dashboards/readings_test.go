package dashboards_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"

	"progress_exporter/collector/palette"
	"progress_exporter/dashboards/grafana"
)

// asks answers a query of a panel of some kind.
type asks func(where, kind string, q grafana.Target) (model.Value, error)

// readings are what a person reads in each panel, by file and title:
// "overview.json: Jobs".
type readings map[string]grafana.Reading

// read reads every panel of every dashboard, those that are folded too.
func read(t *testing.T, all []dashboard, at grafana.Moment, ask asks) readings {
	t.Helper()
	got := readings{}
	for _, d := range all {
		at.Variables = map[string]string{}
		for _, v := range d.Templating.List {
			at.Variables[v.Name] = v.Name
		}
		for _, p := range parsed(t, d) {
			where := d.file + ": " + p.Title
			answers := grafana.Answers{}
			for _, q := range p.Targets {
				query := fmt.Sprintf("%s, query %s", where, q.RefID)
				answer, err := ask(query, p.Type, q)
				if err != nil {
					t.Fatalf("%s: %v", query, err)
				}
				answers[q.RefID] = answer
			}
			reading, err := p.Read(answers, at)
			if err != nil {
				t.Errorf("%s: %v", d.file, err)
				continue
			}
			got[where] = reading
		}
	}
	return got
}

// parsed returns the panels of a dashboard that show something: no rows, but what is
// folded under them.
func parsed(t *testing.T, d dashboard) []grafana.Panel {
	t.Helper()
	var file struct{ Panels []json.RawMessage }
	if err := json.Unmarshal(d.text, &file); err != nil {
		t.Fatal(err)
	}
	var all []grafana.Panel
	for _, text := range file.Panels {
		var row struct{ Panels []json.RawMessage }
		if err := json.Unmarshal(text, &row); err != nil {
			t.Fatal(err)
		}
		for _, text := range append(row.Panels, text) {
			p, err := grafana.Parse(text)
			if err != nil {
				t.Fatalf("%s: %v", d.file, err)
			}
			if p.Type != "row" {
				all = append(all, p)
			}
		}
	}
	return all
}

// nothing answers every query with nothing.
func nothing(_, _ string, q grafana.Target) (model.Value, error) {
	if q.Range {
		return model.Matrix{}, nil
	}
	return model.Vector{}, nil
}

// table returns the cells of some columns of a panel, row by row from top to bottom.
func (r readings) table(t *testing.T, where string, columns ...string) [][]grafana.Cell {
	t.Helper()
	reading, ok := r[where]
	if !ok {
		t.Fatalf("there is no panel %q", where)
	}
	rows := make([][]grafana.Cell, len(reading.Rows))
	for _, name := range columns {
		cells, ok := reading.Column(name)
		if !ok {
			t.Fatalf("%s has the columns %q, but not %q", where, reading.Columns, name)
		}
		for i, c := range cells {
			rows[i] = append(rows[i], c)
		}
	}
	return rows
}

// mute reports whether a panel shows its sentence at no time: Grafana does not in a
// timeline, nor in a table of several queries. Such a panel may only be empty where
// nothing is read at all; the logins of MRS Manager are all that is not so.
func mute(p grafana.Panel) bool {
	return p.Type == "state-timeline" || p.Type == "table" && len(p.Targets) > 1 && p.Title != "Cannot be read"
}

// A panel without data does not look broken: it says in a sentence what that means.
func TestEmptyPanels(t *testing.T) {
	all := load(t)
	got := read(t, all, grafana.Moment{Now: time.Now()}, nothing)
	for _, d := range all {
		for _, p := range parsed(t, d) {
			where := d.file + ": " + p.Title
			switch says := got[where].Message; {
			case mute(p):
			case says == "" || says == "No data":
				t.Errorf("%s says %q when it is empty, want a sentence or a sign of its own", where, says)
			}
		}
	}
}

// The list of alerts begins with the worst: a drill has critical ones only.
func TestAlertsInOrder(t *testing.T) {
	var alerts model.Vector
	for _, severity := range []string{"info", "critical", "warning"} {
		urgency := map[string]string{"critical": "1", "warning": "2", "info": "3"}[severity] // as the query labels them
		alerts = append(alerts, &model.Sample{Metric: model.Metric{"alertname": "Progress", "severity": model.LabelValue(severity), "urgency": model.LabelValue(urgency)}})
	}
	got := read(t, load(t), grafana.Moment{Now: time.Now()}, func(where, kind string, q grafana.Target) (model.Value, error) {
		if strings.Contains(where, "Firing alerts") {
			return alerts, nil
		}
		return nothing(where, kind, q)
	})
	var seen []string
	for _, row := range got.table(t, "overview.json: Firing alerts", "Severity") {
		seen = append(seen, row[0].Text+" "+row[0].Color)
	}
	want := []string{"critical " + palette.Of("failed").Fill, "warning " + palette.Of(palette.Stalled).Fill, "info " + palette.Of("pending").Fill}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("severities (-want +got):\n%s", diff)
	}
}
