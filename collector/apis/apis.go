// Package apis is the one list of the products that can be read.
package apis

import (
	"time"

	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/mongosync"
	"progress_exporter/collector/mrs"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses"
)

// All returns every product, with the clock that signs requests and counts pauses. What
// the targets of a product share lives in the value, so a program calls it once.
func All(now func() time.Time) []progress.API {
	return []progress.API{
		logpresso.API(),
		mongosync.API(),
		mrs.API(now),
		ses.API(now),
	}
}
