package main

// tile is one number of a strip: its name, and its color when it is not 0.
type tile struct {
	name, expr, kind string
}

// strip is a line of tiles, as a wall shows them from afar.
func strip(title, description, unit string, tiles ...tile) panel {
	var queries []query
	for _, t := range tiles {
		queries = append(queries, now(t.expr, t.name))
	}
	p := newPanel("stat", title, description, unit, queries)
	p.Options = map[string]any{
		"reduceOptions": map[string]any{"calcs": []string{"last"}, "fields": "", "values": false},
		"colorMode":     "background_solid", "graphMode": "none", "justifyMode": "center", "orientation": "vertical",
		"textMode": "value_and_name", "wideLayout": false, "showPercentChange": false, "percentChangeColorMode": "standard",
		"text": map[string]any{"titleSize": 13, "valueSize": 36},
	}
	for _, t := range tiles {
		p.FieldConfig.Overrides = append(p.FieldConfig.Overrides, override{
			Matcher: named(t.name), Properties: []property{{"thresholds", limits(color(none()), from(1, color(t.kind)))}},
		})
	}
	return p
}

// quiet shows the numbers of a strip without colours.
func (p panel) quiet() panel {
	p.Options["colorMode"] = "none"
	p.FieldConfig.Overrides = []override{}
	return p
}

// rounded leaves one digit after the point.
func (p panel) rounded() panel {
	digits := 1
	p.FieldConfig.Defaults.Decimals = &digits
	return p
}
