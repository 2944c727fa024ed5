package main

import (
	"fmt"
	"strings"

	"progress_exporter/collector/progress"
)

// scope says which series a dashboard is about: label matchers.
type scope string

// everything is what the overview is about.
const everything scope = `instance=~"$instance",api=~"$api",migration=~"$migration",target=~"$target"`

// product is what the dashboard of one product is about.
func product(api string) scope {
	return scope(fmt.Sprintf(`instance=~"$instance",api=%q,target=~"$target"`, api))
}

// identity are the labels that tell one job from another. It leaves out what comes
// from the way a job is scraped, so that /metrics and /probe, and two exporters
// that read the same target, look alike. Only probed jobs have a job_id.
const identity = "api, target, job_id"

// lookBack is how long a table or gauge goes on to show what a failed read left
// out. Curves do not look back: they show the gap.
const lookBack = "10m"

// rateWindow is what the speed of a job is measured over.
const rateWindow = "30m"

// of selects the series of a metric, with further matchers.
func (s scope) of(metric string, matchers ...string) string {
	return fmt.Sprintf("%s{%s}", metric, strings.Join(append([]string{string(s)}, matchers...), ","))
}

// recently is of with a look back.
func (s scope) recently(metric string, matchers ...string) string {
	return fmt.Sprintf("last_over_time(%s[%s])", s.of(metric, matchers...), lookBack)
}

// speed is how much a metric grows in a second.
func (s scope) speed(metric string, matchers ...string) string {
	return fmt.Sprintf("deriv(%s[%s])", s.of(metric, matchers...), rateWindow)
}

// perJob keeps one series for each job and value of the labels.
func perJob(expr string, labels ...string) string {
	return fmt.Sprintf("max by (%s) (%s)", strings.Join(append([]string{identity}, labels...), ", "), expr)
}

// The numbers that stand for what is no state of the exporter's vocabulary. Those
// of the states are their places in progress.States.
const (
	notReadable = -1 // so low that another exporter that can read the target wins
	stalled     = 9
)

// state is a number for each job's state: its place in progress.States, or one of
// the two that a metric of another kind tells.
func (s scope) state() string {
	parts := []string{fmt.Sprintf("(%s == 0) - 1", s.of("progress_up"))}
	for place, state := range progress.States() {
		parts = append(parts, fmt.Sprintf("%s * %d", s.of("progress_state", fmt.Sprintf("state=%q", state)), place))
	}
	parts = append(parts, fmt.Sprintf("(%s) * 0 + %d", s.stalled(), stalled))
	return perJob("\n    " + strings.Join(parts, "\n  or\n    ") + "\n")
}

// stalled keeps the jobs that have not moved for their stall_after, as the exporter
// judges it.
func (s scope) stalled() string { return s.of("progress_stalled") + " == 1" }

func (s scope) running() string { return s.of("progress_state", `state="running"`) }

// sharded selects the processes that share a migration, whichever targets are
// chosen: a whole needs all of its parts.
const sharded scope = `migration=~"$migration",migration!=""`

// wholeOr is own, one number for each job, but for each process of a migration
// that several share the number of the whole: what the parts did, added up, of what
// there is to do. Else no process would ever be complete.
func wholeOr(own, parts string) string {
	own = perJob(own, "migration")
	whole := fmt.Sprintf("sum by (api, migration) (%s)\n      / max by (api, migration) (%s)",
		perJob(parts, "migration"), sharded.recently("progress_estimated_total_bytes"))
	return perJob(fmt.Sprintf("\n  0 * %s + on (api, migration) group_left ()\n    clamp_max(%s, 1)\n  or %s\n", own, whole, own))
}

// ratio is how much of each job is done, 0 to 1.
func (s scope) ratio() string {
	return wholeOr(s.recently("progress_total_ratio"), sharded.recently("progress_estimated_copied_bytes"))
}

// expected is when each job will be done, as the exporter estimates it.
func (s scope) expected() string {
	return perJob(s.recently("progress_estimated_end_timestamp_seconds"))
}

// remaining is how many seconds each job still needs.
func (s scope) remaining() string { return s.expected() + " - time() > 0" }

// slack is how many seconds before its deadline each job will be done; negative if
// it will be late.
func (s scope) slack() string {
	return fmt.Sprintf("%s - %s", perJob(s.of("progress_deadline_timestamp_seconds")), s.expected())
}

// date is a timestamp metric in milliseconds, as Grafana's units want it.
func (s scope) date(metric string, labels ...string) string {
	return perJob(s.of(metric), labels...) + " * 1000"
}

// began is when each job began, in milliseconds: as its product says, or when it was
// first seen to run where the product does not. A failed read is no beginning.
func (s scope) began() string {
	before := fmt.Sprintf("last_over_time(%s[%s] offset 1m)", s.running(), lookBack)
	seen := fmt.Sprintf("(%s == 1 unless %s == 1) * 0 + time()", perJob(s.running()), perJob(before))
	return fmt.Sprintf("(%s or %s) * 1000", perJob(s.of("progress_start_timestamp_seconds")), seen)
}

// grown is by how much a counter grew between two points of a curve.
func grown(counter string) string { return fmt.Sprintf("increase(%s[$__rate_interval])", counter) }
