package dashboards_test

import (
	"slices"
	"strings"

	"progress_exporter/collector/palette"
)

// columns returns the fields of a table that a person sees, by their headings, with
// what they were called before.
func (n node) columns() map[string]string {
	shown := map[string]string{}
	for _, t := range n.list("transformations") {
		hidden := t.object("options", "excludeByName")
		for field, heading := range t.object("options", "renameByName") {
			if hidden[field] == false {
				shown[heading.(string)] = field
			}
		}
	}
	return shown
}

// tableRules are about tables.
func tableRules() []rule {
	return []rule{{
		name:   "no default unit that formats text columns",
		reason: "version 2111 was shown as 2.11 K: the default unit formats labels, too, that look like numbers",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("table") {
				c.add(p.text("fieldConfig", "defaults", "unit") != "string", "%s has the default unit %s", p.where, p.text("fieldConfig", "defaults", "unit"))
				for heading, field := range p.columns() {
					_, unit := p.set(heading, "unit")
					c.add(strings.HasPrefix(field, "Value") && !unit, "%s: the values of %s have no unit", p.where, heading)
				}
			}
			return c
		},
		broken: func(all files) {
			all.panel("Clusters, those in trouble first").object("fieldConfig", "defaults")["unit"] = "short"
		},
	}, {
		name:   "the longest bar of a column is its own",
		reason: "all bars were slivers: the automatic maximum took in timestamps of other columns",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("table") {
				for heading := range p.columns() {
					cell, _ := p.set(heading, "custom.cellOptions")
					options, _ := cell.(map[string]any)
					_, high := p.set(heading, "max")
					own, _ := p.set(heading, "fieldMinMax")
					tint, _ := p.set(heading, "color")
					c.add(options["type"] == "gauge" && !high && own != true, "%s: the bars of %s have no maximum of their own", p.where, heading)
					c.add(options["type"] == "gauge" && node(tint.(map[string]any)).text("mode") != "fixed", "%s: a full bar of %s changes its colour half way", p.where, heading)
				}
			}
			return c
		},
		broken: func(all files) {
			for _, p := range all.panels("table") {
				p.unset("For", "fieldMinMax")
			}
		},
	}, {
		name:   "jobs are sorted by urgency",
		reason: "with 64 targets none of the failed ones was among the 7 rows on the screen",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("table") {
				if _, jobs := p.columns()["State"]; !jobs {
					c.add(len(p.list("options", "sortBy")) == 0, "%s is not sorted", p.where)
					continue
				}
				by := p.list("options", "sortBy")
				c.add(len(by) == 0 || by[0].text("displayName") != "State" || by[0]["desc"] != false, "%s is not sorted by State, the most urgent first", p.where)
				mappings, _ := p.set("State", "mappings")
				options := node{"m": mappings}.list("m")[0].object("options")
				for i, word := range []string{"failed", palette.Stalled, palette.CannotBeRead, palette.Late} {
					c.add(options.text(string(rune('1'+i)), "text") != word, "%s: %d is not %s", p.where, i+1, word)
				}
			}
			return c
		},
		broken: func(all files) { all.panel("Jobs, those in trouble first").object("options")["sortBy"] = []any{} },
	}, {
		name:   "trouble is on the first screen",
		reason: "a screen of 1440×900 has 17 rows of the grid below the header: the strip and the table fill it",
		check: func(all files) []string {
			var c complaints
			table := all.panel("Jobs, those in trouble first")
			for _, heading := range []string{"State", "Job", "Product", "Why", "Progress", "Time left", "Done about", "Margin", "Last change"} {
				c.add(table.columns()[heading] == "", "the jobs have no %s", heading)
			}
			c.add(table.number("gridPos", "y")+table.number("gridPos", "h") > 17, "the table of jobs ends below the first screen")
			first := all["mongosync.json"].list("panels")
			for _, heading := range []string{"Phase", "Copied", "of", "Speed", "Time left", "Held up by"} {
				c.add(first[0].columns()[heading] == "", "the first table of mongosync has no %s", heading)
			}
			for _, heading := range []string{"May commit", "May write", "Lag", "CRUD", "DDL", "Oplog left", "Catch-up", "Verified source", "Verified dest."} {
				c.add(first[1].columns()[heading] == "", "the second table of mongosync has no %s", heading)
			}
			c.add(first[1].number("gridPos", "y")+first[1].number("gridPos", "h") > 17, "mongosync's tables end below the first screen")
			return c
		},
		broken: func(all files) { all.panel("Jobs, those in trouble first").object("gridPos")["y"] = 20.0 },
	}, {
		name:   "every column has a width, and all fit at 1440 pixels",
		reason: "columns were cut or out of sight: the margin to the deadline, the destination, names",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("table") {
				sum := 0.0
				for heading := range p.columns() {
					if hidden, _ := p.set(heading, "custom.hidden"); hidden == true {
						continue
					}
					fixed, isFixed := p.set(heading, "custom.width")
					least, isLeast := p.set(heading, "custom.minWidth")
					c.add(!isFixed && !isLeast, "%s: %s has no width", p.where, heading)
					for _, width := range []any{fixed, least} {
						if px, ok := width.(float64); ok {
							sum += px
						}
					}
				}
				room := 1410 * p.number("gridPos", "w") / 24
				c.add(sum > room, "%s is %.0f pixels wide, and has %.0f", p.where, sum, room)
				if align, _ := p.set("State", "custom.align"); p.columns()["State"] != "" {
					c.add(align != "center", "%s: State is not centred", p.where)
				}
			}
			return c
		},
		broken: func(all files) { all.panel("Jobs, those in trouble first").unset("Margin", "custom.width") },
	}, {
		name:   "a column for links is no label of the table",
		reason: "a link can only use fields that the table still has: they are hidden, not excluded",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("table") {
				headings := p.columns()
				for _, o := range p.list("fieldConfig", "overrides") {
					for _, property := range o.list("properties") {
						for _, l := range property.list("value") {
							for _, field := range []string{"Product", "variable"} {
								c.add(strings.Contains(l.text("url"), "${__data.fields."+field+"}") && headings[field] == "", "%s: a link needs %s, which is no field", p.where, field)
							}
						}
					}
				}
			}
			slices.Sort(c)
			return c
		},
		broken: func(all files) {
			for _, t := range all.panel("Jobs, those in trouble first").list("transformations") {
				if t.text("id") == "organize" {
					t.object("options", "excludeByName")["variable"] = true
				}
			}
		},
	}}
}
