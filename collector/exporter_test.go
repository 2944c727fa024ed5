package collector

import (
	"testing"

	"github.com/go-kit/log"

	"progress_exporter/collector/progress"
)

// However few reads at a time are asked for, one is made.
func TestConcurrencyIsAtLeastOne(t *testing.T) {
	for asked, want := range map[int]int{-1: 1, 0: 1, 1: 1, 7: 7} {
		e := New([]progress.API{testAPI}, Options{Concurrency: asked, Logger: log.NewNopLogger()})
		if got := cap(e.reader.slots); got != want {
			t.Errorf("%d asked for: %d reads at a time, want %d", asked, got, want)
		}
		e.Close()
	}
}
