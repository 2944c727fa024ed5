package main

import "fmt"

// own selects a metric of the exporter itself, which has no target.
func own(metric string) string { return metric + `{instance=~"$instance"}` }

// each keeps one series for each exporter and value of the labels.
func each(metric, labels string) string {
	return fmt.Sprintf("max by (instance%s) (%s)", labels, own(metric))
}

// loaded says whether something was loaded.
func loaded() mapping {
	return flag(mapped{Text: "failed", Color: "red"}, mapped{Text: "fine", Color: "green"})
}

// exporters is a row for each exporter.
func exporters() panel {
	return table("Exporters", "Each exporter: its version, its configuration, what it reads, and whether the memory file could be written, if it has one. After a failed reload the configuration before it stays in use; the log says what is wrong with the new one.",
		label("instance", "Instance"),
		label("version", "Version"),
		words(each("progress_exporter_build_info", ", version")),
		value("Last reload", each("progress_exporter_config_last_reload_successful", ""), word).meaning(loaded()),
		value("Configuration of", each("progress_exporter_config_last_reload_success_timestamp_seconds", "")+" * 1000", ago),
		value("Targets", each("progress_exporter_targets", ""), number),
		value("Jobs remembered", each("progress_exporter_jobs", ""), number),
		value("Memory file", each("progress_exporter_memory_file_last_write_successful", ""), word).meaning(loaded()),
		value("Memory of", each("progress_exporter_memory_file_last_write_timestamp_seconds", "")+" * 1000", ago),
	)
}

// files is a row for each file of target_files.
func files() panel {
	return table("Target files", "Whether each target file is in use as it stands. If not, what it held before stays, or it is left out; the log says why. Empty without target_files.",
		label("instance", "Instance"),
		label("file", "File"),
		value("Loaded", each("progress_exporter_target_file_last_load_successful", ", file"), word).meaning(loaded()),
	)
}

func dropped() panel {
	return curves("Series left out", "Series left out of what the products sent, by reason: too many, twice the same, out of range, or a label that is taken.", number,
		curve(fmt.Sprintf("sum by (reason) (%s)", grown(own("progress_exporter_dropped_series_total"))), "{{reason}}")).stacked()
}

// missed is what scrapes did not get in time, and who was turned away.
func missed() panel {
	return curves("Late and refused", "Reads that were late for a scrape, because the product did not answer or they could not be begun, and requests that were refused because too many of their kind were being answered.", number,
		curve(fmt.Sprintf("sum by (cause) (%s)", grown(own("progress_exporter_late_reads_total"))), "{{cause}}"),
		curve(fmt.Sprintf("sum by (handler) (%s)", grown(own("progress_exporter_refused_requests_total"))), "refused {{handler}}")).stacked()
}
