package dashboards_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"progress_exporter/e2e/stack"
)

// moment is when the overview is asked, after ten scrapes, one a minute: 600 seconds
// after the epoch.
const moment = "10m"

// history is what was scraped of a job, in promtool's notation: a value for each minute,
// and _ where the series was not there.
type history struct {
	target, migration string
	job               string // of a list
	instance          string
	state             string // running, if it is empty
	read              string // whether reads were good; all of them, if it is empty
	more              map[string]string
	kind              float64
	left, margin      any // nil: none
	ratio             any
	why               string
	held              said // by what the dashboard of mongosync says that it is held up
}

// said is a text, and how much it counts beside others.
type said struct {
	text   string
	weight int
}

const always = "1x10"

// histories are jobs, and what the overview has to say of them. The deadlines and
// estimated ends are dates: 600 is now.
func histories() []history {
	const failed, stalled, unread, late, ready, running, succeeded = 1, 2, 3, 4, 7, 8, 11
	const end, deadline = `progress_estimated_end_timestamp_seconds|bound="likely"`, "progress_deadline_timestamp_seconds"
	gone := "1x5 0x4" // minutes ago
	return []history{
		{target: "in time", more: map[string]string{end: "1200x10", deadline: "2000x10"}, kind: running, left: 600, margin: 800},
		{target: "will be late", more: map[string]string{end: "3000x10", deadline: "2000x10"}, kind: late, left: 2400, margin: -1000},
		{target: "late while it waits", state: "paused", more: map[string]string{deadline: "300x10"}, kind: late, margin: -300},
		{target: "done after its deadline", state: "succeeded", more: map[string]string{deadline: "300x10"}, kind: succeeded},
		{target: "stalled a minute ago", more: map[string]string{end: "1200x9 _", "progress_stalled": "0x9 1"}, kind: stalled, held: said{"nothing moves", 5}},
		{target: "one failed read", read: "1x9 0", more: map[string]string{end: "1200x9 _", "progress_total_ratio": "0.5x9 _"}, kind: running, left: 600, ratio: 0.5},
		{target: "unreadable", read: gone, more: map[string]string{end: "1200x5 _x4", deadline: "300x10", `progress_scrape_failure|reason="timeout",error_code=""`: "_x5 1x4"}, kind: unread, why: "timeout", held: said{"timeout", 8 * 4}},
		{target: "failed", state: "failed", more: map[string]string{`progress_job_error|error_code="general-error"`: always}, kind: failed, why: "general-error"},
		{target: "read by one exporter", kind: running},
		{target: "read by one exporter", instance: "other", state: "-", read: "0x10", kind: running},
		{target: "behind", more: map[string]string{"progress_lag_time_seconds": "45x10", `progress_mongosync_verification_lag_seconds|side="source"`: "50x10"}, kind: running, held: said{"lag of the verifier", 4}},
		{target: "not far behind", more: map[string]string{"progress_lag_time_seconds": "20x10"}, kind: running},
		{target: "over, and was behind", state: "succeeded", more: map[string]string{"progress_lag_time_seconds": "45x10"}, kind: succeeded},

		// Migrations, of two processes each.
		{target: "p1", migration: "copying", more: map[string]string{"progress_estimated_copied_bytes": "10x10", "progress_estimated_total_bytes": "100x10", "progress_total_ratio": "0.1x10"}},
		{target: "p2", migration: "copying", state: "ready", more: map[string]string{"progress_estimated_copied_bytes": "20x10", "progress_estimated_total_bytes": "100x10", "progress_total_ratio": "0.2x10"}, kind: running, ratio: 0.3},
		{target: "q1", migration: "to be committed", state: "ready"},
		{target: "q2", migration: "to be committed", state: "succeeded", kind: ready},
		{target: "r1", migration: "half known", more: map[string]string{"progress_estimated_copied_bytes": "10x10", "progress_estimated_total_bytes": "100x10", "progress_total_ratio": "0.1x10"}},
		{target: "r2", migration: "half known", state: "-", read: "0x10", kind: unread},

		// Lists: of jobs, and of the processes of a migration.
		{target: "list", state: "-", more: map[string]string{"progress_listed_jobs": "2x10"}},
		{target: "list", job: "1", kind: running},
		{target: "list", job: "2", state: "succeeded", kind: succeeded},
		{target: "ports", migration: "on one host", state: "-", more: map[string]string{"progress_listed_jobs": "2x10"}},
		{target: "ports", migration: "on one host", job: "27182", more: map[string]string{"progress_estimated_copied_bytes": "10x10", "progress_estimated_total_bytes": "100x10", "progress_total_ratio": "0.1x10"}},
		{target: "ports", migration: "on one host", job: "27183", state: "ready", more: map[string]string{"progress_estimated_copied_bytes": "20x10", "progress_estimated_total_bytes": "100x10", "progress_total_ratio": "0.2x10"}, kind: running, ratio: 0.3},
	}
}

// series writes what was scraped.
func (h history) series() string {
	labels := fmt.Sprintf(`api="mongosync",target=%q,instance="%s"`, h.target, h.instance)
	if h.job != "" {
		labels += fmt.Sprintf(",job_id=%q", h.job)
	}
	if h.migration != "" {
		labels += fmt.Sprintf(",migration=%q", h.migration)
	}
	read, state := h.read, h.state
	if read == "" {
		read = always
	}
	if state == "" {
		state = "running"
	}
	all := map[string]string{"progress_up": read}
	for _, s := range []string{"none", "pending", "running", "ready", "paused", "succeeded", "failed", "cancelled", "unknown"} {
		value := "0"
		if s == state {
			value = "1"
		}
		if state != "-" { // nothing was ever read
			all["progress_state|state=\""+s+"\""] = strings.NewReplacer("1", value, "0", "_").Replace(shaped(read))
		}
	}
	maps.Copy(all, h.more)
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		metric, own, _ := strings.Cut(name, "|")
		if own != "" {
			own = "," + own
		}
		fmt.Fprintf(&out, "      - {series: '%s{%s%s}', values: '%s'}\n", metric, labels, own, all[name])
	}
	return out.String()
}

// shaped writes every minute of a history of 0 and 1 for itself: "1x2 0" means 1 1 1 0.
func shaped(values string) string {
	var all []string
	for _, part := range strings.Fields(values) {
		value, times, repeated := strings.Cut(part, "x")
		n := 0
		if repeated {
			_, _ = fmt.Sscan(times, &n)
		}
		for range n + 1 {
			all = append(all, value)
		}
	}
	return strings.Join(all, " ")
}

// The overview judges jobs as a person would, by Prometheus' own engine.
func TestJudged(t *testing.T) {
	stack.Wanted(t)
	answers := raw(t).panel("Jobs, those in trouble first").answers()
	maps.Copy(answers, map[string]string{"Held up by": raw(t).panel("Migrations, those in trouble first").answers()["Migrations, those in trouble first"]})
	want := map[string][]string{}
	var series strings.Builder
	for _, h := range histories() {
		series.WriteString(h.series())
		if h.kind == 0 || h.instance != "" { // said of the other process, or by the other exporter
			continue
		}
		row := fmt.Sprintf(`api="mongosync", name=%q, variable="target"`, h.target)
		if h.migration != "" {
			row = fmt.Sprintf(`api="mongosync", name=%q, variable="migration"`, h.migration)
		} else if h.job != "" {
			row += fmt.Sprintf(", id=%q", h.job)
		}
		say := func(column, labels string, value any) {
			if value != nil {
				want[column] = append(want[column], fmt.Sprintf("          - {labels: '{%s}', value: %v}\n", labels, value))
			}
		}
		say("State", row, h.kind)
		say("Time left", row, h.left)
		say("Margin", row, h.margin)
		say("Progress", row, h.ratio)
		if h.held.text != "" {
			say("Held up by", row+fmt.Sprintf(", why=%q", h.held.text), h.held.weight)
		}
		if h.why != "" {
			weight := map[bool]int{true: 4, false: 3}[h.kind == 3]
			say("Jobs, those in trouble first", row+fmt.Sprintf(", why=%q", h.why), weight)
		}
	}
	var text strings.Builder
	fmt.Fprintf(&text, "rule_files: []\nevaluation_interval: 1m\ntests:\n  - interval: 1m\n    input_series:\n%s    promql_expr_test:\n", series.String())
	for _, column := range slices.Sorted(maps.Keys(want)) {
		expr := strings.NewReplacer("$instance", ".*", "$api", ".*", "$target", ".*", "$migration", ".*").Replace(answers[column])
		fmt.Fprintf(&text, "      - expr: %q\n        eval_time: %s\n        exp_samples:\n%s", expr, moment, strings.Join(want[column], ""))
	}
	stack.Check(t, filepath.Join(stack.Tools(t, stack.Local), "promtool"), "test", "rules", stack.WriteFile(t, "judged.test.yml", text.String()))
}
