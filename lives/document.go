package lives

import (
	"fmt"
	"slices"
	"strings"
)

const introduction = `# The lives of jobs

For whoever relies on the alerts, or changes a rule: what pages in a job's life, after how long and how often. Each life below is played in hours of
virtual time by the product's fake, the exporter as it is and the shipped
[rules](../dashboards/alerts/progress.rules.yml), which Prometheus' own code evaluates. What is in
the table fires exactly as often as it says; nothing else fires. ` + "`make lives`" + ` plays each life under
one of the conditions, ` + "`make lives FULL=1`" + ` under all of them, and
` + "`make lives FULL=1 UPDATE=-update`" + ` writes this page anew.

A cell is the time from the cause to the first page: from the last move for a stall, from the
failure, from the deadline, from the first outage. "silent" is a life that has to page nobody.
An empty cell is a condition that the life is not played under, or under which its exporter cannot
know enough: without a memory file, one that restarts before it has seen three moves of a job does
not learn how fast the job is, and does not warn that a deadline will be missed. That it was missed
is told under every condition.

| condition | interval of scrapes | of rules | what else |
|---|---|---|---|
`

// Document returns docs/lives.md for the plays of all lives.
func Document(all []Life, results []Result) string {
	var b strings.Builder
	b.WriteString(introduction)
	conditions := Conditions()
	for _, c := range conditions {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", c.Name, short(c.Interval), short(c.Evaluate), c.what())
	}
	said := cells(results)
	group := ""
	for i := range all {
		l := &all[i]
		if g := l.group(); g != group {
			group = g
			fmt.Fprintf(&b, "\n## %s\n\n| life | page |", g)
			for _, c := range conditions {
				fmt.Fprintf(&b, " %s |", c.Name)
			}
			b.WriteString("\n|---|---|" + strings.Repeat("---|", len(conditions)) + "\n")
		}
		for _, page := range pagesIn(results, l.Name) {
			fmt.Fprintf(&b, "| %s | %s |", l.Name, page)
			for _, c := range conditions {
				fmt.Fprintf(&b, " %s |", said[cell{l.Name, page, c.Name}])
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// what says what a condition is beside its intervals.
func (c *Condition) what() string {
	switch {
	case c.Probe:
		return "each target is scraped through /probe"
	case c.Memory:
		return fmt.Sprintf("the exporter restarts each %s and has a memory file", short(c.Restart))
	case c.Restart > 0:
		return fmt.Sprintf("the exporter restarts each %s and remembers nothing", short(c.Restart))
	case c.Gaps.Every > 0:
		return fmt.Sprintf("each %s no scrape reaches the exporter for %s", short(c.Gaps.Every), short(c.Gaps.Length))
	}
	return ""
}

// group is the product that a life is of.
func (l *Life) group() string { return l.Parts[0].Product.api }

// pagesIn returns what fired in any play of a life.
func pagesIn(results []Result, life string) []string {
	var pages []string
	add := func(p string) {
		if !slices.Contains(pages, p) {
			pages = append(pages, p)
		}
	}
	for i := range results {
		if r := &results[i]; r.Life == life {
			of := pagesOf(r)
			for _, p := range of {
				add(p.name)
			}
			if len(of) == 0 {
				add(silent)
			}
		}
	}
	if len(pages) > 1 { // one that may be silent under a condition
		pages = slices.DeleteFunc(pages, func(p string) bool { return p == silent })
	}
	return pages
}

// Differs returns what plays say other than a document does.
func Differs(document string, results []Result) []string {
	written := map[cell]string{}
	var conditions []string
	for line := range strings.Lines(document) {
		fields := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		for i := range fields {
			fields[i] = strings.TrimSpace(fields[i])
		}
		switch {
		case len(fields) > 2 && fields[0] == "life":
			conditions = fields[2:]
		case len(fields) == len(conditions)+2:
			for i, c := range conditions {
				written[cell{fields[0], fields[1], c}] = fields[i+2]
			}
		}
	}
	var wrong []string
	for c, is := range cells(results) {
		if c.page == silent && written[c] == "" && pageless(written, c) {
			continue // it pages under other conditions
		}
		if written[c] != is {
			wrong = append(wrong, fmt.Sprintf("%s, %s, %s: %q, the page says %q", c.life, c.condition, c.page, is, written[c]))
		}
	}
	slices.Sort(wrong)
	return wrong
}

// pageless reports whether a document knows a life by its pages, and has none of them
// under a condition.
func pageless(written map[cell]string, c cell) bool {
	known := false
	for w, says := range written {
		if w.life == c.life {
			known = true
			if w.condition == c.condition && says != "" {
				return false
			}
		}
	}
	return known
}
