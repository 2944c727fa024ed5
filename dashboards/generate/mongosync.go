package main

import (
	"fmt"
	"strings"
)

// mongosync is the dashboard of migrations with mongosync.
func mongosync() dashboard {
	about := migrations()
	variables := []variable{
		instances(),
		pick("migration", "Migration", `progress_up{instance=~"$instance",api="mongosync"}`),
		pick("target", "Process", `progress_up{instance=~"$instance",api="mongosync",migration=~"$migration"}`),
	}
	return newDashboard("mongosync", "Progress / mongosync",
		"Migrations with mongosync: how far, how fast, when done, whether they may be committed, and what holds them up. Processes with the same label migration belong together.",
		about, variables,
		beside(8, copies(about)),
		beside(8, commits(about)),
		beside(14, states(about)),
		heading("Copy"),
		beside(9, copiedOverTime(about), copySpeed(about), copyLeft(about)),
		heading("Behind the source"),
		beside(9, lag(about), catchUp(about), oplog(about)),
		heading("Phases"),
		beside(10, phasesOverTime(about), stagesOverTime(about)),
		beside(10, verifierPhases(about, "source"), verifierPhases(about, "destination")),
		heading("Verification, indexes, events"),
		beside(9, hashed(about), verifierLag(about)),
		beside(9, indexes(about), events(about)),
		heading("Each process"),
		beside(8, processes(about)),
		beside(8, unreadable(about), stillness(about)),
		folded("Clusters", beside(9, ping(about), pingFailed(about))),
	)
}

// migration is the column with the name of a migration, which leads to this dashboard
// as it is about that migration alone.
func migration() column {
	return label("name", "Migration").least(120).leads("Only ${__value.text}",
		"/d/"+uid("mongosync")+"?${datasource:queryparam}&var-${__data.fields.variable}=${__value.text:percentencode}&${__url_time_range}")
}

// copies is how far each migration is: how much, how fast, until when, and what holds it
// up.
func copies(about scope) panel {
	return table("Migrations, those in trouble first", "A row for each migration, by all of its processes. "+kindsDescription+
		" Phase: that of the process which is furthest behind. Copied and of: bytes, by mongosync's estimate, which may move. Time left, at least and at most, is until everything is copied; applying the changes since, and the commit, come after it.",
		state(about.rowKind()),
		migration(),
		value("Phase", perRow("min", phases().number(func(m string) string { return about.mongosync("phase", m) })), word).meaning(phases().names()).px(205),
		progressOf(about),
		value("Copied", fmt.Sprintf("%s and on (%s) %s", about.copied(), row, about.rows()), iecBytes).decimals(1).px(85),
		value("of", fmt.Sprintf("%s and on (%s) %s", about.toCopy(), row, about.rows()), iecBytes).decimals(1).px(85),
		value("Speed", fmt.Sprintf("%s > 0 and on (%s) %s", about.copySpeed(), row, about.rows()), pace).decimals(1).px(100),
		timeLeft(about.remaining),
		leftAtLeast(about.remaining),
		leftAtMost(about.remaining),
		marginOf(about),
		label("why", "Held up by").least(150).with(property{"custom.cellOptions", map[string]any{"type": "color-text"}}, property{"color", fixed("orange")}),
		words(about.holdUps()),
		label("variable", "variable").hidden(),
	).sorted("State", "Migration").without("No migration is read, or none is chosen.")
}

// copySpeed is how many bytes the processes of each row copy in a second.
func (s scope) copySpeed() string { return perRow("sum", perMember(s.whole().speed(copiedBytes))) }

// mongosync selects one of mongosync's own metrics, with the grace.
func (s scope) mongosync(metric string, matchers ...string) string {
	return s.lately("progress_mongosync_"+metric, matchers...)
}

// The limits from which on something holds a migration up: since mongosync 1.21 nothing
// may be committed with more lag, and an oplog that is shorter than a night is short.
const (
	lagLimit   = 30
	oplogLimit = 12 * 3600
)

// holdUps is what holds each migration up: what is wrong with a process, or else what a
// commit waits for. Of several the first one.
func (s scope) holdUps() string {
	causes := []struct{ why, expr string }{
		{"a cluster that cannot be pinged", s.mongosync("ping_failed") + " == 1"},
		{"a short oplog", fmt.Sprintf("%s < %d", s.mongosync("oplog_time_remaining_seconds", `bound!="more_than"`), oplogLimit)},
		{"nothing moves", s.lately("progress_stalled") + " == 1"},
		{"lag of the verifier", fmt.Sprintf("%s > %d", s.mongosync("verification_lag_seconds"), lagLimit)},
		{"lag", fmt.Sprintf("%s > %d", s.lately("progress_lag_time_seconds"), lagLimit)},
		{"indexes to build", fmt.Sprintf("%s < %s", s.mongosync("indexes_built"), s.mongosync("indexes_to_build"))},
		{"hashing by the verifier", s.mongosync("verification_phase", `phase="initial hashing"`) + " == 1"},
	}
	reasons := []string{fmt.Sprintf("%d * %s", len(causes)+1, s.why())}
	for i, c := range causes {
		reasons = append(reasons, fmt.Sprintf(`label_replace(0 * %s + %d, "why", %q, "", "")`, perRow("max", c.expr), len(causes)-i, c.why))
	}
	all := aggregate("max", row, "\n    "+strings.Join(reasons, "\n  or\n    ")+"\n", []string{"why"})
	return fmt.Sprintf("topk by (%s) (1, %s) and on (%[1]s) %[3]s", row, all, s.goesOnInRows())
}

// goesOnInRows are the rows of which a process goes on, or that cannot be read.
func (s scope) goesOnInRows() string {
	return perRow("max", fmt.Sprintf("(%s or %s == 0)", s.goesOn(), s.of("progress_up")))
}

// commits is what stands between each migration and its commit.
func commits(about scope) panel {
	seen := func(by, metric string, matchers ...string) string {
		return perRow(by, perMember(about.mongosync(metric, matchers...)))
	}
	lag := func(heading, expr string) column {
		return value(heading, expr, exact).decimals(0).limited(limits("text", from(lagLimit, "orange"))).px(90)
	}
	verified := func(side string) string {
		matcher := fmt.Sprintf("side=%q", side)
		return fmt.Sprintf("clamp_max(%s / (%s > 0), 1)", seen("sum", "verification_hashed_documents", matcher), seen("sum", "verification_estimated_documents", matcher))
	}
	return table("May they be committed?", "Whether mongosync reports that a commit will succeed, for all processes of a migration, and whether the destination may be written to: do not write to it before. "+
		"Lag: as every version of mongosync reports it, the largest of the processes, and by kind since 1.21, since when a commit needs less than 30 seconds. "+
		"Oplog left: the least that the source keeps beyond what is needed. Catch-up: until the changes are applied, by mongosync's estimate. Verified: the documents of a side that the verifier has hashed.",
		value("May commit", seen("min", "can_commit"), word).meaning(may()).px(100),
		migration(),
		value("May write", seen("min", "can_write"), word).meaning(may()).px(90),
		lag("Lag", perRow("max", about.lately("progress_lag_time_seconds"))),
		lag("Overall", seen("max", "lag_seconds", `component="overall"`)),
		lag("CRUD", seen("max", "lag_seconds", `component="crud"`)),
		lag("DDL", seen("max", "lag_seconds", `component="ddl"`)),
		value("Catch-up", seen("max", "estimated_catchup_seconds"), exact).decimals(1).px(90),
		value("Oplog left", seen("min", "oplog_time_remaining_seconds"), exact).decimals(1).limited(limits("red", from(3600, "orange"), from(oplogLimit, "text"))).px(95),
		value("Verified source", verified("source"), share).bar().px(140),
		value("Verified dest.", verified("destination"), share).bar().px(140),
		lag("Lag source", seen("max", "verification_lag_seconds", `side="source"`)),
		lag("Lag dest.", seen("max", "verification_lag_seconds", `side="destination"`)),
		label("variable", "variable").hidden(),
	).sorted("Migration").without("No migration is read, or none is chosen.")
}

// processes is a row for each process.
func processes(about scope) panel {
	return table("Processes", "The processes of all migrations. Copied: by the process itself. A value that could not be read stays for 10 minutes.",
		state(about.jobKind()),
		label("target", "Process").least(130),
		value("Copied", perJob(about.recently(copiedBytes)), iecBytes).decimals(1).px(90),
		value("Lag", perJob(about.recently("progress_lag_time_seconds")), exact).decimals(0).px(80),
		value("Says", perJob(processStates().number(func(m string) string { return about.mongosync("process_state", m) })), word).meaning(processStates().names()).px(120),
		value("Warnings", perJob(about.recently("progress_mongosync_warnings")), number).limited(limits("text", from(1, "orange"))).px(85),
		value("Last change", about.date("progress_last_change_timestamp_seconds"), ago).px(125),
		label("source", "Source").least(190),
		label("destination", "Destination").least(190),
		words(about.info("source", "destination")),
	).sorted("State", "Process").without("No process is read, or none is chosen.")
}
