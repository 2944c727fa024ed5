package dashboards_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"progress_exporter/collector/palette"
)

// panelRules are about how panels show what their queries bring.
func panelRules() []rule {
	return []rule{{
		name:   "a timeline with value mappings never has color.mode thresholds",
		reason: "Grafana then merges values into ranges of thresholds: every band was solid green, failed and stalled jobs included",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("state-timeline") {
				c.add(p.text("fieldConfig", "defaults", "color", "mode") != "palette-classic", "%s has the colours of thresholds", p.where)
				c.add(len(p.list("fieldConfig", "defaults", "mappings")) == 0, "%s has no words for its values", p.where)
			}
			return c
		},
		broken: func(all files) {
			all.panel("State over time").object("fieldConfig", "defaults", "color")["mode"] = "thresholds"
		},
	}, {
		name:   "a timeline has pages, and room for each",
		reason: "with 60 targets the names overlapped",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("state-timeline") {
				rows, high := p.number("options", "perPage"), p.number("gridPos", "h")
				c.add(rows < 12 || rows > 16, "%s shows %v rows at a time, want 12 to 16", p.where, rows)
				c.add(high < 8, "%s is %v high: its rows overlap", p.where, high)
			}
			return c
		},
		broken: func(all files) { delete(all.panel("State over time").object("options"), "perPage") },
	}, {
		name:   "a timeline has a band for each job, whose value is the word",
		reason: "a band for each job and word made 70 in a fleet, all saying yes",
		check: func(all files) []string {
			var c complaints
			names := regexp.MustCompile(`^(\{\{(target|name|id|job_id|side)\}\} ?)+$`)
			for _, p := range all.panels("state-timeline") {
				for _, q := range p.list("targets") {
					c.add(!names.MatchString(q.text("legendFormat")), "%s has a band for each %s", p.where, q.text("legendFormat"))
				}
			}
			return c
		},
		broken: func(all files) { all.panel("Phase").list("targets")[0]["legendFormat"] = "{{target}} {{phase}}" },
	}, {
		name:   "a panel without data says so in a sentence",
		reason: `"Data does not have a time field" and headers without rows look broken`,
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("") {
				c.add(p.text("fieldConfig", "defaults", "noValue") == "", "%s has no noValue", p.where)
				for field := range p.columns() {
					_, own := p.set(field, "noValue")
					c.add(!own, "%s: an empty cell of %s would repeat the sentence", p.where, field)
				}
			}
			return c
		},
		broken: func(all files) { delete(all.panel("Error codes").object("fieldConfig", "defaults"), "noValue") },
	}, {
		name:   "the last value is the last one, not one of before",
		reason: "finished migrations went on to show 3.27 s left: lastNotNull is what was said when there was still something to say",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("") {
				for _, option := range []string{"reduceOptions", "legend"} {
					calcs, _ := p.at("options", option, "calcs").([]any)
					c.add(slices.Contains(calcs, any("lastNotNull")), "%s shows the last value that is not null", p.where)
				}
			}
			return c
		},
		broken: func(all files) {
			all.panel("Time left to copy").object("options", "legend")["calcs"] = []any{"lastNotNull"}
		},
	}, {
		name:   "the counts add up to all jobs",
		reason: "stalled jobs were counted as running, too, and paused, cancelled and pending ones not at all",
		check: func(all files) []string {
			var c complaints
			times := map[int]int{}
			within := regexp.MustCompile(`\) (?:== (\d+)|>= (\d+) <= (\d+))\) or vector\(0\)$`)
			strip := all.panel("Jobs by state")
			for _, q := range strip.list("targets") {
				c.add(len(q.text("legendFormat")) > 14, "the tile %q is cut", q.text("legendFormat"))
				m := within.FindStringSubmatch(q.text("expr"))
				if m == nil {
					c.add(q.text("legendFormat") != "All", "the tile %s counts no numbers of kinds", q.text("legendFormat"))
					continue
				}
				first, _ := strconv.Atoi(m[1] + m[2])
				last, _ := strconv.Atoi(m[1] + m[3])
				for n := first; n <= last; n++ {
					times[n]++
				}
			}
			for place, k := range palette.Kinds() {
				c.add(k.Word != palette.NotRead && times[place+1] != 1, "jobs that are %s are counted %d times", k.Word, times[place+1])
			}
			return c
		},
		broken: func(all files) { all.panel("Jobs by state").change("== 8) or", ">= 8 <= 9) or") },
	}, {
		name:   "no bar gauges",
		reason: "one bar filled its panel without a name, two had huge letters, and of 48 only 11 were to be seen: a table has a bar for each row",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("bargauge") {
				c.add(true, "%s is a bar gauge", p.where)
			}
			return c
		},
		broken: func(all files) { all.panel("Progress over time")["type"] = "bargauge" },
	}, {
		name:   "a word has one colour, which is the palette's",
		reason: "working nodes were red, waiting ones orange, failed ones yellow",
		check: func(all files) []string {
			var c complaints
			colors := map[string]string{}
			for _, k := range palette.Kinds() {
				colors[k.Word] = k.Fill
			}
			for _, p := range all.panels("") {
				for word, color := range p.colors() {
					c.add(colors[word] != "" && colors[word] != color, "%s: %s is %s, and elsewhere %s", p.where, word, color, colors[word])
					colors[word] = color
				}
				for _, e := range p.expressions() {
					c.add(strings.HasPrefix(e, "sum by (phase)") && len(p.list("fieldConfig", "overrides")) == 0, "%s gives colours by the order of phases", p.where)
				}
			}
			return c
		},
		broken: func(all files) {
			all.panel("Nodes by phase").object("fieldConfig")["overrides"] = []any{}
		},
	}, {
		name:   "axes end where the values can",
		reason: "the verified share reached to 10 000 %, 500 seconds were 8.33 mins, and the limit of standstill was off the screen",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("timeseries") {
				unit := p.text("fieldConfig", "defaults", "unit")
				custom := p.object("fieldConfig", "defaults", "custom")
				ends := p.at("fieldConfig", "defaults", "max") != nil || custom["axisSoftMax"] != nil
				c.add(unit == "percentunit" && !ends, "%s is a share without an end", p.where)
				c.add(custom.text("thresholdsStyle", "mode") == "dashed" && !ends, "%s has a limit that may be off the screen", p.where)
				for _, e := range p.expressions() {
					c.add(unit == "s" && !strings.Contains(e, "latency") && !strings.Contains(e, "duration"), "%s says long times in seconds", p.where)
				}
			}
			return c
		},
		broken: func(all files) { delete(all.panel("Verified").object("fieldConfig", "defaults"), "max") },
	}, {
		name:   "a legend shows what is highest now",
		reason: "of 44 series it showed 3, by name; on the right of a narrow panel it left no room for the curves",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("timeseries") {
				legend := p.object("options", "legend")
				c.add(legend["sortBy"] != "Last" || legend["sortDesc"] != true, "%s: the legend is not sorted by the last value", p.where)
				c.add(legend["placement"] == "right" && p.number("gridPos", "w") < 20, "%s is too narrow for a legend on the right", p.where)
			}
			return c
		},
		broken: func(all files) { delete(all.panel("Lag").object("options", "legend"), "sortBy") },
	}}
}

// colors returns the colours that a panel gives to words: to mapped ones, and to series
// by their names.
func (n node) colors() map[string]string {
	colors := map[string]string{}
	mapped := func(list []node) {
		for _, m := range list {
			for value := range m.object("options") {
				colors[m.text("options", value, "text")] = m.text("options", value, "color")
			}
		}
	}
	mapped(n.list("fieldConfig", "defaults", "mappings"))
	for _, o := range n.list("fieldConfig", "overrides") {
		for _, p := range o.list("properties") {
			if p.text("id") == "mappings" {
				mapped(p.list("value"))
			}
			if p.text("id") == "color" && n.text("type") == "timeseries" {
				colors[o.text("matcher", "options")] = p.text("value", "fixedColor")
			}
		}
	}
	return colors
}
