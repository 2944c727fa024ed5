package ledger

import (
	"time"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

// Result is one read of one job: a report, or the reason why there is none. It is
// shared by all who want to know, and never changed once the read is over.
type Result struct {
	Report     progress.Report // what the product reported; empty after a failed read
	WorkHash   float64         // changes when work moves
	Err        *progress.Error // nil: the read was good
	Started    time.Time       // when the read began
	Duration   time.Duration   // how long it took
	Dropped    sanitize.Drops  // what sanitize took out of the report
	Jobs       []ListedJob     // what a list holds, as far as it is shown
	CutJobs    []string        // the ids of the others
	NodeErrors []nodeKey       // the codes of all nodes, also of those that sanitize took out
}

// Outcome is a result together with what the ledger knew once it was recorded.
type Outcome struct {
	*Result
	Memory Memory // as it was right after the read
}
