package main

import "fmt"

// logpresso is the dashboard of app installs on Logpresso Sonar.
func logpresso() dashboard {
	about := product("logpresso")
	return newDashboard("Progress / Logpresso Sonar",
		"The installs of apps on Logpresso Sonar, and how far each node is.",
		about, productVariables("logpresso"),
		beside(7, states(about).wide(16), progressBars("Progress",
			"How much of each install is done. An install that could not be read keeps its bar for 10 minutes.",
			perJob(about.recently("progress_total_ratio")), "{{target}} {{job_id}}")),
		beside(8, installs(about)),
		beside(10, nodes(about).wide(14), curves("Progress of nodes", "How much of its part each node has done.", share,
			curve(perJob(about.of("progress_node_ratio"), "node_guid", "node_name"), "{{target}} {{job_id}} {{node_name}}")).between(0, 1)),
		beside(8, errorCodes(jobErrors(about), nodeErrors(about)), installStatus(about)),
		beside(8, unreadable(about), stillness(about)),
	)
}

func installs(about scope) panel {
	return table("Installs", "Time left comes from the speed of the last 30 minutes.",
		label("target", "Target"),
		value("State", about.state(), word).meaning(stateNames()),
		value("Progress", perJob(about.recently("progress_total_ratio")), share).bar(),
		value("Nodes done", perJob(about.recently("progress_nodes_completed")), number),
		value("Nodes", perJob(about.recently("progress_nodes")), number),
		value("Time left", about.remaining(), seconds),
		value("Last change", about.date("progress_last_change_timestamp_seconds"), ago),
		value("Ended", about.date("progress_end_timestamp_seconds"), ago),
	)
}

// nodes looks back for the bars, but not for the errors: an error that is over must
// not stay.
func nodes(about scope) panel {
	node := []string{"node_guid", "node_name", "node_type"}
	return table("Nodes", "How far each node is, and what is wrong with it. A node that could not be read stays for 10 minutes.",
		label("target", "Target"),
		label("node_name", "Node"),
		label("node_type", "Type"),
		value("Progress", perJob(about.recently("progress_node_ratio"), node...), share).bar(),
		label("error_code", "Error"),
		words(perJob(about.of("progress_node_error"), append(node, "error_code")...)),
		label("node_guid", ""),
	)
}

func installStatus(about scope) panel {
	said := fmt.Sprintf("%s == 1", perJob(about.of("progress_logpresso_install_status"), "status"))
	cancelled := fmt.Sprintf("%s == 1", perJob(about.of("progress_logpresso_cancelled")))
	return timeline("What the product says", "The product's own status of each install, and whether it is cancelled, which counts more than the status.", present("blue"),
		curve(said, "{{target}} {{job_id}} {{status}}"), curve(cancelled, "{{target}} {{job_id}} is_cancelled"))
}
