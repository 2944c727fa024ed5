// Package families is what the metric families of the targets are called, what they say
// and which labels they have: the one place where that is written down.
package families

import (
	"progress_exporter/collector/progress"
)

// Family is one metric family of the targets.
type Family struct {
	Name   string   // with unit and suffix
	Help   string   // one sentence
	Kind   Kind     // gauge or counter
	Labels []string // beside target, api and the target's own
}

// ID is an index into the table of families. The families that a product
// brings follow those that all products have.
type ID int

// The families that every product has, and their names in the exposition.
const (
	Up             ID = iota // progress_up
	ScrapeDuration           // progress_scrape_duration_seconds
	LastRead                 // progress_last_read_timestamp_seconds
	ScrapeFailure            // progress_scrape_failure
	Scrapes                  // progress_scrapes_total
	ScrapeErrors             // progress_scrape_errors_total
	ListedJobs               // progress_listed_jobs
	CutJobs                  // progress_listed_jobs_cut
	State                    // progress_state
	TotalRatio               // progress_total_ratio
	NodeRatio                // progress_node_ratio
	NodeStatus               // progress_node_status
	Nodes                    // progress_nodes
	NodesCompleted           // progress_nodes_completed
	JobError                 // progress_job_error
	NodeError                // progress_node_error
	JobErrors                // progress_job_errors_total
	NodeErrors               // progress_node_errors_total
	Lag                      // progress_lag_time_seconds
	CopiedBytes              // progress_estimated_copied_bytes
	TotalBytes               // progress_estimated_total_bytes
	Start                    // progress_start_timestamp_seconds
	Ended                    // progress_ended
	End                      // progress_end_timestamp_seconds
	FirstSeen                // progress_first_seen_timestamp_seconds
	LastChange               // progress_last_change_timestamp_seconds
	WorkHash                 // progress_work_hash
	Standstill               // progress_standstill_start_timestamp_seconds
	Stalled                  // progress_stalled
	StallThreshold           // progress_stall_threshold_seconds
	EstimatedEnd             // progress_estimated_end_timestamp_seconds
	Deadline                 // progress_deadline_timestamp_seconds
	JobInfo                  // progress_job_info
	OwnFirst                 // the first of the products' own
)

// Kind is the type of a metric.
type Kind int

// The kinds of metrics that there are.
const (
	Gauge   Kind = iota // Gauge goes up and down
	Counter             // Counter only rises, until the exporter forgets it
)

// String returns what Prometheus calls it.
func (k Kind) String() string { return [...]string{"gauge", "counter"}[k] }

// Common returns the families that every product has.
func Common() []Family {
	node := []string{"node_guid", "node_name", "node_type"}
	nodeAnd := func(label string) []string { return append(node[:3:3], label) }
	return []Family{
		Up:             {"progress_up", "Whether the last read reached the product and was understood.", Gauge, nil},
		ScrapeDuration: {"progress_scrape_duration_seconds", "How long the last read of the target took.", Gauge, nil},
		LastRead:       {"progress_last_read_timestamp_seconds", "When the last good read of the target was made.", Gauge, nil},
		ScrapeFailure: {"progress_scrape_failure", "1 while the target cannot be read, with the reason and the product's own name for its error.",
			Gauge, []string{"reason", "error_code"}},
		Scrapes:      {"progress_scrapes_total", "Reads of the target.", Counter, nil},
		ScrapeErrors: {"progress_scrape_errors_total", "Reads of the target that failed.", Counter, nil},
		ListedJobs: {"progress_listed_jobs", "Jobs of a list that have series: those in it, and those that left it within the last hour. Only of a target that lists jobs.",
			Gauge, nil},
		CutJobs: {"progress_listed_jobs_cut", "Jobs in the list that have no series, because there are more than max_jobs, as of the last good read. Only of a target that lists jobs.",
			Gauge, nil},
		State:      {"progress_state", "The state of the job: exactly one is 1. A word that the product does not document is unknown.", Gauge, []string{"state"}},
		TotalRatio: {"progress_total_ratio", "Progress of the whole job, 0 to 1. Absent if the product does not report it.", Gauge, nil},
		NodeRatio:  {"progress_node_ratio", "Progress of a node, 0 to 1. Absent if the product does not report it.", Gauge, node},
		NodeStatus: {"progress_node_status", "The product's own word for a node's status, in the label; always 1.", Gauge, nodeAnd("status")},
		Nodes:      {"progress_nodes", "Nodes that take part in the job.", Gauge, nil},
		NodesCompleted: {"progress_nodes_completed", "Nodes that are done.",
			Gauge, nil},
		JobError:  {"progress_job_error", "1 while the product reports this error code for the job.", Gauge, []string{"error_code"}},
		NodeError: {"progress_node_error", "1 while the product reports this error code for a node.", Gauge, nodeAnd("error_code")},
		JobErrors: {"progress_job_errors_total", "How often the error code of the job appeared. Begins at 0 when an exporter without --memory.file starts: an error that is still present then counts once more.",
			Counter, []string{"error_code"}},
		NodeErrors: {"progress_node_errors_total", "How often the error code appeared on any node of the job. Begins at 0 when an exporter without --memory.file starts: an error that is still present then counts once more.",
			Counter, []string{"error_code"}},
		Lag:         {"progress_lag_time_seconds", "By how much the copy is behind its source. Absent while the product does not report it.", Gauge, nil},
		CopiedBytes: {"progress_estimated_copied_bytes", "Estimate of the bytes copied so far, by this process.", Gauge, nil},
		TotalBytes:  {"progress_estimated_total_bytes", "Estimate of the bytes to copy, by the whole migration; it may move.", Gauge, nil},
		Start:       {"progress_start_timestamp_seconds", "When the job began, as the product reports it.", Gauge, nil},
		Ended:       {"progress_ended", "1 once the job was seen ended, until it goes on or another run takes its place; 0 before. Stays after failed reads and when the product forgot the job. Absent until the first good read.", Gauge, nil},
		End:         {"progress_end_timestamp_seconds", "When the exporter first saw the job ended. Stays after the product forgot the job. Absent if the job was over when the exporter first saw it.", Gauge, nil},
		FirstSeen: {"progress_first_seen_timestamp_seconds", "When the exporter first saw this run of the job. Another token or command is another run.",
			Gauge, nil},
		LastChange: {"progress_last_change_timestamp_seconds", "When the exporter last saw the job's work move; the first good read of a job counts as movement. An exporter without --memory.file forgets it at a restart.",
			Gauge, nil},
		WorkHash: {"progress_work_hash", "A number that changes when work moves and depends on nothing but the product's answer.",
			Gauge, nil},
		Standstill: {"progress_standstill_start_timestamp_seconds", "Since when the job has stood still although it should move. Absent while it may stand still: it waits for its operator, is paused or ended, or the product shows no movement of what it does now.",
			Gauge, nil},
		Stalled: {"progress_stalled", "1 while the job has not moved for longer than stall_after although it should, else 0. The targets of one migration stall together. Absent with stall_after 0, and while another process of the migration is not known.",
			Gauge, nil},
		StallThreshold: {"progress_stall_threshold_seconds", "Without movement for so long the job counts as stalled (stall_after). Absent if it never does.", Gauge, nil},
		EstimatedEnd: {"progress_estimated_end_timestamp_seconds", "When what the ratio counts will be done. likely: at the speed of the last half hour, or of six hours for what moves seldom; early and late: the range that the speeds of the job so far leave open. After three runs of the target that ended well: as those went, if this one is like them. Absent while the job does not run, has stalled, or was not watched long enough to trust it.",
			Gauge, []string{"bound"}},
		Deadline: {"progress_deadline_timestamp_seconds", "When the job has to be done (deadline).", Gauge, nil},
		JobInfo:  {"progress_job_info", "What identifies the job, in labels that depend on the product; always 1.", Gauge, nil},
	}
}

// Own returns the families that a product brings.
func Own(api *progress.API) []Family {
	families := make([]Family, len(api.Families))
	for i, f := range api.Families {
		families[i] = Family{api.MetricPrefix() + f.Name, f.Help, Gauge, f.Labels}
	}
	return families
}
