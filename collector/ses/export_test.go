package ses

import (
	"time"

	"progress_exporter/collector/progress"
)

// OpenAt is API(time.Now).Open with a clock.
func OpenAt(t progress.Target, now func() time.Time) (progress.Source, error) { return open(t, now) }
