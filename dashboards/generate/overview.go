package main

import "fmt"

// overview is the dashboard of all jobs.
func overview() dashboard {
	const all = everything
	variables := []variable{
		instances(),
		pick("api", "Product", `progress_up{instance=~"$instance"}`),
		pick("migration", "Migration", `progress_up{instance=~"$instance",api=~"$api"}`),
		pick("target", "Target", `progress_up{instance=~"$instance",api=~"$api",migration=~"$migration"}`),
	}
	return newDashboard("Progress / Overview",
		"Every job that progress_exporter reads: where it stands, when it will be done, and who cannot be read.",
		all, variables,
		beside(4, numbers(all)...),
		beside(9, states(all).wide(16), completed(all)),
		beside(9, jobs(all)),
		beside(8, unreadable(all), stillness(all)),
		heading("Errors"),
		beside(8, errorCodes(jobErrors(all), nodeErrors(all)), appeared(all)),
		heading("Reading the products"),
		beside(8, failures(), missed(), readTimes(all), reads(all)),
		heading("Exporter"),
		beside(7, exporters().wide(10), files().wide(6), dropped()),
	)
}

// numbers are what a wall shows from afar.
func numbers(all scope) []panel {
	tally := func(title, description, expr, color string) panel {
		return stat(title, description, number, now(expr, "")).limited("#44464f", from(1, color))
	}
	in := func(state string) string {
		return fmt.Sprintf("sum(%s)", perJob(all.of("progress_state", fmt.Sprintf("state=%q", state))))
	}
	jobs := fmt.Sprintf("count(%s)", perJob(all.of("progress_up")))
	return []panel{
		tally("Running", "Jobs in the state running, stalled ones among them.", in("running"), "blue"),
		tally("Waiting for an operator", "Jobs in the state ready: a mongosync that may be committed.", in("ready"), "dark-yellow"),
		tally("Stalled", "Jobs that run but have not moved for their stall_after.", fmt.Sprintf("count(%s) or %s * 0", perJob(all.stalled()), jobs), "orange"),
		tally("Failed", "Jobs in the state failed.", in("failed"), "red"),
		tally("Not readable", "Targets whose last read failed.", fmt.Sprintf("count(%s == 0) or %s * 0", perJob(all.of("progress_up")), jobs), "purple"),
		tally("Succeeded", "Jobs in the state succeeded.", in("succeeded"), "green"),
	}
}

// completed is how much of each job is done.
func completed(all scope) panel {
	return progressBars("Progress", "How much of each job is done. A mongosync process with the label migration shows the copy of the whole migration. A job that could not be read keeps its bar for 10 minutes.",
		all.ratio(), "{{target}} {{job_id}}")
}

// jobs is the table of all jobs.
func jobs(all scope) panel {
	p := table("Jobs", "Time left comes from the speed of the last 30 minutes, and is absent where the product reports no progress and while nothing moves. For mongosync it is the time until everything is copied. Before deadline: by how much the job will be in time; negative if it will be late.",
		label("target", "Target"),
		label("api", "Product"),
		value("State", all.state(), word).meaning(stateNames()),
		value("Progress", all.ratio(), share).bar(),
		value("Time left", all.remaining(), seconds),
		value("Last change", all.date("progress_last_change_timestamp_seconds"), ago),
		value("Began", all.date("progress_start_timestamp_seconds"), ago),
		value("Ended", all.date("progress_end_timestamp_seconds"), ago),
		value("Deadline", all.date("progress_deadline_timestamp_seconds"), ago),
		value("Before deadline", all.slack(), seconds).limited(limits("red", from(0, "text"))),
	)
	return p
}

// appeared is how often error codes appeared. A code that the vendor does not
// document begins at 1, which increase does not count: the timeline shows it.
func appeared(all scope) panel {
	sum := func(counter string) string {
		return fmt.Sprintf("sum by (api, error_code) (%s) > 0", grown(all.of(counter)))
	}
	return curves("Error codes that appeared", "How often the documented error codes of a job or a node appeared.", number,
		curve(sum("progress_job_errors_total"), "{{api}} job {{error_code}}"),
		curve(sum("progress_node_errors_total"), "{{api}} node {{error_code}}")).stacked()
}

// failures counts in the exporter, whichever target was asked.
func failures() panel {
	expr := fmt.Sprintf("sum by (api, reason) (%s) > 0", grown(`progress_exporter_read_failures_total{instance=~"$instance",api=~"$api"}`))
	return curves("Failed reads by reason", "Reads that failed, by product and reason.", number, curve(expr, "{{api}} {{reason}}")).stacked()
}

func readTimes(all scope) panel {
	return curves("Time of a read", "How long the last read of each target took.", seconds,
		curve(perJob(all.of("progress_scrape_duration_seconds")), "{{target}} {{job_id}}")).positive()
}

func reads(all scope) panel {
	return curves("Reads", "How often the products are asked.", "reqps",
		curve(fmt.Sprintf("sum by (api) (rate(%s[$__rate_interval]))", all.of("progress_scrapes_total")), "{{api}}")).positive()
}
