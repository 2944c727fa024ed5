package dashboards_test

import (
	"fmt"
	"regexp"
	"testing"
)

// expression is something that a dashboard asks Prometheus.
type expression struct {
	where string // for a person
	panel string // empty for variables and annotations
	expr  string
	label string // of a variable: the label whose values are asked for
}

// labelValues is the one kind of query that variables have.
var labelValues = regexp.MustCompile(`^label_values\((.+), (\w+)\)$`)

// expressions returns everything that the dashboard asks: of panels, variables and
// annotations.
func (d *dashboard) expressions(t *testing.T) []expression {
	t.Helper()
	var all []expression
	for _, p := range d.Panels {
		for _, q := range p.Targets {
			all = append(all, expression{where: fmt.Sprintf("%s: %s, query %s", d.file, p.Title, q.RefID), panel: p.Title, expr: q.Expr})
		}
	}
	for _, a := range d.Annotations.List {
		all = append(all, expression{where: fmt.Sprintf("%s: annotation %s", d.file, a.Name), expr: a.Expr})
	}
	for _, v := range d.Templating.List {
		if v.Type != "query" {
			continue
		}
		query, _ := v.Query.(map[string]any)
		text, _ := query["query"].(string)
		m := labelValues.FindStringSubmatch(text)
		if m == nil {
			t.Errorf("%s: variable %s asks %q, want label_values(SERIES, LABEL)", d.file, v.Name, text)
			continue
		}
		all = append(all, expression{where: fmt.Sprintf("%s: variable %s", d.file, v.Name), expr: m[1], label: m[2]})
	}
	return all
}
