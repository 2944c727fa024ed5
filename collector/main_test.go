package collector

import (
	"testing"

	"progress_exporter/collector/enginetest"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	enginetest.BeUpstream()
	goleak.VerifyTestMain(m)
}
