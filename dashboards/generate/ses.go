package main

import "fmt"

// ses is the dashboard of rolling upgrades at NAVER Cloud.
func ses() dashboard {
	about := product("ses")
	return newDashboard("Progress / NAVER Cloud Search Engine Service",
		"The rolling upgrades of clusters of NAVER Cloud's Search Engine Service, node by node.",
		about, productVariables("ses"),
		beside(7, states(about).wide(16), progressBars("Nodes done",
			"The share of each cluster's nodes that are done: the product has no other measure. A cluster that could not be read keeps its bar for 10 minutes.",
			perJob(about.recently("progress_total_ratio")), "{{target}} {{job_id}}")),
		beside(7, clusters(about)),
		beside(10, clusterNodes(about).wide(14), nodePhases(about)),
		beside(8, unreadable(about), stillness(about)),
	)
}

func clusters(about scope) panel {
	return table("Clusters", "Time left comes from the speed of the last 30 minutes. It needs a node that was done in that time.",
		label("target", "Target"),
		label("cluster_name", "Cluster"),
		label("current_version", "From version"),
		label("target_version", "To version"),
		words(perJob(about.of("progress_job_info"), "cluster_name", "current_version", "target_version")),
		value("State", about.state(), word).meaning(stateNames()),
		value("Nodes done", perJob(about.recently("progress_nodes_completed")), number),
		value("Nodes", perJob(about.recently("progress_nodes")), number),
		value("Progress", perJob(about.recently("progress_total_ratio")), share).bar(),
		value("Time left", about.remaining(), seconds),
		value("Requested", about.date("progress_start_timestamp_seconds"), ago),
		value("Last change", about.date("progress_last_change_timestamp_seconds"), ago),
	)
}

// clusterNodes has bars for time, as the product says of a node no more than a word
// and a date. A node that waits has had its status since long before the upgrade:
// a bar for that would make the others invisible.
func clusterNodes(about scope) panel {
	updated := perJob(about.of("progress_ses_node_updated_timestamp_seconds"), "node_name")
	began := perJob(about.of("progress_start_timestamp_seconds"))
	taken := fmt.Sprintf("time() - (%s >= on (%s) group_left () %s)", updated, identity, began)
	return table("Nodes", "The product's own word for each node, and for how long it has been that, if it changed since the upgrade was requested.",
		label("target", "Target"),
		label("node_name", "Node"),
		label("node_type", "Role"),
		label("status", "Status"),
		words(perJob(about.of("progress_node_status"), "node_name", "node_type", "status")),
		value("For", taken, seconds).gauge().with(property{ID: "min", Value: 0}),
		value("Since", about.date("progress_ses_node_updated_timestamp_seconds", "node_name"), date),
	)
}

func nodePhases(about scope) panel {
	return curves("Nodes by phase", "The nodes of all clusters, by how the exporter reads their status. Unknown: a word that states: says to be unknown.", number,
		curve(fmt.Sprintf("sum by (phase) (%s)", perJob(about.of("progress_ses_nodes"), "phase")), "{{phase}}")).filled()
}
