package main

import (
	"fmt"

	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
)

// overviewName is the overview's, as the links of the others know it.
const overviewName = "overview"

// overview is the dashboard of all jobs.
func overview() dashboard {
	all := everything()
	variables := []variable{
		instances(),
		pick("api", "Product", `progress_up{instance=~"$instance"}`),
		pick("target", "Target", `progress_up{instance=~"$instance",api=~"$api"}`),
	}
	return newDashboard(overviewName, "Progress / Overview",
		"Every job that progress_exporter reads: what is in trouble, and why, when the others will be done, and whether that is in time.",
		all, variables,
		beside(4, counts(all).wide(20), doneIn(all)),
		beside(13, jobs(all)),
		beside(8, firing(all), unreadable(all)),
		beside(14, history(all)),
		beside(10, allProgress(all).besides()),
		folded("Errors and standstill", beside(8, errorCodes(all), appeared(all)), beside(8, stillness(all).besides())),
		folded("Reading the products", beside(8, failures(), missed(), readTimes(all), reads(all))),
		folded("Exporter", beside(7, exporters().wide(14), files()), beside(7, dropped())),
	)
}

// counts are how many rows of the table are of which kind: they add up to all.
func counts(all scope) panel {
	kind := all.rowKind()
	count := func(name, first, last string) tile {
		low, high := kindNumber(first), kindNumber(last)
		within := fmt.Sprintf("== %d", low)
		if high > low {
			within = fmt.Sprintf(">= %d <= %d", low, high)
		}
		return tile{name, fmt.Sprintf("count((%s) %s) or vector(0)", kind, within), first}
	}
	one := func(name, word string) tile { return count(name, word, word) }
	tiles := []tile{
		one("Failed", failed()), one("Stalled", palette.Stalled), one("Cannot be read", palette.CannotBeRead), one("Late", palette.Late),
		count("Other", unknown(), progress.Cancelled.String()), one("Ready", ready()), one("Running", running()),
		count("Waiting", pending(), paused()), one("Succeeded", succeeded()), one("No job", none()),
		{"All", fmt.Sprintf("count(%s) or vector(0)", all.rows()), none()},
	}
	return strip("Jobs by state", "How many rows of the table below are in which state; each is counted once, so that they add up to all. Running: in time, as far as anybody knows. "+
		"Ready: waits for its operator, as a mongosync that may be committed. Waiting: pending or paused. Other: cancelled, or in a state that the product does not document. "+
		"No job: the product knows of none, any more or yet.", number, tiles...)
}

// doneIn is when the next and the last of the running jobs will be done.
func doneIn(all scope) panel {
	return strip("Done in", "The least and the most time that a job still needs, of those that have a time left.", exact,
		tile{"Next", fmt.Sprintf("min(%s)", all.remaining(likely)), running()}, tile{"Last", fmt.Sprintf("max(%s)", all.remaining(likely)), running()},
	).quiet().rounded().without("–")
}

// history is the timeline of all rows.
func history(all scope) panel {
	return timeline("State over time", "What each job or migration was, by the time. "+kindsDescription,
		kindNames(), curve(all.rowKind(), "{{name}} {{id}}")).coarse().without("No job was read in this time.")
}

func allProgress(all scope) panel {
	return curves("Progress over time", "How much of each job is done, and of each migration by all of its processes.", share,
		curve(all.ratio(), "{{name}} {{id}}")).between(0, 1).coarse().without("No product reported how far its job was.")
}

// appeared is how often error codes appeared. A code that the vendor does not
// document begins at 1, which increase does not count.
func appeared(all scope) panel {
	sum := func(counter, of string) string {
		return fmt.Sprintf(`label_replace(sum by (api, error_code) (%s) > 0, "of", %q, "", "")`, grown(all.of(counter)), of)
	}
	return table("Error codes that appeared", "How often the documented error codes of a job or a node appeared, in the time of the dashboard.",
		label("api", "Product").px(105),
		label("of", "Of a").px(80),
		label("error_code", "Error code").least(180),
		value("Times", sum("progress_job_errors_total", "job")+" or "+sum("progress_node_errors_total", "node"), number).decimals(0).px(90),
	).falling("Times").without("No documented error code appeared in this time.")
}
