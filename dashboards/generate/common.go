package main

import "fmt"

// family is the tag that all dashboards have, by which they find each other.
const family = "progress_exporter"

// newDashboard makes what all dashboards have: variables, annotations, links.
func newDashboard(title, description string, about scope, variables []variable, lines ...line) dashboard {
	return dashboard{
		Title: title, Description: description, Tags: []string{family},
		Editable: true, GraphTooltip: 1, Refresh: "30s", SchemaVersion: schemaVersion,
		Time: span{"now-6h", "now"}, Timezone: "browser",
		Links:       []link{{Type: "dashboards", Title: "Progress dashboards", Tags: []string{family}, IncludeVars: true, KeepTime: true}},
		Annotations: annotations{marks(about)},
		Templating:  templating{append([]variable{sourceVariable()}, variables...)},
		Panels:      arrange(lines...),
	}
}

// marks are the beginnings and ends of jobs.
func marks(about scope) []annotation {
	mark := func(name, expr, color string) annotation {
		return annotation{
			Name: name, Datasource: prometheus(), Enable: true, Expr: expr, IconColor: color,
			Step: "60s", TagKeys: "api,target", TitleFormat: "{{target}}: " + name, UseValueForTime: true,
		}
	}
	return []annotation{
		mark("job began", about.began(), "blue"),
		mark("job ended", about.date("progress_end_timestamp_seconds"), "green"),
	}
}

func sourceVariable() variable {
	return variable{Name: "datasource", Label: "Data source", Type: "datasource", Query: "prometheus", Refresh: 1, Current: map[string]any{}}
}

// pick is a variable with the values of a label that the series have. All of them
// includes the series without the label.
func pick(name, title, series string) variable {
	source := prometheus()
	q := fmt.Sprintf("label_values(%s, %s)", series, name)
	return variable{
		Name: name, Label: title, Type: "query", Datasource: &source, Definition: q,
		Query: variableQuery{Kind: 1, Query: q, RefID: "PrometheusVariableQueryEditor-VariableQuery"}, Refresh: 2, Sort: 1,
		Multi: true, IncludeAll: true, AllValue: ".*",
		Current: map[string]any{"text": []string{"All"}, "value": []string{"$__all"}},
	}
}

// instances is the variable of the exporters or, with /probe, of what stands in
// their place. An exporter without targets on /metrics has no progress_up.
func instances() variable {
	return pick("instance", "Instance", `{__name__=~"progress_up|progress_exporter_targets"}`)
}

// productVariables are those of a dashboard about one product.
func productVariables(api string) []variable {
	return []variable{instances(), pick("target", "Target", fmt.Sprintf(`progress_up{instance=~"$instance",api=%q}`, api))}
}

// states is the timeline that every dashboard has.
func states(about scope) panel {
	return timeline("State", "The state of each job. Stalled: it runs, but has not moved for its stall_after. Not readable: the last read failed; what the job does is unknown.",
		stateNames(), curve(about.state(), "{{target}} {{job_id}}"))
}

// progressBars is a bar for each job, or whatever the legend names.
func progressBars(title, description, ratio, legend string) panel {
	return bars(title, description, share, now(ratio, legend)).between(0, 1).limited("blue", from(1, "green"))
}

// stillness is how near the running jobs are to count as stalled.
func stillness(about scope) panel {
	expr := fmt.Sprintf("(%s - %s) / %s", about.of("progress_last_read_timestamp_seconds"), about.of("progress_standstill_start_timestamp_seconds"), about.of("progress_stall_threshold_seconds"))
	return curves("Time without movement, of the time allowed", "How long each job has not moved although it should, as a share of its stall_after. At 100 % it has stalled.",
		share, curve(perJob(expr), "{{target}} {{job_id}}")).positive().limited("green", from(1, "orange"))
}

// unreadable is who cannot be read, and why.
func unreadable(about scope) panel {
	down := fmt.Sprintf(" and on (%s) %s == 0", identity, perJob(about.of("progress_up")))
	return table("Cannot be read", "Targets whose last read failed, and why. The log of the exporter and /probe?target=NAME&debug=true say more.",
		label("target", "Target"),
		label("reason", "Reason"),
		label("error_code", "The product's code"),
		words(perJob(about.of("progress_scrape_failure"), "reason", "error_code")),
		value("Last good read", about.date("progress_last_read_timestamp_seconds")+down, ago),
		value("Failed reads", perJob(fmt.Sprintf("increase(%s[$__range])", about.of("progress_scrape_errors_total")))+down, number).with(property{ID: "decimals", Value: 0}),
	)
}

// errorCodes is which codes a product reports, and since when.
func errorCodes(queries ...query) panel {
	return timeline("Error codes", "What the product reports to be wrong, for as long as it does.", present("red"), queries...)
}

func jobErrors(about scope) query {
	return curve(perJob(about.of("progress_job_error"), "error_code"), "{{target}} {{job_id}} {{error_code}}")
}

func nodeErrors(about scope) query {
	return curve(perJob(about.of("progress_node_error"), "node_name", "error_code"), "{{target}} {{job_id}} {{node_name}} {{error_code}}")
}
