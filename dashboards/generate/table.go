package main

// column is a column of a table: a label, or the value of a query of its own. The
// rows of the queries that have the same labels become one row.
type column struct {
	heading string // empty: only the labels of the query are wanted
	label   string
	expr    string
	show    []property // how the cells look
}

// label is a column with the values of a label.
func label(name, heading string) column { return column{heading: heading, label: name} }

// value is a column with the values of a query.
func value(heading, expr, unit string) column {
	return column{heading: heading, expr: expr}.with(property{"unit", unit})
}

// words is a query that adds labels only; its value says nothing.
func words(expr string) column { return column{expr: expr} }

// px fixes the width, in pixels.
func (c column) px(width int) column { return c.with(property{"custom.width", width}) }

// least gives the column what is left of the width, but not less pixels.
func (c column) least(width int) column { return c.with(property{"custom.minWidth", width}) }

// bar shows a share as a bar in the cell.
func (c column) bar() column {
	return c.with(property{"min", 0}, property{"max", 1}, property{"decimals", 0}, property{"color", fixed(color(running()))}).gauge()
}

// longest shows a value as a bar whose length compares it with others of the column.
func (c column) longest() column {
	return c.with(property{"min", 0}, property{"fieldMinMax", true}, property{"color", fixed(color(running()))}).gauge()
}

func (c column) gauge() column {
	return c.with(property{"custom.cellOptions", map[string]any{"type": "gauge", "mode": "basic", "valueDisplayMode": "text"}})
}

// meaning shows coloured words in the place of values.
func (c column) meaning(m mapping) column {
	return c.with(property{"mappings", []mapping{m}}, property{"custom.align", "center"},
		property{"custom.cellOptions", map[string]any{"type": "color-background", "mode": "basic"}})
}

// limited colours the text by thresholds.
func (c column) limited(t thresholds) column {
	return c.with(property{"thresholds", t}, property{"custom.cellOptions", map[string]any{"type": "color-text"}})
}

// decimals fixes how many digits stand after the point.
func (c column) decimals(digits int) column { return c.with(property{"decimals", digits}) }

// leads makes the cells a link.
func (c column) leads(title, url string) column {
	return c.with(property{"links", []fieldLink{{title, url}}})
}

// hidden keeps a column for the links of others. Grafana has called this differently;
// it passes over the name that it does not know.
func (c column) hidden() column {
	return c.with(property{"custom.hidden", true}, property{"custom.hideFrom", map[string]bool{"viz": true, "legend": false, "tooltip": true}})
}

func (c column) with(properties ...property) column {
	c.show = append(c.show[:len(c.show):len(c.show)], properties...)
	return c
}

// table is a row for each set of labels. Labels that are no column are left out. A cell
// without a value says so by a dash.
func table(title, description string, columns ...column) panel {
	var queries []query
	for _, c := range columns {
		if c.expr != "" {
			q := now(c.expr, "")
			q.Format = "table"
			queries = append(queries, q)
		}
	}
	p := newPanel("table", title, description, text, queries)
	p.FieldConfig.Defaults.Custom = map[string]any{"align": "auto", "cellOptions": map[string]any{"type": "auto"}, "filterable": true, "inspect": false}
	p.Options = map[string]any{"showHeader": true, "cellHeight": "sm"}

	p.Transformations = []transformation{{ID: "merge", Options: map[string]any{}}, organize(columns, len(queries))}
	for _, c := range columns {
		if c.heading != "" {
			p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{
				Matcher: named(c.heading), Properties: append([]property{{"noValue", "–"}}, c.show...),
			})
		}
	}
	return p
}

// sorted orders the rows by columns, the lowest values first.
func (p panel) sorted(headings ...string) panel { return p.ordered(false, headings) }

// falling orders the rows by a column, the highest values first.
func (p panel) falling(heading string) panel { return p.ordered(true, []string{heading}) }

func (p panel) ordered(falling bool, headings []string) panel {
	var by []map[string]any
	for _, h := range headings {
		by = append(by, map[string]any{"displayName": h, "desc": falling})
	}
	p.Options["sortBy"] = by
	return p
}

// organize orders, names and hides the fields that the queries bring.
func organize(columns []column, queries int) transformation {
	order, names := map[string]int{}, map[string]string{"id": "Job ID", "job_id": "Job ID"}
	hidden := map[string]bool{"Time": true, "api": true}
	asked := 0
	for i, c := range columns {
		fields := []string{c.label}
		if c.expr != "" {
			fields = []string{"Value #" + refID(asked)}
			asked++
			if queries == 1 { // then Grafana leaves the letter out
				fields = append(fields, "Value")
			}
		}
		for _, f := range fields {
			order[f], hidden[f] = i, c.heading == ""
			if c.heading != "" {
				names[f] = c.heading
			}
		}
	}
	return transformation{ID: "organize", Options: map[string]any{"excludeByName": hidden, "indexByName": order, "renameByName": names, "includeByName": map[string]bool{}}}
}
