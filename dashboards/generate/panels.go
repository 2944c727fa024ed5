package main

import "maps"

// The units that are used, by Grafana's names.
const (
	text      = "string" // leaves words as they are, also those that look like numbers
	number    = "short"
	word      = "none"        // a value that stands for a word
	share     = "percentunit" // of 0 to 1
	span      = "dtdhms"      // of seconds, in days, hours, minutes
	exact     = "s"           // of seconds, short ones
	iecBytes  = "bytes"
	pace      = "binBps"           // bytes in a second
	perMin    = "cpm"              // in a minute
	clock     = "time:MMM D HH:mm" // of milliseconds
	timestamp = "dateTimeAsIso"    // of milliseconds
	ago       = "dateTimeFromNow"  // of milliseconds
)

// prometheus is the data source that the variable datasource chooses.
func prometheus() datasource { return datasource{Type: "prometheus", UID: "${datasource}"} }

// curve is a query over the time of the dashboard.
func curve(expr, legend string) query {
	return query{Datasource: prometheus(), Expr: expr, LegendFormat: legend, EditorMode: "code", Format: "time_series", Range: true}
}

// now is a query at the end of the dashboard's time.
func now(expr, legend string) query {
	q := curve(expr, legend)
	q.Instant, q.Range = true, false
	return q
}

// refID is the letter of a panel's i-th query.
func refID(i int) string { return string(rune('A' + i)) }

// newPanel makes what all panels with data have. A panel without data says so in a
// sentence, instead of looking broken.
func newPanel(kind, title, description, unit string, queries []query) panel {
	for i := range queries {
		queries[i].RefID = refID(i)
	}
	source := prometheus()
	return panel{
		Type: kind, Title: title, Description: description, Datasource: &source, Targets: queries,
		FieldConfig: &fieldConfig{
			Defaults:  field{Unit: unit, NoValue: "nothing to show", Mappings: []mapping{}, Thresholds: limits("text"), Color: mode("thresholds")},
			Overrides: []override{},
		},
	}
}

func mode(name string) map[string]any { return map[string]any{"mode": name} }

// fixed is a colour that no value changes.
func fixed(color string) map[string]any { return map[string]any{"mode": "fixed", "fixedColor": color} }

// tooltip is what a pointer shows.
func tooltip(mode, sort string) map[string]any {
	return map[string]any{"mode": mode, "sort": sort, "hideZeros": false}
}

// curves is a line for each series. A line breaks where nothing was read.
func curves(title, description, unit string, queries ...query) panel {
	p := newPanel("timeseries", title, description, unit, queries)
	p.FieldConfig.Defaults.Color = mode("palette-classic")
	p.FieldConfig.Defaults.Custom = map[string]any{
		"drawStyle": "line", "lineWidth": 2, "fillOpacity": 0, "gradientMode": "none", "lineInterpolation": "linear",
		"showPoints": "auto", "pointSize": 4, "spanNulls": false, "insertNulls": false, "axisPlacement": "auto", "axisLabel": "",
		"stacking": map[string]any{"mode": "none", "group": "A"}, "thresholdsStyle": mode("off"),
	}
	p.Options = map[string]any{
		"legend":  map[string]any{"showLegend": true, "displayMode": "table", "placement": "bottom", "calcs": []string{"last", "max"}, "sortBy": "Last", "sortDesc": true},
		"tooltip": tooltip("multi", "desc"),
	}
	return p
}

// timelineRows is how many bands a timeline shows at a time; there are pages for more.
const timelineRows = 14

// timeline is a band for each series, coloured by what its value stands for. With
// colours by thresholds Grafana would show the ranges of thresholds in the place of
// what the values stand for.
func timeline(title, description string, meaning mapping, queries ...query) panel {
	p := newPanel("state-timeline", title, description, word, queries)
	p.FieldConfig.Defaults.Mappings = []mapping{meaning}
	p.FieldConfig.Defaults.Color = mode("palette-classic")
	p.FieldConfig.Defaults.Custom = map[string]any{"fillOpacity": 80, "lineWidth": 0, "spanNulls": false, "insertNulls": false}
	p.Options = map[string]any{
		"mergeValues": true, "showValue": "auto", "alignValue": "left", "rowHeight": 0.9, "perPage": timelineRows,
		"legend":  map[string]any{"showLegend": false, "displayMode": "list", "placement": "bottom"},
		"tooltip": tooltip("single", "none"),
	}
	return p
}

// limits are thresholds: a colour, and others from a value on.
func limits(base string, others ...step) thresholds {
	return thresholds{Mode: "absolute", Steps: append([]step{{Color: base}}, others...)}
}

// from colours what is at least value.
func from(value float64, color string) step { return step{Color: color, Value: &value} }

// limited draws a dashed line at a limit, from which on values have a kind's color.
func (p panel) limited(base string, others ...step) panel {
	p.FieldConfig.Defaults.Thresholds = limits(base, others...)
	p.FieldConfig.Defaults.Custom["thresholdsStyle"] = mode("dashed")
	return p
}

// between fixes the ends of the axis.
func (p panel) between(low, high float64) panel {
	p.FieldConfig.Defaults.Min, p.FieldConfig.Defaults.Max = &low, &high
	return p
}

// positive begins the axis at 0.
func (p panel) positive() panel {
	var zero float64
	p.FieldConfig.Defaults.Min = &zero
	return p
}

// reaching ends the axis at high, unless a value is above: a limit there is on the
// screen, and a few small values are not drawn large.
func (p panel) reaching(high float64) panel {
	p.FieldConfig.Defaults.Custom["axisSoftMax"] = high
	return p.positive()
}

// whole labels the axis with whole numbers only.
func (p panel) whole() panel {
	var none int
	p.FieldConfig.Defaults.Decimals = &none
	return p.positive()
}

// filled draws areas that stand on each other, for the parts of a whole.
func (p panel) filled() panel {
	custom := p.FieldConfig.Defaults.Custom
	custom["fillOpacity"], custom["lineInterpolation"] = 60, "stepAfter"
	custom["stacking"] = map[string]any{"mode": "normal", "group": "A"}
	return p.whole()
}

// colored gives series their colours by their names.
func (p panel) colored(colors ...said) panel {
	for _, c := range colors {
		p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{Matcher: named(c.word), Properties: []property{{"color", fixed(color(c.kind))}}})
	}
	return p
}

// besides puts the legend on the right, where a panel as wide as the screen has room.
func (p panel) besides() panel {
	legend := maps.Clone(p.Options["legend"].(map[string]any))
	legend["placement"], legend["width"] = "right", 320
	p.Options["legend"] = legend
	return p
}

// coarse has a point a minute, at most: what is asked about every job of a fleet over
// hours costs Prometheus seconds.
func (p panel) coarse() panel {
	p.Interval = "1m"
	return p
}

// without is what a panel without data says.
func (p panel) without(sentence string) panel {
	p.FieldConfig.Defaults.NoValue = sentence
	return p
}

// wide fixes the width, of 24 columns.
func (p panel) wide(columns int) panel {
	p.GridPos.W = columns
	return p
}
