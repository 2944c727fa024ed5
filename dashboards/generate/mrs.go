package main

// mrs is the dashboard of commands of MRS Manager.
func mrs() dashboard {
	about := product("mrs")
	return newDashboard("mrs", "Progress / MRS Manager",
		"The commands of MRS Manager (Huawei Cloud, Open Telekom Cloud): their steps, the instances on which they failed, and the logins at the managers.",
		about, productVariables("mrs"),
		beside(9, commands(about)),
		beside(8, failedEntities(about), errorCodes(about)),
		beside(14, states(about)),
		beside(9, progressOverTime(about), steps(about), asSaid(about)),
		beside(9, failedCounts(about), refusals(about)),
		beside(8, logins(about), unreadable(about)),
		beside(8, stillness(about).besides()),
	)
}

func commands(about scope) panel {
	return table("Commands, those in trouble first", rangeDescription+"Progress: by the option total_progress_scale. "+kindsDescription,
		state(about.jobKind()),
		label("target", "Target").least(150),
		label("command_id", "Command").px(95),
		label("cluster_id", "Cluster").px(80),
		words(about.info("command_id", "cluster_id")),
		value("Progress", perJob(about.recently("progress_total_ratio")), share).bar().px(140),
		value("Steps", perJob(about.recently("progress_mrs_steps")), number).px(70),
		timeLeft(about.leftToJob),
		leftAtLeast(about.leftToJob),
		leftAtMost(about.leftToJob),
		value("Last change", about.date("progress_last_change_timestamp_seconds"), ago).px(125),
		value("Ended", about.date("progress_end_timestamp_seconds"), ago).px(120),
	).sorted("State", "Target").without("No command is read, or none is chosen.")
}

func steps(about scope) panel {
	return curves("Steps", "Entries of each command's step list. The product reports neither which of them is at work nor how far it is.", number,
		curve(perJob(about.of("progress_mrs_steps")), "{{target}} {{job_id}}")).whole().without("No command has steps.")
}

// asSaid is for whoever has to find out which scale holds.
func asSaid(about scope) panel {
	return curves("What the product says", "total_progress and total_step_size as they stand. The product does not document the range of the one, and describes the other once as a number of steps and once as a progress to 100.", number,
		curve(perJob(about.of("progress_mrs_total_progress")), "{{target}} {{job_id}} total_progress"),
		curve(perJob(about.of("progress_mrs_total_step_size")), "{{target}} {{job_id}} total_step_size")).positive().without("No command reports it.")
}

func failedEntities(about scope) panel {
	return table("Failed instances", "The instances on which a command failed. Only starts, stops and restarts of services report them.",
		label("target", "Target").least(150),
		label("fail_entity", "Instance").least(150),
		label("operation_type", "Operation").px(100),
		words(perJob(about.of("progress_mrs_failed_entity"), "fail_entity", "operation_type")),
	).sorted("Target", "Instance").without("No command failed on an instance.")
}

func failedCounts(about scope) panel {
	return curves("Failed instances over time", "On how many instances a command failed, by what was to be done.", number,
		curve(perJob(about.of("progress_mrs_failed_entities"), "operation_type"), "{{target}} {{job_id}} {{operation_type}}")).whole().without("No command failed on an instance.")
}

func logins(about scope) panel {
	return table("Logins", "Logins of each target's user that its manager refused since the last good one. The exporter waits before it tries again, so that the account does not get locked; a new password is tried at once.",
		label("target", "Target").least(150),
		value("Refused in a row", perJob(about.of("progress_mrs_login_refusals")), number).limited(limits("text", from(1, "red"))).px(130),
		value("Next try", about.date("progress_mrs_login_retry_timestamp_seconds"), ago).px(120),
	).falling("Refused in a row").without("No target has a login.")
}

func refusals(about scope) panel {
	return curves("Refused logins over time", "Logins that were refused since the last good one.", number,
		curve(perJob(about.of("progress_mrs_login_refusals")), "{{target}} {{job_id}}")).whole().reaching(1).limited("text", from(1, "red")).without("No target has a login.")
}
