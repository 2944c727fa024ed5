package apis_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/collectortest"
)

// The metric reference is written from the code, so that it cannot say anything else.
func TestMetricReference(t *testing.T) {
	products := apis.All(time.Now)
	var doc strings.Builder
	doc.WriteString(`# Metric reference

For whoever writes a query, a rule or a dashboard. Written from the code by ` + "`make golden`" + `; a test compares the two.

Every series of a target carries the labels ` + "`target`" + ` and ` + "`api`" + ` and the target's own ` + "`labels`" + `;
a series of a job of a list, or of one that was probed with ` + "`/probe?job=`" + `, carries ` + "`job_id`" + ` as well, and ` + "`job_name`" + ` if
the list names it. A gauge that the product does not
report is absent, never 0. After a failed read the gauges of the job and its nodes are absent; the counters,
` + "`progress_last_change_timestamp_seconds`, `progress_end_timestamp_seconds`" + `, the thresholds and the deadline stay.
`)
	families := collector.Families(products)
	section := func(title string, keep func(collector.Family) bool) {
		fmt.Fprintf(&doc, "\n## %s\n\n| name | type | labels | meaning |\n|---|---|---|---|\n", title)
		for _, f := range families {
			if keep(f) {
				fmt.Fprintf(&doc, "| `%s` | %s | %s | %s |\n", f.Name, f.Type, code(f.Labels), f.Help)
			}
		}
	}
	self := func(f collector.Family) bool { return strings.HasPrefix(f.Name, "progress_exporter_") }
	section("Every product", func(f collector.Family) bool { return f.API == "" && !self(f) })
	for _, p := range products {
		section("Only `"+p.Name+"`", func(f collector.Family) bool { return f.API == p.Name })
	}
	section("The exporter itself (on `/metrics` only, beside `go_…` and `process_…`)", self)
	collectortest.File(t, "../../docs/metrics.md", doc.String())
}

func code(labels []string) string {
	if len(labels) == 0 {
		return ""
	}
	return "`" + strings.Join(labels, "` `") + "`"
}
