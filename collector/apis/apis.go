// Package apis is the one list of the products that can be read without a description in
// the configuration.
package apis

import (
	"time"

	library "progress_exporter/apis"
	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/mongosync"
	"progress_exporter/collector/mrs"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/ses"
)

// Known returns every product that a target can name: those of All, and behind them those
// of the library.
func Known(now func() time.Time) []progress.API {
	return append(All(now), library.APIs(now)...)
}

// All returns every product that is a program of its own, with the clock that signs requests and counts pauses. What
// the targets of a product share lives in the value, so a program calls it once.
func All(now func() time.Time) []progress.API {
	return []progress.API{
		logpresso.API(),
		mongosync.API(),
		mrs.API(now),
		ses.API(now),
	}
}
