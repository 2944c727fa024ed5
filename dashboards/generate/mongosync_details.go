package main

import "fmt"

func copiedOverTime(about scope) panel {
	return curves("Copied bytes", "What all processes of each migration have copied, and what there is to copy: an estimate that may move.", iecBytes,
		curve(perRow("sum", perMember(about.whole().of(copiedBytes))), "{{name}} copied"),
		curve(perRow("max", about.whole().of(totalBytes)), "{{name}} to copy")).positive().without("Nothing is copied.")
}

func copySpeed(about scope) panel {
	return curves("Speed of the copy", "What all processes of each migration copy in a second, over 5 minutes.", pace,
		curve(about.copySpeed(), "{{name}}")).positive().without("Nothing is copied.")
}

func copyLeft(about scope) panel {
	return curves("Time left to copy", "As the exporter estimates it, with the range around it. Absent while it is not to be trusted, and while nothing moves. Change event application comes after it.", span,
		curve(about.remaining(likely), "{{name}}"), curve(about.remaining(early), "{{name}} at least"), curve(about.remaining(late), "{{name}} at most")).positive().without("No migration has a time left that is to be trusted.")
}

// measure is a query for one of mongosync's own metrics, with the labels that its
// legend shows.
func (s scope) measure(metric, legend string, labels ...string) query {
	return curve(perJob(s.of("progress_mongosync_"+metric), labels...), "{{target}} {{job_id}} "+legend)
}

func lag(about scope) panel {
	return curves("Lag", "By how much each process is behind its source: as every version of mongosync reports it. Since 1.21 a commit needs less than 30 seconds.", span,
		curve(perJob(about.of("progress_lag_time_seconds")), "{{target}} {{job_id}}")).reaching(60).limited("text", from(lagLimit, "orange")).
		without("No process reports how far it is behind.")
}

func catchUp(about scope) panel {
	return curves("Time to catch up", "Until change event application has caught up with the source, as mongosync estimates it. Absent while the lag does not shrink.", span,
		about.measure("estimated_catchup_seconds", "")).positive().without("No process is catching up.")
}

func oplog(about scope) panel {
	return curves("Oplog time left", "How much of the source's oplog is left before the entry is gone that mongosync needs next: then the migration fails. less_than and more_than: mongosync names a limit only.", span,
		about.measure("oplog_time_remaining_seconds", "{{bound}}", "bound")).reaching(oplogLimit).limited("red", from(3600, "orange"), from(oplogLimit, "text")).
		without("No process reports how much of the oplog is left: mongosync does since 1.19.")
}

func hashed(about scope) panel {
	part := func(have, all, legend string) query {
		q := about.measure(have, legend, "side")
		q.Expr = fmt.Sprintf("clamp_max(%s / (%s > 0), 1)", q.Expr, about.measure(all, "", "side").Expr)
		return q
	}
	return curves("Verified", "The documents that the verifier has hashed, of the estimated ones, and the collections that it has scanned.", share,
		part("verification_hashed_documents", "verification_estimated_documents", "{{side}} documents"),
		part("verification_scanned_collections", "verification_collections", "{{side}} collections")).between(0, 1).without("No verifier is at work.")
}

func verifierLag(about scope) panel {
	return curves("Lag of the verifier", "Since the last verification check on each cluster. Since mongosync 1.21 a commit is possible below 30 seconds only.", span,
		about.measure("verification_lag_seconds", "{{side}}", "side")).reaching(60).limited("text", from(lagLimit, "orange")).without("No verifier is at work.")
}

func indexes(about scope) panel {
	return curves("Index building", "Indexes that are built, of those to build, and collections whose indexes are all built. The largest collections come first, so that the rest goes faster.", number,
		about.measure("indexes_built", "indexes built"), about.measure("indexes_to_build", "indexes"),
		about.measure("index_collections_finished", "collections finished"), about.measure("index_collections", "collections")).whole().without("No indexes are built.")
}

func events(about scope) panel {
	return curves("Change events applied", "By each process, approximately. The number begins again at 0 when the process restarts.", number,
		about.measure("events_applied", "")).whole().without("No change events are applied.")
}

func ping(about scope) panel {
	return curves("Ping", "How long the last ping of each cluster took. Absent below 1 millisecond and when it failed.", exact,
		about.measure("ping_latency_seconds", "{{side}}", "side")).positive().without("No process reports how long its pings take.")
}

func pingFailed(about scope) panel {
	return timeline("Failed pings", "Whether the last ping of each cluster failed.", flag("fine", succeeded(), "failed", failed()),
		about.measure("ping_failed", "{{side}}", "side")).without("No process reports how its pings went.")
}
