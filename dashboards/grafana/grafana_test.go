package grafana

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/model"
)

// noon is when all panels are looked at.
func noon() time.Time { return time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC) }

// instant makes a vector of series like `{target="a",api="x"} 5`.
func instant(t *testing.T, series ...string) model.Vector {
	t.Helper()
	v := model.Vector{}
	for _, s := range series {
		labels, number, _ := strings.Cut(s, "} ")
		metric := model.Metric{}
		for _, pair := range strings.Split(strings.TrimPrefix(labels, "{"), ",") {
			if name, value, ok := strings.Cut(pair, "="); ok {
				metric[model.LabelName(name)] = model.LabelValue(strings.Trim(value, `"`))
			}
		}
		var value model.SampleValue
		if err := json.Unmarshal([]byte(`"`+number+`"`), &value); err != nil {
			t.Fatal(err)
		}
		v = append(v, &model.Sample{Metric: metric, Value: value, Timestamp: model.TimeFromUnixNano(noon().UnixNano())})
	}
	return v
}

// ranged makes a matrix with one series, one point a minute up to noon; NaN is a
// point that is not there.
func ranged(target string, values ...float64) model.Matrix {
	s := &model.SampleStream{Metric: model.Metric{"target": model.LabelValue(target)}}
	for i, v := range values {
		if v == v {
			when := noon().Add(time.Duration(i-len(values)+1) * time.Minute)
			s.Values = append(s.Values, model.SamplePair{Timestamp: model.TimeFromUnixNano(when.UnixNano()), Value: model.SampleValue(v)})
		}
	}
	return model.Matrix{s}
}

// tables are the queries of a table with so many of them, timelines one query of a
// range.
func tables(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`{"refId": %q, "format": "table", "instant": true}`, string(rune('A'+i))))
	}
	return `"targets": [` + strings.Join(all, ",") + `]`
}

const curve = `"targets": [{"refId": "A", "range": true, "legendFormat": "{{target}}"}]`

// read reads a panel, given as the inside of its JSON, at noon.
func read(t *testing.T, inside string, answers Answers) (Reading, error) {
	t.Helper()
	p, err := Parse([]byte(`{"title": "T", ` + inside + `}`))
	if err != nil {
		return Reading{}, err
	}
	return p.Read(answers, Moment{Now: noon(), Step: time.Minute, Variables: map[string]string{"datasource": "prom one"}})
}

// mustRead is read for panels without fault.
func mustRead(t *testing.T, inside string, answers Answers) Reading {
	t.Helper()
	r, err := read(t, inside, answers)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// texts are the columns of a table and its rows, for a comparison at a glance.
func texts(r Reading) []string {
	all := []string{strings.Join(r.Columns, "|")}
	for _, row := range r.Rows {
		var cells []string
		for _, c := range row {
			cells = append(cells, c.Text)
		}
		all = append(all, strings.Join(cells, "|"))
	}
	return all
}

// Whatever is not known is an error that names it.
func TestUnknown(t *testing.T) {
	one := Answers{"A": instant(t, `{target="a"} 1`)}
	for _, tc := range []struct {
		name, inside, want string
		answers            Answers
	}{
		{"panel", `"type": "piechart", ` + tables(1), `a panel of type "piechart" is not known here`, one},
		{"transformation", `"type": "table", "transformations": [{"id": "reduce", "options": {}}], ` + tables(1), `transformation "reduce" is not known here`, one},
		{"option of a transformation", `"type": "table", "transformations": [{"id": "organize", "options": {"orderByMode": "auto"}}], ` + tables(1), `unknown field "orderByMode"`, one},
		{"matcher", `"type": "table", "fieldConfig": {"overrides": [{"matcher": {"id": "byValue", "options": "x"}}]}, ` + tables(1), `matcher "byValue" is not known here`, one},
		{"option of an override", `"type": "table", "fieldConfig": {"overrides": [{"matcher": {"id": "byName", "options": "Value"}, "properties": [{"id": "filterable", "value": true}]}]}, ` + tables(1), `override of "Value": option "filterable" is not known here`, one},
		{"option of the panel", `"type": "table", "fieldConfig": {"defaults": {"path": "x"}}, ` + tables(1), `option "path" is not known here`, one},
		{"option of its kind", `"type": "table", "fieldConfig": {"defaults": {"custom": {"footer": {}}}}, ` + tables(1), `option "custom.footer" is not known here`, one},
		{"cell", `"type": "table", "fieldConfig": {"defaults": {"custom": {"cellOptions": {"type": "sparkline"}}}}, ` + tables(1), `a cell of type "sparkline" is not known here`, one},
		{"option of a cell", `"type": "table", "fieldConfig": {"defaults": {"custom": {"cellOptions": {"type": "auto", "applyToRow": true}}}}, ` + tables(1), `unknown field "applyToRow"`, one},
		{"unit", `"type": "table", "fieldConfig": {"defaults": {"unit": "watt"}}, ` + tables(1), `column "target": unit "watt" is not known here`, one},
		{"colour", `"type": "table", "fieldConfig": {"defaults": {"color": {"mode": "continuous-GrYlRd"}}}, ` + tables(1), `colour mode "continuous-GrYlRd" is not known here`, one},
		{"thresholds", `"type": "table", "fieldConfig": {"defaults": {"thresholds": {"mode": "percentage", "steps": [{"color": "red", "value": null}]}}}, ` + tables(1), `thresholds of mode "percentage"`, one},
		{"mapping", `"type": "table", "fieldConfig": {"defaults": {"mappings": [{"type": "lookup"}]}}, ` + tables(1), `mapping of type "lookup" is not known here`, one},
		{"calculation", `"type": "stat", "options": {"reduceOptions": {"calcs": ["range"]}}, ` + tables(1), `calculation "range" is not known here`, one},
		{"rows as values", `"type": "stat", "options": {"reduceOptions": {"calcs": ["last"], "values": true}}, ` + tables(1), `reduceOptions`, one},
		{"text mode", `"type": "stat", "options": {"textMode": "loud", "reduceOptions": {"calcs": ["last"]}}, ` + tables(1), `textMode "loud" is not known here`, one},
		{"format", `"type": "table", "targets": [{"refId": "A", "format": "heatmap", "instant": true}]`, `query A has the format "heatmap"`, one},
		{"neither instant nor range", `"type": "table", "targets": [{"refId": "A"}]`, `query A is neither an instant nor a range query alone`, one},
		{"no answer", `"type": "table", ` + tables(2), `there is no answer for query B`, one},
		{"another answer", `"type": "table", ` + tables(1), `query A has a *model.Scalar for an answer`, Answers{"A": &model.Scalar{}}},
		{"frames that are not one", `"type": "table", ` + tables(2), `its 2 frames were not made one`, Answers{"A": instant(t, `{} 1`), "B": instant(t, `{} 2`)}},
		{"no JSON", `"type": 5`, `panel: json`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := read(t, tc.inside, tc.answers); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v, want one with %s", err, tc.want)
			}
		})
	}
}
