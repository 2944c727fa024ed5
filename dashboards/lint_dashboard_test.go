package dashboards_test

import (
	"fmt"
	"strings"
)

// dashboardRules are about a dashboard as a whole: its name, links, variables, marks.
func dashboardRules() []rule {
	each := func(check func(c *complaints, name string, d node)) func(files) []string {
		return func(all files) []string {
			var c complaints
			for name, d := range all {
				check(&c, name, d)
			}
			return c
		}
	}
	return []rule{{
		name:   "every dashboard has a fixed uid",
		reason: "without one each import makes a duplicate, links by tag fill six lines, and no row can lead to its product's dashboard",
		check: each(func(c *complaints, name string, d node) {
			c.add(d.text("uid") == "", "%s has no uid", name)
		}),
		broken: func(all files) { delete(all["ses.json"], "uid") },
	}, {
		name:   "no link carries a target to another product",
		reason: "with var-target from elsewhere the panels of another product are empty, or show another migration",
		check: each(func(c *complaints, name string, d node) {
			for _, l := range d.list("links") {
				c.add(l["includeVars"] != false || strings.Contains(l.text("url"), "var-"), "%s: the link %s carries variables", name, l.text("title"))
			}
			for _, p := range (files{name: d}).panels("table") {
				for _, o := range p.list("fieldConfig", "overrides") {
					for _, property := range o.list("properties") {
						for _, l := range property.list("value") {
							url := l.text("url")
							own := fmt.Sprintf("/d/%s?", d.text("uid"))
							row := "/d/progress-${__data.fields.Product}?${datasource:queryparam}&var-${__data.fields.variable}=${__value.text:percentencode}&"
							if property.text("id") == "links" {
								c.add(!strings.HasPrefix(url, own) && !strings.HasPrefix(url, row), "%s: a cell leads to %s, which is neither this dashboard nor the row's own", p.where, url)
								c.add(strings.Count(url, "var-") != 1, "%s: a cell leads to %s: want one variable, which chooses the row", p.where, url)
							}
						}
					}
				}
			}
		}),
		broken: func(all files) { all["mrs.json"].list("links")[1]["includeVars"] = true },
	}, {
		name:   "the header is one line",
		reason: "links, variables and switches took 240 of 900 pixels: links belong into a dropdown, and what is rarely chosen is hidden",
		check: each(func(c *complaints, name string, d node) {
			for _, l := range d.list("links") {
				c.add(l.text("type") == "dashboards" && l["asDropdown"] != true, "%s: the links to other dashboards are no dropdown", name)
			}
			shown := 0
			for _, v := range d.list("templating", "list") {
				if v.number("hide") == 0 {
					shown++
				}
				c.add(v.text("name") == "instance" && v.number("hide") != 2, "%s: Instance is shown, also where there is one", name)
			}
			c.add(shown > 3, "%s shows %d variables, want at most 3", name, shown)
		}),
		broken: func(all files) { all["overview.json"].list("templating", "list")[1]["hide"] = 0.0 },
	}, {
		name:   "marks are off until somebody wants them",
		reason: "the beginnings and ends of a fleet are a line through every panel for each job",
		check: each(func(c *complaints, name string, d node) {
			for _, a := range d.list("annotations", "list") {
				c.add(a["enable"] != false, "%s: %s is on", name, a.text("name"))
			}
		}),
		broken: func(all files) { all["overview.json"].list("annotations", "list")[0]["enable"] = true },
	}, {
		name:   "files are as Grafana 12.2 saves them",
		reason: "what it drops on saving (options.footer of tables) was never seen, and an older schema is changed by every save",
		check: each(func(c *complaints, name string, d node) {
			c.add(d.number("schemaVersion") != 42, "%s has the schema %v", name, d["schemaVersion"])
			for _, p := range (files{name: d}).panels("table") {
				c.add(p.at("options", "footer") != nil, "%s has a footer", p.where)
			}
		}),
		broken: func(all files) {
			all.panel("Firing alerts").object("options")["footer"] = map[string]any{"show": false}
		},
	}, {
		name:   "the exporter's own rows are folded",
		reason: "whoever looks for a job scrolled through panels about the exporter, and each asked Prometheus all the time",
		check: func(all files) []string {
			var c complaints
			for _, p := range all["overview.json"].list("panels") {
				for _, title := range []string{"Exporter", "Reading the products"} {
					c.add(p.text("title") == title && (p["collapsed"] != true || len(p.list("panels")) == 0), "the row %s is open, or empty", title)
				}
				for _, e := range p.expressions() {
					c.add(strings.Contains(e, "progress_exporter_"), "%s is about the exporter and under no row", p.text("title"))
				}
			}
			return c
		},
		broken: func(all files) {
			for _, p := range all["overview.json"].list("panels") {
				if p.text("title") == "Exporter" {
					p["collapsed"] = false
				}
			}
		},
	}, {
		name:   "alerts are listed, and can be marked",
		reason: "who looks at the overview after a page has to find the alert there",
		check: func(all files) []string {
			var c complaints
			c.add(!strings.Contains(all.panel("Firing alerts").expressions()[0], "ALERTS_FOR_STATE{"), "the list of alerts does not ask for ALERTS_FOR_STATE")
			for name, d := range all {
				marked := false
				for _, a := range d.list("annotations", "list") {
					marked = marked || strings.Contains(a.text("expr"), `ALERTS{`)
				}
				c.add(!marked, "%s cannot mark alerts", name)
			}
			return c
		},
		broken: func(all files) { all["mrs.json"].list("annotations", "list")[2]["expr"] = "up" },
	}}
}
