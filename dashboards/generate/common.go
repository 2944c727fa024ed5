package main

import (
	"fmt"
	"strconv"

	"progress_exporter/collector/palette"
)

// family is the tag that all dashboards have, by which they find each other.
const family = "progress_exporter"

// uid is the name of a dashboard in addresses.
func uid(name string) string { return "progress-" + name }

// newDashboard makes what all dashboards have: variables, annotations, links.
func newDashboard(name, title, description string, about scope, variables []variable, lines ...line) dashboard {
	links := []link{{Type: "dashboards", Title: "Progress dashboards", Icon: "external link", Tags: []string{family}, AsDropdown: true, KeepTime: true}}
	if name != overviewName {
		links = append([]link{{Type: "link", Title: "Overview", Icon: "dashboard", Tags: []string{}, KeepTime: true,
			URL: fmt.Sprintf("/d/%s?${datasource:queryparam}", uid(overviewName))}}, links...)
	}
	return dashboard{
		UID: uid(name), Title: title, Description: description, Tags: []string{family},
		Editable: true, GraphTooltip: 1, Refresh: "30s", SchemaVersion: schemaVersion,
		Time: period{"now-6h", "now"}, Timezone: "browser",
		Links:       links,
		Annotations: annotations{marks(about)},
		Templating:  templating{append([]variable{sourceVariable()}, variables...)},
		Panels:      arrange(lines...),
	}
}

// marks are the beginnings and ends of jobs, and alerts: off until somebody wants them,
// because those of a whole fleet are a line through every panel for each.
func marks(about scope) []annotation {
	mark := func(name, expr, color string) annotation {
		return annotation{
			Name: name, Datasource: prometheus(), Expr: expr, IconColor: color,
			Step: "60s", TagKeys: "api,target", TitleFormat: "{{target}}: " + name, UseValueForTime: true,
		}
	}
	alerts := mark("alerts", alerting(about), color(palette.Late))
	alerts.UseValueForTime, alerts.TitleFormat, alerts.TagKeys = false, "{{alertname}} {{target}}", "severity,api,target"
	return []annotation{
		mark("job began", about.began(), color(running())),
		mark("job ended", about.date("progress_end_timestamp_seconds"), color(succeeded())),
		alerts,
	}
}

// began is when each job began, in milliseconds: as its product says, or when it was
// first seen to run where the product does not. A failed read is no beginning.
func (s scope) began() string {
	run := s.of("progress_state", `state="running"`)
	before := fmt.Sprintf("last_over_time(%s[%s] offset 1m)", run, lookBack)
	seen := fmt.Sprintf("(%s == 1 unless %s == 1) * 0 + time()", perJob(run), perJob(before))
	return fmt.Sprintf("(%s or %s) * 1000", perJob(s.of("progress_start_timestamp_seconds")), seen)
}

// alerting keeps the alerts of the rules that fire, one for each job.
func alerting(about scope) string {
	return fmt.Sprintf("max by (severity, alertname, api, target, job_id) (%s)", about.of("ALERTS", `alertname=~"Progress.*"`, `alertstate="firing"`))
}

// firing is the list of alerts, the worst first: a severity is a number in the query and
// a word in the cell, since the words are not sorted by what they mean.
func firing(about scope) panel {
	since := fmt.Sprintf("max by (severity, alertname, api, target, job_id) (%s and ignoring (alertstate) %s) * 1000",
		about.of("ALERTS_FOR_STATE", `alertname=~"Progress.*"`), about.of("ALERTS", `alertname=~"Progress.*"`, `alertstate="firing"`))
	severities := mapping{Type: "value", Options: map[string]mapped{}}
	for i, severity := range []said{{"critical", failed()}, {"warning", palette.Stalled}, {"info", pending()}} {
		number := strconv.Itoa(i + 1)
		severities.Options[number] = mapped{Text: severity.word, Color: color(severity.kind), Index: i}
		since = fmt.Sprintf(`label_replace(%s, "urgency", %q, "severity", %q)`, since, number, severity.word)
	}
	return table("Firing alerts", "What Prometheus' rules of progress_exporter report now, and since when.",
		label("urgency", "Severity").meaning(severities).px(100),
		label("severity", ""),
		label("alertname", "Alert").least(220),
		label("target", "Target").least(150),
		label("api", "Product").px(105),
		value("Since", since, ago).px(130),
	).sorted("Severity", "Alert").without("No alert is firing, or Prometheus has not loaded dashboards/alerts/progress.rules.yml.")
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
// their place. An exporter without targets on /metrics has no progress_up. No panel
// tells exporters apart but those about them, so it takes no room: the table of
// exporters leads to a dashboard of one.
func instances() variable {
	v := pick("instance", "Instance", `{__name__=~"progress_up|progress_exporter_targets"}`)
	v.Hide = 2
	return v
}

// productVariables are those of a dashboard about one product.
func productVariables(api string) []variable {
	return []variable{instances(), pick("target", "Target", fmt.Sprintf(`progress_up{instance=~"$instance",api=%q}`, api))}
}
