package series

import (
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/progress"
)

// Family is one metric family of the targets: the one place where its name, its
// help and its type are written down.
type Family struct {
	Name, Help string
	Kind       dto.MetricType
	Labels     []string // beside target, api and the target's own
}

// familyID is an index into the table of families. The families that a product
// brings follow those that all products have.
type familyID int

const (
	famUp familyID = iota
	famScrapeDuration
	famLastRead
	famScrapeFailure
	famScrapes
	famScrapeErrors
	famState
	famTotalRatio
	famNodeRatio
	famNodeStatus
	famNodes
	famNodesCompleted
	famJobError
	famNodeError
	famJobErrors
	famNodeErrors
	famLag
	famCopiedBytes
	famTotalBytes
	famStart
	famEnded
	famEnd
	famFirstSeen
	famLastChange
	famWorkHash
	famStandstill
	famStalled
	famStallThreshold
	famEstimatedEnd
	famDeadline
	famJobInfo
	famOwn // the first of the products' own
)

const (
	gaugeKind   = dto.MetricType_GAUGE
	counterKind = dto.MetricType_COUNTER
)

// CommonFamilies returns the families that every product has.
func CommonFamilies() []Family {
	node := []string{"node_guid", "node_name", "node_type"}
	nodeAnd := func(label string) []string { return append(node[:3:3], label) }
	return []Family{
		famUp:             {"progress_up", "Whether the last read reached the product and was understood.", gaugeKind, nil},
		famScrapeDuration: {"progress_scrape_duration_seconds", "How long the last read of the target took.", gaugeKind, nil},
		famLastRead:       {"progress_last_read_timestamp_seconds", "When the last good read of the target was made.", gaugeKind, nil},
		famScrapeFailure: {"progress_scrape_failure", "1 while the target cannot be read, with the reason and the product's own name for its error.",
			gaugeKind, []string{"reason", "error_code"}},
		famScrapes:      {"progress_scrapes_total", "Reads of the target.", counterKind, nil},
		famScrapeErrors: {"progress_scrape_errors_total", "Reads of the target that failed.", counterKind, nil},
		famState:        {"progress_state", "The state of the job: exactly one is 1. A word that the product does not document is unknown.", gaugeKind, []string{"state"}},
		famTotalRatio:   {"progress_total_ratio", "Progress of the whole job, 0 to 1. Absent if the product does not say.", gaugeKind, nil},
		famNodeRatio:    {"progress_node_ratio", "Progress of a node, 0 to 1. Absent if the product does not say.", gaugeKind, node},
		famNodeStatus:   {"progress_node_status", "The product's own word for a node's status, in the label; always 1.", gaugeKind, nodeAnd("status")},
		famNodes:        {"progress_nodes", "Nodes that take part in the job.", gaugeKind, nil},
		famNodesCompleted: {"progress_nodes_completed", "Nodes that are done.",
			gaugeKind, nil},
		famJobError:  {"progress_job_error", "1 while the product reports this error code for the job.", gaugeKind, []string{"error_code"}},
		famNodeError: {"progress_node_error", "1 while the product reports this error code for a node.", gaugeKind, nodeAnd("error_code")},
		famJobErrors: {"progress_job_errors_total", "How often the error code of the job appeared. Counts from 0 when an exporter without --memory.file starts: a standing error then counts once more.",
			counterKind, []string{"error_code"}},
		famNodeErrors: {"progress_node_errors_total", "How often the error code appeared on any node of the job. Counts from 0 when an exporter without --memory.file starts: a standing error then counts once more.",
			counterKind, []string{"error_code"}},
		famLag:         {"progress_lag_time_seconds", "By how much the copy is behind its source. Absent while the product does not say.", gaugeKind, nil},
		famCopiedBytes: {"progress_estimated_copied_bytes", "Estimate of the bytes copied so far, by this process.", gaugeKind, nil},
		famTotalBytes:  {"progress_estimated_total_bytes", "Estimate of the bytes to copy, by the whole migration; it may move.", gaugeKind, nil},
		famStart:       {"progress_start_timestamp_seconds", "When the job began, as the product says.", gaugeKind, nil},
		famEnded:       {"progress_ended", "1 once the job was seen ended, until it goes on or another takes its place; 0 before. Stays after failed reads and when the product forgot the job. Absent until the first good read.", gaugeKind, nil},
		famEnd:         {"progress_end_timestamp_seconds", "When the exporter first saw the job ended. Stays after the product forgot the job. Absent if the job was over when the exporter first saw it.", gaugeKind, nil},
		famFirstSeen: {"progress_first_seen_timestamp_seconds", "When the exporter first saw this run of the job; another run in its place (another token or command) begins anew.",
			gaugeKind, nil},
		famLastChange: {"progress_last_change_timestamp_seconds", "When the exporter last saw work move; the first sight of a job counts. Starts anew with an exporter without --memory.file.",
			gaugeKind, nil},
		famWorkHash: {"progress_work_hash", "A number that changes when work moves and depends on nothing but the product's answer.",
			gaugeKind, nil},
		famStandstill: {"progress_standstill_start_timestamp_seconds", "Since when the job has stood still although it should move. Absent while it may stand still: it waits for its operator, is paused or ended, or the product shows no movement of what it does now.",
			gaugeKind, nil},
		famStalled: {"progress_stalled", "1 while the job has not moved for longer than stall_after although it should, else 0. The targets of one migration stall together. Absent with stall_after 0, and while another process of the migration is not known.",
			gaugeKind, nil},
		famStallThreshold: {"progress_stall_threshold_seconds", "Without movement for so long the job counts as stalled (stall_after). Absent if it never does.", gaugeKind, nil},
		famEstimatedEnd:   {"progress_estimated_end_timestamp_seconds", "When what the ratio counts will be done at the speed of the last half hour, or of six hours for what moves seldom. Absent while the job does not run, has stalled, or was not watched long enough to trust it.", gaugeKind, nil},
		famDeadline:       {"progress_deadline_timestamp_seconds", "When the job has to be done (deadline).", gaugeKind, nil},
		famJobInfo:        {"progress_job_info", "What identifies the job, in labels that depend on the product; always 1.", gaugeKind, nil},
	}
}

// schema is every family, and where each product's own begin.
type schema struct {
	Families []Family
	own      map[string]familyID // by API name
}

func newSchema(apis []progress.API) schema {
	s := schema{Families: CommonFamilies(), own: map[string]familyID{}}
	for i := range apis {
		s.own[apis[i].Name] = familyID(len(s.Families))
		s.Families = append(s.Families, OwnFamilies(&apis[i])...)
	}
	return s
}

// OwnFamilies returns the families that a product brings.
func OwnFamilies(api *progress.API) []Family {
	families := make([]Family, len(api.Families))
	for i, f := range api.Families {
		families[i] = Family{api.MetricPrefix() + f.Name, f.Help, gaugeKind, f.Labels}
	}
	return families
}
