package main

// The units that are used, by Grafana's names.
const (
	number   = "short"
	share    = "percentunit" // of 0 to 1
	seconds  = "s"
	iecBytes = "bytes"
	pace     = "binBps"        // bytes in a second
	date     = "dateTimeAsIso" // of milliseconds
	ago      = "dateTimeFromNow"
	word     = "none" // a value that stands for a word
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

// newPanel makes what all panels with data have.
func newPanel(kind, title, description, unit string, queries []query) panel {
	for i := range queries {
		queries[i].RefID = refID(i)
	}
	source := prometheus()
	return panel{
		Type: kind, Title: title, Description: description, Datasource: &source, Targets: queries,
		FieldConfig: &fieldConfig{
			Defaults:  field{Unit: unit, Mappings: []mapping{}, Thresholds: limits("green"), Color: map[string]any{"mode": "thresholds"}},
			Overrides: []override{},
		},
	}
}

// stat is one big number for each series.
func stat(title, description, unit string, queries ...query) panel {
	p := newPanel("stat", title, description, unit, queries)
	p.Options = map[string]any{
		"reduceOptions": lastValue(), "colorMode": "background", "graphMode": "none",
		"justifyMode": "center", "orientation": "auto", "textMode": "auto", "wideLayout": true,
	}
	return p
}

// bars is a horizontal bar for each series.
func bars(title, description, unit string, queries ...query) panel {
	p := newPanel("bargauge", title, description, unit, queries)
	p.Options = map[string]any{
		"reduceOptions": lastValue(), "displayMode": "gradient", "orientation": "horizontal", "showUnfilled": true,
		"valueMode": "color", "namePlacement": "auto", "sizing": "auto", "minVizHeight": 16, "minVizWidth": 8, "maxVizHeight": 60,
	}
	return p
}

// curves is a line for each series. A line breaks where nothing was read.
func curves(title, description, unit string, queries ...query) panel {
	p := newPanel("timeseries", title, description, unit, queries)
	p.FieldConfig.Defaults.Color = map[string]any{"mode": "palette-classic"}
	p.FieldConfig.Defaults.Custom = map[string]any{
		"drawStyle": "line", "lineWidth": 2, "fillOpacity": 8, "gradientMode": "none", "lineInterpolation": "linear",
		"showPoints": "auto", "pointSize": 4, "spanNulls": false, "axisPlacement": "auto",
		"stacking": map[string]any{"mode": "none", "group": "A"}, "thresholdsStyle": map[string]any{"mode": "off"},
	}
	p.Options = map[string]any{
		"legend":  map[string]any{"showLegend": true, "displayMode": "table", "placement": "bottom", "calcs": []string{"lastNotNull", "max"}},
		"tooltip": map[string]any{"mode": "multi", "sort": "desc"},
	}
	return p
}

// timeline is a band for each series, coloured by what its value stands for.
func timeline(title, description string, meaning mapping, queries ...query) panel {
	p := newPanel("state-timeline", title, description, word, queries)
	p.FieldConfig.Defaults.Mappings = []mapping{meaning}
	p.FieldConfig.Defaults.Custom = map[string]any{"fillOpacity": 80, "lineWidth": 0, "spanNulls": false}
	p.Options = map[string]any{
		"mergeValues": true, "showValue": "auto", "alignValue": "left", "rowHeight": 0.85,
		"legend":  map[string]any{"showLegend": false, "displayMode": "list", "placement": "bottom"},
		"tooltip": map[string]any{"mode": "single", "sort": "none"},
	}
	return p
}

func lastValue() map[string]any {
	return map[string]any{"calcs": []string{"lastNotNull"}, "fields": "", "values": false}
}

// limits are thresholds: a colour, and others from a value on.
func limits(base string, others ...step) thresholds {
	return thresholds{Mode: "absolute", Steps: append([]step{{Color: base}}, others...)}
}

// from colours what is at least value.
func from(value float64, color string) step { return step{Color: color, Value: &value} }

// limited colours values by thresholds; curves show them as dashed lines.
func (p panel) limited(base string, others ...step) panel {
	p.FieldConfig.Defaults.Thresholds = limits(base, others...)
	if p.Type == "timeseries" {
		p.FieldConfig.Defaults.Custom["thresholdsStyle"] = map[string]any{"mode": "dashed"}
	}
	return p
}

// between fixes the ends of the axis or of the bars.
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

// stacked draws columns that stand on each other, for what happens now and then.
func (p panel) stacked() panel {
	custom := p.FieldConfig.Defaults.Custom
	custom["drawStyle"], custom["fillOpacity"], custom["lineWidth"] = "bars", 80, 0
	custom["stacking"] = map[string]any{"mode": "normal", "group": "A"}
	return p.positive()
}

// filled draws areas that stand on each other, for the parts of a whole.
func (p panel) filled() panel {
	custom := p.FieldConfig.Defaults.Custom
	custom["fillOpacity"], custom["lineInterpolation"] = 60, "stepAfter"
	custom["stacking"] = map[string]any{"mode": "normal", "group": "A"}
	return p.positive()
}

// wide fixes the width, of 24 columns.
func (p panel) wide(columns int) panel {
	p.GridPos.W = columns
	return p
}
