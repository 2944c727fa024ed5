package main

import "fmt"

// logpresso is the dashboard of app installs on Logpresso Sonar.
func logpresso() dashboard {
	about := product("logpresso")
	return newDashboard("logpresso", "Progress / Logpresso Sonar",
		"The installs of apps on Logpresso Sonar, and how far each node is.",
		about, productVariables("logpresso"),
		beside(9, installs(about)),
		beside(9, nodes(about).wide(16), errorCodes(about)),
		beside(14, states(about)),
		beside(10, progressOverTime(about), curves("Progress of nodes", "How much of its part each node has done.", share,
			curve(perJob(about.of("progress_node_ratio"), "node_guid", "node_name"), "{{target}} {{job_id}} {{node_name}}")).between(0, 1).without("No node reports how far it is.")),
		beside(10, installStatus(about), cancelled(about)),
		beside(8, unreadable(about), stillness(about)),
	)
}

func installs(about scope) panel {
	return table("Installs, those in trouble first", rangeDescription+kindsDescription,
		state(about.rowKind()),
		label("name", "Install").least(190),
		whyOf(about),
		words(about.why()),
		progressOf(about),
		value("Nodes done", perRow("max", about.recently("progress_nodes_completed")), number).px(95),
		value("Nodes", perRow("max", about.recently("progress_nodes")), number).px(70),
		timeLeft(about.remaining),
		leftAtLeast(about.remaining),
		leftAtMost(about.remaining),
		marginOf(about),
		lastChange(about),
		ended(about),
		label("variable", ""),
	).sorted("State", "Install").without("No install is read, or none is chosen.")
}

// ended is when the exporter saw the rows end.
func ended(about scope) column {
	return value("Ended", perRow("max", about.of("progress_end_timestamp_seconds"))+" * 1000", ago).px(120)
}

// nodes looks back for the bars, but not for the errors: an error that is over must
// not stay.
func nodes(about scope) panel {
	node := []string{"node_guid", "node_name", "node_type"}
	return table("Nodes", "How far each node is, and what is wrong with it. A node that could not be read stays for 10 minutes.",
		label("target", "Target").least(150),
		label("node_name", "Node").least(120),
		label("node_type", "Type").px(110),
		value("Progress", perJob(about.recently("progress_node_ratio"), node...), share).bar().px(140),
		label("error_code", "Error").least(120),
		words(perJob(about.of("progress_node_error"), append(node, "error_code")...)),
		label("node_guid", ""),
	).sorted("Target", "Node").without("No install names its nodes.")
}

// statuses are the product's own words for the status of an install.
func statuses() vocabulary {
	return vocabulary{"status", []said{
		{"standby", pending()}, {"in_progress", running()}, {"completed", succeeded()}, {"error", failed()}, {"other", unknown()},
	}}
}

func installStatus(about scope) panel {
	return about.spoken("What the product says", "The product's own status of each install.", "progress_logpresso_install_status", statuses()).
		without("No install has a status.")
}

func cancelled(about scope) panel {
	return timeline("Cancelled", "Whether the product reports an install as cancelled (is_cancelled), which counts more than its status.", flag("no", none(), "is_cancelled", "cancelled"),
		curve(fmt.Sprint(perJob(about.of("progress_logpresso_cancelled"))), "{{target}} {{job_id}}")).without("No install is read.")
}
