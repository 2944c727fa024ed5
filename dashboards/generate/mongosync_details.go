package main

import "fmt"

// measure is a query for one of mongosync's own metrics, with the labels that its
// legend shows.
func (s scope) measure(metric, legend string, labels ...string) query {
	return curve(perJob(s.of("progress_mongosync_"+metric), labels...), "{{target}} {{job_id}} "+legend)
}

// current is measure for a metric that is 1 for the word that holds.
func (s scope) current(metric, legend string, labels ...string) query {
	q := s.measure(metric, legend, labels...)
	q.Expr += " == 1"
	return q
}

func lag(about scope) panel {
	return curves("Lag", "By how much the copy is behind its source: as every version of mongosync says it, and by component since 1.21. Since then a commit is possible below 30 seconds only.", seconds,
		curve(perJob(about.of("progress_lag_time_seconds")), "{{target}} {{job_id}} lag"),
		about.measure("lag_seconds", "{{component}}", "component")).positive().limited("green", from(30, "orange"))
}

func catchUp(about scope) panel {
	return curves("Time to catch up", "Until change event application has caught up with the source, as mongosync estimates it. Absent while the lag does not shrink.", seconds,
		about.measure("estimated_catchup_seconds", "")).positive()
}

func oplog(about scope) panel {
	return curves("Oplog time left", "How much of the source's oplog is left before the entry is gone that mongosync needs next: then the migration fails. less_than and more_than: mongosync names a limit only.", seconds,
		about.measure("oplog_time_remaining_seconds", "{{bound}}", "bound")).positive().limited("red", from(3600, "orange"), from(12*3600, "green"))
}

func said(about scope) panel {
	return timeline("What mongosync says", "Its state, its phase and the stage of change event application, in its own words.", present("blue"),
		about.current("process_state", "{{process_state}}", "process_state"),
		about.current("phase", "{{phase}}", "phase"),
		about.current("cea_stage", "{{stage}}", "stage"))
}

func mayDo(about scope) panel {
	return timeline("Commit and write", "Whether a commit request will succeed, and whether the destination may be written to. Do not write to it before.",
		flag(mapped{Text: "no", Color: "#6e7077"}, mapped{Text: "yes", Color: "green"}),
		about.measure("can_commit", "commit"), about.measure("can_write", "write"))
}

func verifierPhases(about scope) panel {
	return timeline("Phases of the verifier", "What the embedded verifier does on each cluster. It can step back from stream hashing to initial hashing.", present("blue"),
		about.current("verification_phase", "{{side}}: {{phase}}", "side", "phase"))
}

func hashed(about scope) panel {
	part := func(have, all, legend string) query {
		q := about.measure(have, legend, "side")
		q.Expr = fmt.Sprintf("%s / (%s > 0)", q.Expr, about.measure(all, "", "side").Expr)
		return q
	}
	return curves("Verified", "The documents that the verifier has hashed, of the estimated ones, and the collections that it has scanned.", share,
		part("verification_hashed_documents", "verification_estimated_documents", "{{side}} documents"),
		part("verification_scanned_collections", "verification_collections", "{{side}} collections")).positive()
}

func verifierLag(about scope) panel {
	return curves("Lag of the verifier", "Since the last verification check on each cluster. Since mongosync 1.21 a commit is possible below 30 seconds only.", seconds,
		about.measure("verification_lag_seconds", "{{side}}", "side")).positive().limited("green", from(30, "orange"))
}

func indexes(about scope) panel {
	return curves("Index building", "Indexes that are built, of those to build, and collections whose indexes are all built. The largest collections come first, so that the rest goes faster.", number,
		about.measure("indexes_built", "indexes built"), about.measure("indexes_to_build", "indexes"),
		about.measure("index_collections_finished", "collections finished"), about.measure("index_collections", "collections")).positive()
}

func events(about scope) panel {
	return curves("Change events applied", "By each process, approximately. The number begins again at 0 when the process restarts.", number,
		about.measure("events_applied", "")).positive()
}

func ping(about scope) panel {
	return curves("Ping", "How long the last ping of each cluster took. Absent below 1 millisecond and when it failed.", seconds,
		about.measure("ping_latency_seconds", "{{side}}", "side")).positive()
}

func pingFailed(about scope) panel {
	return timeline("Failed pings", "Whether the last ping of each cluster failed.", flag(mapped{Text: "fine", Color: "green"}, mapped{Text: "failed", Color: "red"}),
		about.measure("ping_failed", "{{side}}", "side"))
}
