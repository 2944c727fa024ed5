package dashboards_test

import (
	"regexp"
	"slices"
	"strings"
)

// queryRules are about what is asked of Prometheus.
func queryRules() []rule {
	const estimate = "progress_estimated_end_timestamp_seconds"
	return []rule{{
		name:   "the time left has one source",
		reason: "stalled jobs had a time left that grew, and unreadable ones kept theirs, while the rules knew of none",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("") {
				for title, expr := range p.answers() {
					if left := regexp.MustCompile(`^(Time left|Left at|Done about|Margin|Next$|Last$)`); left.MatchString(title) {
						c.add(!strings.Contains(expr, estimate) || !strings.Contains(expr, "progress_stalled{"), "%s: %s is not the exporter's estimate for what has not stalled", p.where, title)
					}
					c.add(strings.Contains(expr, "deriv(progress_total_ratio"), "%s: %s estimates an end of its own", p.where, title)
				}
			}
			return c
		},
		broken: func(all files) { all.panel("Jobs, those in trouble first").change(estimate, "progress_ratio") },
	}, {
		name:   "a job is unreadable after two minutes",
		reason: "of products whose reads fail now and then, 6 or 10 were not readable, from one refresh to the next",
		check: func(all files) []string {
			var c complaints
			bare := regexp.MustCompile(`(^|[^(])progress_state\{|last_over_time\(progress_state\{[^}]*\}\[([^2]|2[^m])`)
			for _, p := range all.panels("") {
				for title, expr := range p.answers() {
					c.add((title == "State" || strings.HasPrefix(title, "State over")) && bare.MatchString(expr), "%s: %s does not look back for two minutes", p.where, title)
				}
			}
			return c
		},
		broken: func(all files) { all.panel("State over time").change("[2m]", "[10s]") },
	}, {
		name:   "a speed is that of the last 5 minutes",
		reason: "over 30 minutes a constant speed was a ramp, and the axis of the time left reached weeks",
		check: func(all files) []string {
			var c complaints
			long := regexp.MustCompile(`deriv\([^\[]*\[([^\]]*)\]`)
			for _, p := range all.panels("") {
				for _, e := range p.expressions() {
					for _, m := range long.FindAllStringSubmatch(e, -1) {
						c.add(m[1] != "5m", "%s measures a speed over %s", p.where, m[1])
					}
				}
			}
			return c
		},
		broken: func(all files) { all.panel("Speed of the copy").change("[5m]", "[30m]") },
	}, {
		name:   "counts are whole, and rates are of a minute",
		reason: "increase over the rate interval made 1.33 failures of one",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("") {
				for _, e := range p.expressions() {
					c.add(strings.Count(e, "increase(") != strings.Count(e, "round(increase("), "%s shows parts of an increase", p.where)
					c.add(strings.Contains(e, "rate(progress_") && (!strings.Contains(e, "* 60") || p.text("fieldConfig", "defaults", "unit") != "cpm"), "%s is no rate of a minute", p.where)
				}
			}
			return c
		},
		broken: func(all files) { all.panel("Failed reads by reason").change("rate(", "increase(") },
	}, {
		name:   "what identifies a job outlives a failed read",
		reason: "a target that could not be read lost its command and its cluster",
		check: func(all files) []string {
			var c complaints
			for _, p := range all.panels("") {
				for _, e := range p.expressions() {
					c.add(strings.Contains(e, "progress_job_info") && !strings.Contains(e, "last_over_time(progress_job_info"), "%s does not look back", p.where)
				}
			}
			return c
		},
		broken: func(all files) { all.panel("Commands, those in trouble first").change("last_over_time(", "(") },
	}, {
		name:   "a migration is one row",
		reason: "each process of a sharded migration was a row and a bar of its own, with the same progress",
		check: func(all files) []string {
			var c complaints
			for _, title := range []string{"Jobs, those in trouble first", "State over time", "Jobs by state", "Progress over time"} {
				for _, e := range all.panel(title).expressions() {
					c.add(!strings.Contains(e, `"name", "$1", "migration", "(.+)")`), "%s does not know of migrations", title)
				}
			}
			return c
		},
		broken: func(all files) { all.panel("State over time").change(`"migration", "(.+)")`, `"target", "(.+)")`) },
	}}
}

// answers returns the queries of a panel by what a person calls their answers: the
// heading of a column, the name of a tile, or else the panel's title.
func (n node) answers() map[string]string {
	all := map[string]string{}
	headings := n.columns()
	for _, q := range n.list("targets") {
		title := n.text("title")
		if n.text("type") == "stat" {
			title = q.text("legendFormat")
		}
		for heading, field := range headings {
			if slices.Contains([]string{"Value #" + q.text("refId"), "Value"}, field) {
				title = heading
			}
		}
		all[title] = q.text("expr")
	}
	return all
}
