package scrape

import (
	"context"
	"errors"
	"testing"
	"time"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/progress"
)

// finding is a source whose job may be missing.
type finding struct {
	enginetest.Source
	missing *bool
}

// Find says so.
func (f finding) Find() error {
	if *f.missing {
		return errors.New("no such file")
	}
	return nil
}

// A job that is missing is none before it was read, and one that cannot be read afterwards.
func TestFind(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *Reader) {
		missing := true
		source := finding{missing: &missing}
		source.Source = func(ctx context.Context) (progress.Report, error) {
			if missing {
				return progress.Report{}, progress.Errorf(progress.Internal, "no such file")
			}
			return enginetest.Running(ctx)
		}
		a := enginetest.Target("a", nil)
		a.Source, a.Job = source, "pack"
		for range 2 { // to ask does not make it known
			if err := r.Find(a); err == nil || err.Error() != "no such file" {
				t.Errorf("before it was read: %v", err)
			}
		}
		missing = false
		if err := r.Find(a); err != nil {
			t.Errorf("it is there: %v", err)
		}
		if got := ups(within(t, r, time.Second, a)); got != "1" {
			t.Errorf("up %s", got)
		}
		missing = true
		if err := r.Find(a); err != nil {
			t.Errorf("it was read before, and is missing for a moment: %v", err)
		}
		if got := within(t, r, time.Second, a)[0]; got.Err == nil || got.Err.Reason != progress.Internal || got.Memory.Failures != 1 {
			t.Errorf("the read without its file: %v, %v failures; want the reason internal, and 1", got.Err, got.Memory.Failures)
		}
		if err := r.Find(enginetest.Target("b", enginetest.Running)); err != nil {
			t.Errorf("a source that cannot tell: %v", err)
		}
	})
}
