package collector

import (
	"time"

	"progress_exporter/collector/progress"
)

// result is one read of one job: a report, or the reason why there is none. It is
// shared by all who want to know, and never changed once the read is over.
type result struct {
	report     progress.Report
	workHash   float64
	err        *progress.Error // nil: the read was good
	started    time.Time
	duration   time.Duration
	dropped    drops     // what clean took out of the report
	nodeErrors []nodeKey // the codes of all nodes, also of those that clean took out
}

// outcome is a result together with what the ledger knew once it was recorded.
type outcome struct {
	*result
	memory memory
}
