package main

import "fmt"

// kindsDescription says what the words mean that are not a state.
const kindsDescription = "Stalled: it runs, but has not moved for its stall_after. Late: it will miss its deadline, or has missed it. " +
	"Cannot be read: no read was good for 2 minutes; what the job does is unknown."

// states is the timeline that every product's dashboard has.
func states(about scope) panel {
	return timeline("State", "What each job was, by the time. "+kindsDescription,
		kindNames(), curve(about.jobKind(), "{{target}} {{job_id}}")).without("No job was read in this time.")
}

// state is the column on which tables of jobs are sorted.
func state(expr string) column { return value("State", expr, word).meaning(kindNames()).px(120) }

// job is the column with the name of a row, which leads to the product's own dashboard,
// as it is about that row alone. Nothing else is handed over: another product's
// dashboard would be empty by it.
func job() column {
	return label("name", "Job").least(190).leads("Open ${__value.text} in its product's dashboard",
		"/d/"+uid("${__data.fields.Product}")+"?${datasource:queryparam}&var-${__data.fields.variable}=${__value.text:percentencode}&${__url_time_range}")
}

// rangeDescription says what the columns with the time left are.
const rangeDescription = "Time left is the exporter's estimate, which is absent while it is not to be trusted; left at least and at most are the range around it. "

// progressOf, doneAbout and marginOf are the columns about how far the rows are.
func progressOf(about scope) column { return value("Progress", about.ratio(), share).bar().px(140) }

// timeLeft, leftAtLeast and leftAtMost are the estimate and the range around it. Until says
// how many seconds are left until a bound.
func timeLeft(until func(bound string) string) column {
	return value("Time left", until(likely), span).px(95)
}

func leftAtLeast(until func(bound string) string) column {
	return value("Left at least", until(early), span).px(95)
}

func leftAtMost(until func(bound string) string) column {
	return value("Left at most", until(late), span).px(95)
}

// leftToJob is how many seconds each job of its own still needs.
func (s scope) leftToJob(bound string) string { return perJob(s.expected(bound)) + " - time() > 0" }

func doneAbout(about scope) column {
	return value("Done about", about.ends(likely)+" * 1000", clock).px(115)
}

func marginOf(about scope) column {
	return value("Margin", about.margin(), exact).decimals(1).limited(limits("red", from(0, "orange"), from(1800, "text"))).px(100)
}

func whyOf(about scope) column {
	return label("why", "Why").with(property{"custom.cellOptions", map[string]any{"type": "color-text"}}, property{"color", fixed("red")}).least(150)
}

func lastChange(about scope) column {
	return value("Last change", perRow("max", about.of("progress_last_change_timestamp_seconds"))+" * 1000", ago).px(125)
}

// jobs is the table of all jobs, a row for each migration.
func jobs(all scope) panel {
	return table("Jobs, those in trouble first", "A row for each job, and one for the processes of a migration together. "+kindsDescription+
		" Why: the reason of a failed read, or what the product reports. "+rangeDescription+
		"For mongosync until everything is copied. Margin: by how much the job will be in time; negative if it is late.",
		state(all.rowKind()),
		job(),
		label("api", "Product").px(105),
		whyOf(all),
		words(all.why()),
		progressOf(all),
		timeLeft(all.remaining),
		leftAtLeast(all.remaining),
		leftAtMost(all.remaining),
		doneAbout(all),
		marginOf(all),
		lastChange(all),
		label("variable", "variable").hidden(),
	).sorted("State", "Job").without("No targets are read, or none are chosen.")
}

// unreadable is who cannot be read, and why. It is a single query, for nobody is the
// usual answer, and only then Grafana shows a sentence in the place of bare headers.
func unreadable(about scope) panel {
	why := perJob(about.of("progress_scrape_failure"), "reason", "error_code")
	down := fmt.Sprintf("(%s and on (%s) %s == 0)", why, identity, perJob(about.of("progress_up")))
	since := fmt.Sprintf("%[1]s * on (%[2]s) group_left () %[3]s or 0 * %[1]s", down, identity, about.date("progress_last_read_timestamp_seconds"))
	return table("Cannot be read", "Targets whose last read failed, and why. The log of the exporter and /probe?target=NAME&debug=true show more.",
		label("target", "Target").least(150),
		label("reason", "Reason").px(105),
		label("error_code", "The product's code").px(150),
		value("Last good read", since, ago).with(property{"mappings", []mapping{{Type: "value", Options: map[string]mapped{"0": {Text: "never", Color: "text"}}}}}).px(125),
	).sorted("Target").without("Every target could be read.")
}

// errorCodes is which codes a product reports now: a row for each.
func errorCodes(about scope) panel {
	both := fmt.Sprintf("%s or %s", perJob(about.of("progress_job_error")+" == 1", "error_code"),
		perJob(about.of("progress_node_error")+" == 1", "error_code", "node_name"))
	return table("Error codes", "What the product reports to be wrong with jobs and their nodes, now.",
		label("target", "Target").least(150),
		label("node_name", "Node").least(120),
		label("error_code", "Error code").least(150).with(property{"color", fixed("red")}, property{"custom.cellOptions", map[string]any{"type": "color-text"}}),
		words(both),
	).sorted("Target").without("No product reports an error code.")
}

// stillness is how near the running jobs are to count as stalled.
func stillness(about scope) panel {
	expr := fmt.Sprintf("(%s - %s) / %s", about.of("progress_last_read_timestamp_seconds"), about.of("progress_standstill_start_timestamp_seconds"), about.of("progress_stall_threshold_seconds"))
	return curves("Time without movement, of the time allowed", "How long each job has not moved although it should, as a share of its stall_after. At 100 % it has stalled.",
		share, curve(perJob(expr), "{{target}} {{job_id}}")).reaching(1).limited("text", from(1, "orange")).without("No job stands still.")
}

// progressOverTime is how far each job was, by the time.
func progressOverTime(about scope) panel {
	return curves("Progress over time", "How much of each job is done.", share,
		curve(perJob(about.of("progress_total_ratio")), "{{target}} {{job_id}}")).between(0, 1).without("No product reported how far its job was.")
}
