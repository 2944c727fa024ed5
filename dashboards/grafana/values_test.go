package grafana

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Stat and bargauge show a value for each series; whether with its name, depends.
func TestValues(t *testing.T) {
	const steps = `"fieldConfig": {"defaults": {"min": 0, "max": 4, "thresholds": {"mode": "absolute", "steps": [{"color": "grey", "value": null}, {"color": "red", "value": 1}]}}}, `
	const targets = `"targets": [{"refId": "A", "instant": true, "legendFormat": "{{target}} {{ job_id }}"}]`
	two := Answers{"A": instant(t, `{target="a",job_id="7"} 2`, `{target="b"} 0`)}
	one := Answers{"A": instant(t, `{target="a"} 2`)}
	half, none := 0.5, 0.0
	for _, tc := range []struct {
		name, kind, options string
		answers             Answers
		want                []Value
	}{
		{"stat of two", "stat", ``, two, []Value{{"a 7", Cell{Text: "2", Color: "red", Value: 2.0}}, {"b", Cell{Text: "0", Color: "grey", Value: 0.0}}}},
		{"stat of one", "stat", `"textMode": "auto", `, one, []Value{{"", Cell{Text: "2", Color: "red", Value: 2.0}}}},
		{"stat of one with its name", "stat", `"textMode": "value_and_name", "colorMode": "none", `, one, []Value{{"a", Cell{Text: "2", Value: 2.0}}}},
		{"stat without names", "stat", `"textMode": "value", `, two, []Value{{"", Cell{Text: "2", Color: "red", Value: 2.0}}, {"", Cell{Text: "0", Color: "grey", Value: 0.0}}}},
		{"bars", "bargauge", ``, two, []Value{{"a 7", Cell{Text: "2", Color: "red", Value: 2.0, Fill: &half}}, {"b", Cell{Text: "0", Color: "grey", Value: 0.0, Fill: &none}}}},
		{"a bar that is alone", "bargauge", ``, one, []Value{{"", Cell{Text: "2", Color: "red", Value: 2.0, Fill: &half}}}},
		{"bars without names", "bargauge", `"namePlacement": "hidden", `, two, []Value{{"", Cell{Text: "2", Color: "red", Value: 2.0, Fill: &half}}, {"", Cell{Text: "0", Color: "grey", Value: 0.0, Fill: &none}}}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := mustRead(t, `"type": "`+tc.kind+`", "options": {`+tc.options+`"reduceOptions": {"calcs": ["lastNotNull"]}}, `+steps+targets, tc.answers)
			if diff := cmp.Diff(tc.want, r.Values); diff != "" {
				t.Errorf("values (-want +got):\n%s", diff)
			}
		})
	}
	named := mustRead(t, `"type": "bargauge", "options": {"reduceOptions": {"calcs": ["last"]}}, "fieldConfig": {"defaults": {"displayName": "All"}}, `+targets, one)
	if named.Values[0].Name != "All" {
		t.Errorf("a bar that is alone is called %q, want the panel's name for it", named.Values[0].Name)
	}
}

func TestReduce(t *testing.T) {
	for _, tc := range []struct {
		calc   string
		values []any
		want   any
	}{
		{"last", []any{1.0, 2.0}, 2.0}, {"last", []any{1.0, nil}, nil}, {"last", nil, nil},
		{"lastNotNull", []any{1.0, nil, math.NaN()}, 1.0}, {"lastNotNull", []any{nil}, nil},
	} {
		if got, err := reduce(tc.calc, tc.values); got != tc.want || err != nil {
			t.Errorf("%s of %v: %v, %v; want %v", tc.calc, tc.values, got, err, tc.want)
		}
	}
}

// A curve is called by its legend, or without one by its labels.
func TestCurves(t *testing.T) {
	for legend, want := range map[string]string{`job {{target}}`: "job a", ``: `{target="a"}`} {
		r := mustRead(t, `"type": "timeseries", "fieldConfig": {"defaults": {"unit": "percentunit", "color": {"mode": "palette-classic"}}}, "targets": [{"refId": "A", "range": true, "legendFormat": "`+legend+`"}]`, Answers{"A": ranged("a", 0.25, 0.5)})
		if diff := cmp.Diff([]Value{{want, Cell{Text: "50%", Color: "palette", Value: 0.5}}}, r.Curves); diff != "" {
			t.Errorf("curves (-want +got):\n%s", diff)
		}
	}
	r := mustRead(t, `"type": "timeseries", "targets": [{"refId": "A", "range": true, "expr": "sum(up)"}]`, Answers{"A": ranged("", 1)})
	if r.Curves[0].Name != `{target=""}` {
		t.Errorf("it is called %q", r.Curves[0].Name)
	}
}

// A hidden query is not asked.
func TestHidden(t *testing.T) {
	r := mustRead(t, `"type": "timeseries", "targets": [{"refId": "A", "range": true, "hide": true}, {"refId": "B", "range": true, "legendFormat": "b"}]`, Answers{"B": ranged("a", 1)})
	if len(r.Curves) != 1 || r.Curves[0].Name != "b" {
		t.Errorf("curves %+v, want that of B", r.Curves)
	}
}
