package grafana

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/prometheus/common/model"
)

// Answers are the answers of a panel's queries by their RefID: a model.Vector of an
// instant query, a model.Matrix of a range query.
type Answers map[string]model.Value

// The kinds of fields. Grafana sorts, formats and matches by them.
const (
	timeKind   = "time"
	numberKind = "number"
	textKind   = "string"
)

// field is a column of a frame. Its values are float64, string or, where there is
// none, nil; times are milliseconds since 1970.
type field struct {
	name    string
	renamed string // the name that is shown instead, if any
	kind    string
	labels  map[string]string
	values  []any
	options options
}

// shown is the name that a person sees, by which overrides and links find the field
// too.
func (f field) shown() string {
	switch {
	case f.options.displayName != "":
		return f.options.displayName
	case f.renamed != "":
		return f.renamed
	}
	return f.name
}

// is reports whether a name means the field.
func (f field) is(name string) bool { return name == f.name || name == f.shown() }

// frame is a table of fields of the same length. What a query has no answer for has
// no fields at all.
type frame struct {
	refID  string
	fields []field
}

// rows is the number of values of each field.
func (f frame) rows() int {
	if len(f.fields) == 0 {
		return 0
	}
	return len(f.fields[0].values)
}

// find returns the field with a name.
func (f frame) find(name string) (field, bool) {
	i := slices.IndexFunc(f.fields, func(f field) bool { return f.is(name) })
	if i < 0 {
		return field{}, false
	}
	return f.fields[i], true
}

// frames returns the answers as the Prometheus data source of Grafana does: series
// first, tables after them.
func (p Panel) frames(answers Answers) ([]frame, error) {
	var series, tables []frame
	for _, target := range p.Targets {
		if target.Hide {
			continue
		}
		if target.Instant == target.Range {
			return nil, fmt.Errorf("query %s is neither an instant nor a range query alone", target.RefID)
		}
		answer, ok := answers[target.RefID]
		if !ok {
			return nil, fmt.Errorf("there is no answer for query %s", target.RefID)
		}
		found, err := lists(target, answer)
		if err != nil {
			return nil, err
		}
		switch target.Format {
		case "table":
			tables = append(tables, found...)
		case "time_series", "":
			series = append(series, found...)
		default:
			return nil, fmt.Errorf("query %s has the format %q", target.RefID, target.Format)
		}
	}
	return append(series, tabulate(tables)...), nil
}

// lists makes a frame for each series. The data source answers with an empty one
// where there is none.
func lists(target Target, answer model.Value) ([]frame, error) {
	var all []frame
	add := func(metric model.Metric, points ...model.SamplePair) {
		labels := map[string]string{}
		for name, value := range metric {
			labels[string(name)] = string(value)
		}
		times := field{name: "Time", kind: timeKind}
		values := field{name: "Value", kind: numberKind, labels: labels, renamed: legend(target, labels)}
		for _, p := range points {
			times.values = append(times.values, float64(p.Timestamp))
			values.values = append(values.values, float64(p.Value))
		}
		all = append(all, frame{target.RefID, []field{times, values}})
	}
	switch answer := answer.(type) {
	case model.Vector:
		for _, s := range answer {
			add(s.Metric, model.SamplePair{Timestamp: s.Timestamp, Value: s.Value})
		}
	case model.Matrix:
		for _, s := range answer {
			add(s.Metric, s.Values...)
		}
	default:
		return nil, fmt.Errorf("query %s has a %T for an answer", target.RefID, answer)
	}
	if len(all) == 0 {
		all = []frame{{refID: target.RefID}}
	}
	return all, nil
}

// placeholders are the labels in a legend.
var placeholders = regexp.MustCompile(`\{\{\s*(.+?)\s*\}\}`)

// legend is the name of a series: its legend, or without one its labels.
func legend(target Target, labels map[string]string) string {
	if target.LegendFormat != "" {
		return strings.TrimSpace(placeholders.ReplaceAllStringFunc(target.LegendFormat, func(m string) string {
			return labels[placeholders.FindStringSubmatch(m)[1]]
		}))
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		if name != model.MetricNameLabel {
			parts = append(parts, fmt.Sprintf("%s=%q", name, labels[name]))
		}
	}
	if len(parts) == 0 && labels[model.MetricNameLabel] == "" {
		return target.Expr
	}
	return labels[model.MetricNameLabel] + "{" + strings.Join(parts, ", ") + "}"
}

// tabulate makes one frame of all series of a query, with a field for each label. A
// query's letter is in the name of its values, unless it is alone. A single query
// without an answer stays a frame without fields.
func tabulate(lists []frame) []frame {
	if len(lists) == 0 || len(lists) == 1 && len(lists[0].fields) == 0 {
		return lists
	}
	var queries []string
	for _, l := range lists {
		if !slices.Contains(queries, l.refID) {
			queries = append(queries, l.refID)
		}
	}
	var tables []frame
	for _, q := range queries {
		value := field{name: "Value #" + q, kind: numberKind}
		if len(queries) == 1 {
			value.name = "Value"
		}
		tables = append(tables, table(q, value, lists))
	}
	return tables
}

func table(query string, value field, lists []frame) frame {
	times := field{name: "Time", kind: timeKind}
	var labels []field
	for _, l := range lists {
		if l.refID != query || len(l.fields) == 0 {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(l.fields[1].labels)) {
			if !slices.ContainsFunc(labels, func(f field) bool { return f.name == name }) {
				labels = append(labels, field{name: name, kind: textKind})
			}
		}
	}
	for _, l := range lists {
		if l.refID != query || len(l.fields) == 0 {
			continue
		}
		times.values = append(times.values, l.fields[0].values...)
		value.values = append(value.values, l.fields[1].values...)
		for range l.fields[1].values {
			for i := range labels {
				labels[i].values = append(labels[i].values, l.fields[1].labels[labels[i].name])
			}
		}
	}
	return frame{query, append(append([]field{times}, labels...), value)}
}
