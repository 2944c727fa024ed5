package main

import "fmt"

// own selects a metric of the exporter itself, which has no target.
func own(metric string) string { return metric + `{instance=~"$instance"}` }

// each keeps one series for each exporter and value of the labels.
func each(metric, labels string) string {
	return fmt.Sprintf("max by (instance%s) (%s)", labels, own(metric))
}

// exporters is a row for each exporter.
func exporters() panel {
	return table("Exporters", "Each exporter: its version, its configuration, what it reads, and whether the memory file could be written, if it has one. After a failed reload the configuration before it stays in use; the log says what is wrong with the new one. An instance leads to this dashboard as it is about that exporter alone.",
		label("instance", "Instance").least(150).leads("Only what ${__value.text} reads",
			"/d/"+uid(overviewName)+"?${datasource:queryparam}&var-instance=${__value.text:percentencode}&${__url_time_range}"),
		label("version", "Version").px(90),
		words(each("progress_exporter_build_info", ", version")),
		value("Reload", each("progress_exporter_config_last_reload_successful", ""), word).meaning(fine()).px(80),
		value("Configured", each("progress_exporter_config_last_reload_success_timestamp_seconds", "")+" * 1000", ago).px(115),
		value("Targets", each("progress_exporter_targets", ""), number).px(75),
		value("Remembered", each("progress_exporter_jobs", ""), number).px(105),
		value("Memory", each("progress_exporter_memory_file_last_write_successful", ""), word).meaning(fine()).px(80),
		value("Memory of", each("progress_exporter_memory_file_last_write_timestamp_seconds", "")+" * 1000", ago).px(115),
	).sorted("Instance").without("No exporter is scraped on /metrics.")
}

// files is a row for each file of target_files.
func files() panel {
	return table("Target files", "Whether each target file is in use as it stands. If not, what it held before stays, or it is left out; the log has the reason.",
		label("instance", "Instance").least(130),
		label("file", "File").least(180),
		value("Loaded", each("progress_exporter_target_file_last_load_successful", ", file"), word).meaning(fine()).px(90),
	).sorted("Loaded").without("There are no target_files.")
}

func dropped() panel {
	return curves("Series left out", "Series left out of what the products sent, in a minute, by reason: too many, twice the same, out of range, or a label that is taken. And fields of answers that are not what the product documents, by what they should be; the log names them.", perMin,
		curve(fmt.Sprintf("sum by (reason) (%s)", perMinute(own("progress_exporter_dropped_series_total"))), "{{reason}}"),
		curve(fmt.Sprintf("sum by (api, kind) (%s) > 0", perMinute(own("progress_exporter_unreadable_fields_total"))), "unreadable {{kind}} of {{api}}")).positive()
}

// missed is what scrapes did not get in time, and who was turned away.
func missed() panel {
	return curves("Late and refused", "In a minute: reads that were late for a scrape, because the product did not answer or they could not be begun, and requests that were refused because too many of their kind were being answered.", perMin,
		curve(fmt.Sprintf("sum by (cause) (%s)", perMinute(own("progress_exporter_late_reads_total"))), "{{cause}}"),
		curve(fmt.Sprintf("sum by (handler) (%s)", perMinute(own("progress_exporter_refused_requests_total"))), "refused {{handler}}")).positive()
}

// failures counts in the exporter, whichever target was asked.
func failures() panel {
	expr := fmt.Sprintf("sum by (api, reason) (%s) > 0", perMinute(`progress_exporter_read_failures_total{instance=~"$instance",api=~"$api"}`))
	return curves("Failed reads by reason", "Reads that failed, in a minute, by product and reason.", perMin, curve(expr, "{{api}} {{reason}}")).positive().without("No read failed in this time.")
}

func readTimes(all scope) panel {
	return curves("Time of a read", "How long the last read of a target took: those of the 20 slowest.", exact,
		curve(fmt.Sprintf("topk(20, %s)", perJob(all.of("progress_scrape_duration_seconds"))), "{{target}} {{job_id}}")).positive()
}

func reads(all scope) panel {
	return curves("Reads", "How often the products are asked, in a minute, and how often in vain.", perMin,
		curve(fmt.Sprintf("sum by (api) (%s)", perMinute(all.of("progress_scrapes_total"))), "{{api}}"),
		curve(fmt.Sprintf("sum by (api) (%s)", perMinute(all.of("progress_scrape_errors_total"))), "{{api}} failed")).positive()
}
