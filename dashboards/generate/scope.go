package main

import (
	"fmt"
	"strings"
)

// scope says which series a dashboard is about: label matchers.
type scope struct {
	base   string
	target string // narrows base down to the targets that are chosen
}

// chosen is the matcher of the variable target.
const chosen = `target=~"$target"`

// everything is what the overview is about.
func everything() scope { return scope{`instance=~"$instance",api=~"$api"`, chosen} }

// product is what the dashboard of one product is about.
func product(api string) scope {
	return scope{fmt.Sprintf(`instance=~"$instance",api=%q`, api), chosen}
}

// migrations is what the dashboard of mongosync is about.
func migrations() scope {
	return scope{`instance=~"$instance",api="mongosync",migration=~"$migration"`, chosen}
}

// whole is the scope with the targets that are not chosen: a whole needs all of its
// parts.
func (s scope) whole() scope { return scope{base: s.base} }

// identity are the labels that tell one job from another. It leaves out what comes
// from the way a job is scraped, so that /metrics and /probe, and two exporters
// that read the same target, look alike. Only probed jobs have a job_id.
const identity = "api, target, job_id"

const (
	// lookBack is how long a number goes on to be shown that a failed read left out.
	// Curves do not look back: they show the gap.
	lookBack = "10m"
	// grace is how long a job goes on to be what it was last known to be: a read that
	// fails now and then is no news. A job is called unreadable after it.
	grace = "2m"
	// rateWindow is what speeds are measured over: long enough for the usual scrape
	// intervals, and short enough to show a change.
	rateWindow = "5m"
)

// of selects the series of a metric, with further matchers.
func (s scope) of(metric string, matchers ...string) string {
	all := append([]string{s.base}, matchers...)
	if s.target != "" {
		all = append(all, s.target)
	}
	return fmt.Sprintf("%s{%s}", metric, strings.Join(all, ","))
}

// recently is of with a look back, for numbers.
func (s scope) recently(metric string, matchers ...string) string {
	return fmt.Sprintf("last_over_time(%s[%s])", s.of(metric, matchers...), lookBack)
}

// lately is of with the grace, for what is said of a job.
func (s scope) lately(metric string, matchers ...string) string {
	return fmt.Sprintf("last_over_time(%s[%s])", s.of(metric, matchers...), grace)
}

// speed is how much a metric grows in a second.
func (s scope) speed(metric string, matchers ...string) string {
	return fmt.Sprintf("deriv(%s[%s])", s.of(metric, matchers...), rateWindow)
}

// perJob keeps one series for each job and value of the labels.
func perJob(expr string, labels ...string) string { return aggregate("max", identity, expr, labels) }

func aggregate(by, identity, expr string, labels []string) string {
	return fmt.Sprintf("%s by (%s) (%s)", by, strings.Join(append([]string{identity}, labels...), ", "), expr)
}

// date is a timestamp metric in milliseconds, as Grafana's units want it.
func (s scope) date(metric string, labels ...string) string {
	return perJob(s.of(metric), labels...) + " * 1000"
}

// info is what a job_info says in its labels. While reads fail it is what the last good
// one said, without a second row for what it said before.
func (s scope) info(labels ...string) string {
	now := perJob(s.of("progress_job_info"), labels...)
	return fmt.Sprintf("%s or (%s unless on (%s) %s)", now, perJob(s.recently("progress_job_info"), labels...), identity, now)
}

// grown is by how much a counter grew, in whole counts, over the time of the dashboard.
func grown(counter string) string { return fmt.Sprintf("round(increase(%s[$__range]))", counter) }

// perMinute is how fast a counter grows.
func perMinute(counter string) string { return fmt.Sprintf("rate(%s[$__rate_interval]) * 60", counter) }
