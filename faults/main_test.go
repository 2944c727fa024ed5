package faults

import (
	"fmt"
	"log"
	"os"
	"testing"

	"go.uber.org/goleak"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/fetch"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(quiet{m}) }

// quiet fails a run in which something was said through Go's standard logger, as
// net/http does.
type quiet struct{ *testing.M }

// Run runs the tests.
func (q quiet) Run() int {
	var said collectortest.Log
	log.SetOutput(fetch.Discreet(&said))
	code := q.M.Run()
	if text := said.String(); text != "" {
		fmt.Fprintf(os.Stderr, "said through the standard logger:\n%s", text)
		return 1
	}
	return code
}
