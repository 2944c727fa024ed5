package main

// column is a column of a table: a label, or the value of a query of its own. The
// rows of the queries that have the same labels become one row.
type column struct {
	heading string // empty: only the labels of the query are wanted
	label   string
	expr    string
	unit    string
	show    []property // how the cells look
}

// label is a column with the values of a label.
func label(name, heading string) column { return column{heading: heading, label: name} }

// value is a column with the values of a query.
func value(heading, expr, unit string) column {
	return column{heading: heading, expr: expr, unit: unit}
}

// words is a query that adds labels only; its value says nothing.
func words(expr string) column { return column{expr: expr} }

// bar shows a share as a bar in the cell.
func (c column) bar() column {
	return c.with(property{ID: "min", Value: 0}, property{ID: "max", Value: 1}, property{ID: "thresholds", Value: limits("blue", from(1, "green"))}).gauge()
}

// gauge shows the value as a bar whose length compares it with the others.
func (c column) gauge() column {
	return c.with(property{ID: "custom.cellOptions", Value: map[string]any{"type": "gauge", "mode": "gradient", "valueDisplayMode": "text"}},
		property{ID: "custom.minWidth", Value: 140})
}

// meaning shows coloured words in the place of values.
func (c column) meaning(m mapping) column {
	return c.with(property{ID: "mappings", Value: []mapping{m}}, property{ID: "custom.cellOptions", Value: map[string]any{"type": "color-background", "mode": "basic"}})
}

// limited colours the text by thresholds.
func (c column) limited(t thresholds) column {
	return c.with(property{ID: "thresholds", Value: t}, property{ID: "custom.cellOptions", Value: map[string]any{"type": "color-text"}})
}

func (c column) with(properties ...property) column {
	c.show = append(c.show[:len(c.show):len(c.show)], properties...)
	return c
}

// table is a row for each set of labels. Labels that are no column are left out.
func table(title, description string, columns ...column) panel {
	var queries []query
	for _, c := range columns {
		if c.expr != "" {
			q := now(c.expr, "")
			q.Format = "table"
			queries = append(queries, q)
		}
	}
	p := newPanel("table", title, description, number, queries)
	p.FieldConfig.Defaults.Custom = map[string]any{"align": "auto", "cellOptions": map[string]any{"type": "auto"}, "filterable": true, "inspect": false}
	p.Options = map[string]any{"showHeader": true, "cellHeight": "sm", "footer": map[string]any{"show": false}}

	p.Transformations = []transformation{{ID: "merge", Options: map[string]any{}}, organize(columns, len(queries))}
	for _, c := range columns {
		if c.expr != "" && c.heading != "" {
			p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{
				Matcher:    property{ID: "byName", Options: c.heading},
				Properties: append([]property{{ID: "unit", Value: c.unit}}, c.show...),
			})
		}
	}
	return p
}

// organize orders, names and hides the fields that the queries bring.
func organize(columns []column, queries int) transformation {
	order, names := map[string]int{}, map[string]string{"job_id": "Job"}
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
	return transformation{ID: "organize", Options: map[string]any{"excludeByName": hidden, "indexByName": order, "renameByName": names}}
}
