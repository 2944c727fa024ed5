package main

import "fmt"

// ses is the dashboard of rolling upgrades at NAVER Cloud.
func ses() dashboard {
	about := product("ses")
	return newDashboard("ses", "Progress / NAVER Cloud Search Engine Service",
		"The rolling upgrades of clusters of NAVER Cloud's Search Engine Service, node by node.",
		about, productVariables("ses"),
		beside(9, clusters(about)),
		beside(10, clusterNodes(about).wide(16), nodePhases(about)),
		beside(14, states(about)),
		beside(9, progressOverTime(about), stillness(about)),
		beside(8, unreadable(about), errorCodes(about)),
	)
}

func clusters(about scope) panel {
	return table("Clusters, those in trouble first", rangeDescription+"Both need nodes that were done lately. Progress: the share of the nodes that are done, as the product has no other measure. "+kindsDescription,
		state(about.jobKind()),
		label("target", "Target").least(150),
		label("cluster_name", "Cluster").least(110),
		label("current_version", "From").px(85),
		label("target_version", "To").px(85),
		words(about.info("cluster_name", "current_version", "target_version")),
		value("Nodes done", perJob(about.recently("progress_nodes_completed")), number).px(95),
		value("Nodes", perJob(about.recently("progress_nodes")), number).px(70),
		value("Progress", perJob(about.recently("progress_total_ratio")), share).bar().px(140),
		timeLeft(about.leftToJob),
		leftAtLeast(about.leftToJob),
		leftAtMost(about.leftToJob),
		value("Requested", about.date("progress_start_timestamp_seconds"), ago).px(120),
		value("Last change", about.date("progress_last_change_timestamp_seconds"), ago).px(125),
	).sorted("State", "Target").without("No cluster is read, or none is chosen.")
}

// clusterNodes has bars for time, as the product says of a node no more than a word
// and a date. A node that waits has had its status since long before the upgrade:
// a bar for that would make the others invisible.
func clusterNodes(about scope) panel {
	updated := perJob(about.of("progress_ses_node_updated_timestamp_seconds"), "node_name")
	began := perJob(about.of("progress_start_timestamp_seconds"))
	taken := fmt.Sprintf("time() - (%s >= on (%s) group_left () %s)", updated, identity, began)
	return table("Nodes", "The product's own word for each node, and for how long it has been that, if it changed since the upgrade was requested.",
		label("target", "Target").least(150),
		label("node_name", "Node").least(110),
		label("node_type", "Role").px(100),
		label("status", "Status").least(120),
		words(perJob(about.of("progress_node_status"), "node_name", "node_type", "status")),
		value("For", taken, span).longest().px(190),
		value("Since", about.date("progress_ses_node_updated_timestamp_seconds", "node_name"), timestamp).px(160),
	).sorted("Target", "Node").without("No cluster names its nodes.")
}

func nodePhases(about scope) panel {
	return curves("Nodes by phase", "The nodes of all clusters, by how the exporter reads their status. Unknown: a word that states: maps to unknown.", number,
		curve(fmt.Sprintf("sum by (phase) (%s)", perJob(about.of("progress_ses_nodes"), "phase")), "{{phase}}")).filled().
		colored(said{"waiting", pending()}, said{"working", running()}, said{"done", succeeded()}, said{"failed", failed()}, said{"unknown", unknown()}).
		without("No cluster is upgraded.")
}
