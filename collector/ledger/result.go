package ledger

import (
	"time"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

// Result is one read of one job: a report, or the reason why there is none. It is
// shared by all who want to know, and never changed once the read is over.
type Result struct {
	Report     progress.Report
	WorkHash   float64
	Err        *progress.Error // nil: the read was good
	Started    time.Time
	Duration   time.Duration
	Dropped    sanitize.Drops // what clean took out of the report
	NodeErrors []nodeKey      // the codes of all nodes, also of those that clean took out
}

// Outcome is a result together with what the ledger knew once it was recorded.
type Outcome struct {
	*Result
	Memory Memory
}
