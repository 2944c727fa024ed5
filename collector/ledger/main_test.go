package ledger_test

import (
	"testing"

	"go.uber.org/goleak"

	"progress_exporter/collector/enginetest"
)

func TestMain(m *testing.M) {
	enginetest.BeUpstream()
	goleak.VerifyTestMain(m)
}
