package ses_test

import (
	"testing"

	"progress_exporter/collector/collectortest"
)

func FuzzExposition(f *testing.F) { collectortest.Fuzz(f, product) }
