package main

import "fmt"

// mongosync is the dashboard of migrations with mongosync.
func mongosync() dashboard {
	about := scope(`instance=~"$instance",api="mongosync",migration=~"$migration",target=~"$target"`)
	variables := []variable{
		instances(),
		pick("migration", "Migration", `progress_up{instance=~"$instance",api="mongosync"}`),
		pick("target", "Process", `progress_up{instance=~"$instance",api="mongosync",migration=~"$migration"}`),
	}
	return newDashboard("Progress / mongosync",
		"Migrations with mongosync: the copy, the lag, the verification, the indexes and the way to the clusters. Processes with the same label migration belong together.",
		about, variables,
		beside(8, states(about).wide(16), copyDone()),
		beside(8, processes(about)),
		heading("Copy"),
		beside(8, copied(), copySpeed(), copyLeft()),
		heading("Behind the source"),
		beside(8, lag(about), catchUp(about), oplog(about)),
		heading("Phases and commit"),
		beside(9, said(about), mayDo(about)),
		heading("Verification"),
		beside(8, verifierPhases(about), hashed(about), verifierLag(about)),
		heading("Indexes, events, clusters"),
		beside(8, indexes(about), events(about)),
		beside(8, ping(about), pingFailed(about)),
		beside(8, unreadable(about), stillness(about)),
	)
}

// migrations are what the panels of the copy are about, whichever processes are
// chosen: a whole needs all of its parts.
const migrations scope = `instance=~"$instance",api="mongosync",migration=~"$migration"`

// named gives every series the label migration: a process without one is a
// migration of its own, by its target's name.
func named(expr string) string {
	return fmt.Sprintf(`label_replace(label_join(%s, "migration", ";", "migration", "target"), "migration", "$1", "migration", ";?([^;]+).*")`, expr)
}

// done adds up what the processes of each migration did.
func done(expr string) string {
	return fmt.Sprintf("sum by (migration) (max by (migration, target, job_id) (%s))", named(expr))
}

// whole is what each migration has to do; all of its processes say the same.
func whole(expr string) string { return fmt.Sprintf("max by (migration) (%s)", named(expr)) }

const (
	copiedBytes = "progress_estimated_copied_bytes"
	totalBytes  = "progress_estimated_total_bytes"
)

func copyDone() panel {
	expr := fmt.Sprintf("clamp_max(%s / %s, 1)", done(migrations.recently(copiedBytes)), whole(migrations.recently(totalBytes)))
	return progressBars("Copied", "How much of each migration is copied, by all of its processes. A migration that could not be read keeps its bar for 10 minutes.", expr, "{{migration}}")
}

func copied() panel {
	return curves("Copied bytes", "What all processes of each migration have copied, and what there is to copy: an estimate that may move.", iecBytes,
		curve(done(migrations.of(copiedBytes)), "{{migration}} copied"), curve(whole(migrations.of(totalBytes)), "{{migration}} to copy")).positive()
}

func copySpeed() panel {
	return curves("Speed of the copy", "What all processes of each migration copy in a second, over the last 30 minutes.", pace,
		curve(done(migrations.speed(copiedBytes)), "{{migration}}"))
}

func copyLeft() panel {
	expr := fmt.Sprintf("%s - time() > 0", whole(migrations.of("progress_estimated_end_timestamp_seconds")))
	return curves("Time left to copy", "As the exporter estimates it. Absent while nothing is copied. Change event application comes after it.", seconds, curve(expr, "{{migration}}")).positive()
}

func processes(about scope) panel {
	read := func(metric string) string { return perJob(about.recently("progress_mongosync_" + metric)) }
	mayDo := flag(mapped{Text: "no", Color: "#6e7077"}, mapped{Text: "yes", Color: "green"})
	return table("Processes", "The processes of all migrations. Copied: by the process itself. A value that could not be read stays for 10 minutes.",
		label("target", "Process"),
		value("State", about.state(), word).meaning(stateNames()),
		value("Copied", perJob(about.recently(copiedBytes)), iecBytes),
		value("Lag", perJob(about.recently("progress_lag_time_seconds")), seconds),
		value("May commit", read("can_commit"), word).meaning(mayDo),
		value("May write to the destination", read("can_write"), word).meaning(mayDo),
		value("Warnings", read("warnings"), number).limited(limits("text", from(1, "orange"))),
		value("Last change", about.date("progress_last_change_timestamp_seconds"), ago),
		label("source", "Source"),
		label("destination", "Destination"),
		words(perJob(about.of("progress_job_info"), "source", "destination")),
	)
}
