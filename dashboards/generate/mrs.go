package main

// mrs is the dashboard of commands of MRS Manager.
func mrs() dashboard {
	about := product("mrs")
	return newDashboard("Progress / MRS Manager",
		"The commands of MRS Manager (Huawei Cloud, Open Telekom Cloud): their steps, the instances on which they failed, and the logins at the managers.",
		about, productVariables("mrs"),
		beside(7, states(about).wide(16), progressBars("Progress",
			"How much of each command is done, by the option total_progress_scale. A command that could not be read keeps its bar for 10 minutes.",
			perJob(about.recently("progress_total_ratio")), "{{target}} {{job_id}}")),
		beside(7, commands(about)),
		beside(8, steps(about), asSaid(about)),
		beside(8, failedEntities(about), failedCounts(about), errorCodes(jobErrors(about))),
		heading("Login and reading"),
		beside(8, logins(about), refusals(about)),
		beside(8, unreadable(about), stillness(about)),
	)
}

func commands(about scope) panel {
	return table("Commands", "Time left comes from the speed of the last 30 minutes.",
		label("target", "Target"),
		label("command_id", "Command"),
		label("cluster_id", "Cluster"),
		words(perJob(about.of("progress_job_info"), "command_id", "cluster_id")),
		value("State", about.state(), word).meaning(stateNames()),
		value("Progress", perJob(about.recently("progress_total_ratio")), share).bar(),
		value("Steps", perJob(about.recently("progress_mrs_steps")), number),
		value("Time left", about.remaining(), seconds),
		value("Last change", about.date("progress_last_change_timestamp_seconds"), ago),
		value("Ended", about.date("progress_end_timestamp_seconds"), ago),
	)
}

func steps(about scope) panel {
	return curves("Steps", "Entries of each command's step list. The product says neither which of them is at work nor how far it is.", number,
		curve(perJob(about.of("progress_mrs_steps")), "{{target}} {{job_id}}")).positive()
}

// asSaid is for whoever has to find out which scale holds.
func asSaid(about scope) panel {
	return curves("What the product says", "total_progress and total_step_size as they stand. The product does not document the range of the one, and describes the other once as a number of steps and once as a progress to 100.", number,
		curve(perJob(about.of("progress_mrs_total_progress")), "{{target}} {{job_id}} total_progress"),
		curve(perJob(about.of("progress_mrs_total_step_size")), "{{target}} {{job_id}} total_step_size")).positive()
}

func failedEntities(about scope) panel {
	return table("Failed instances", "The instances on which a command failed. Only starts, stops and restarts of services report them.",
		label("target", "Target"),
		label("fail_entity", "Instance"),
		label("operation_type", "Operation"),
		words(perJob(about.of("progress_mrs_failed_entity"), "fail_entity", "operation_type")),
	)
}

func failedCounts(about scope) panel {
	return curves("Failed instances over time", "On how many instances a command failed, by what was to be done.", number,
		curve(perJob(about.of("progress_mrs_failed_entities"), "operation_type"), "{{target}} {{job_id}} {{operation_type}}")).positive()
}

func logins(about scope) panel {
	return table("Logins", "Logins of each target's user that its manager refused since the last good one. The exporter waits before it tries again, so that the account does not get locked; a new password is tried at once.",
		label("target", "Target"),
		value("Refused in a row", perJob(about.of("progress_mrs_login_refusals")), number).limited(limits("green", from(1, "red"))),
		value("Next try", about.date("progress_mrs_login_retry_timestamp_seconds"), ago),
	)
}

func refusals(about scope) panel {
	return curves("Refused logins over time", "Logins that were refused since the last good one.", number,
		curve(perJob(about.of("progress_mrs_login_refusals")), "{{target}} {{job_id}}")).positive().limited("green", from(1, "red"))
}
