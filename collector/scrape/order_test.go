package scrape

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

func TestConcurrencyIsBounded(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, r *Reader) {
		var now, most atomic.Int32
		var list []*plan.Target
		for i := range 30 {
			list = append(list, enginetest.Target(fmt.Sprint(i), func(ctx context.Context) (progress.Report, error) {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				return enginetest.After(100 * time.Millisecond)(ctx)
			}))
		}
		began := time.Now()
		if got := ups(within(t, r, time.Minute, list...)); strings.Contains(got, "0") {
			t.Errorf("up %s", got)
		}
		if most.Load() != 3 || time.Since(began) != time.Second {
			t.Errorf("%d at a time for %v, want 3 for 1s", most.Load(), time.Since(began))
		}
	})
}

// Hanging targets that come first in the file must not keep the healthy ones from
// being read, not even at the first scrape, when nobody knows that they hang.
func TestHangingTargetsDoNotStarveHealthyOnes(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *Reader) {
		var list []*plan.Target
		for i := range 64 {
			list = append(list, enginetest.Target(fmt.Sprint("hangs", i), enginetest.Hang))
		}
		for i := range 1000 {
			list = append(list, enginetest.Target(fmt.Sprint("healthy", i), enginetest.After(50*time.Millisecond)))
		}
		for scrape := range 3 {
			began := time.Now()
			got := ups(within(t, r, 9500*time.Millisecond, list...))
			if n := strings.Count(got, "1"); n != 1000 {
				t.Errorf("scrape %d: %d targets up, want 1000", scrape, n)
			}
			time.Sleep(15*time.Second - time.Since(began))
		}
	})
}

func TestSlowAndFailingTargetsAreStartedLast(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		var mu sync.Mutex
		var order []string
		make := func(name string, f enginetest.Source) *plan.Target {
			return enginetest.Target(name, func(ctx context.Context) (progress.Report, error) {
				mu.Lock()
				order = append(order, name)
				mu.Unlock()
				return f(ctx)
			})
		}
		refuse := func(context.Context) (progress.Report, error) {
			return progress.Report{}, progress.Errorf(progress.Connect, "refused")
		}
		list := []*plan.Target{make("slow", enginetest.After(slow+time.Millisecond)), make("failing", refuse), make("slower", enginetest.After(4*time.Second)), make("quick", enginetest.Running)}
		within(t, r, time.Minute, list...)
		order = nil
		within(t, r, time.Minute, list...)
		if got := strings.Join(order, " "); got != "quick failing slow slower" {
			t.Errorf("started in the order %s", got)
		}
	})
}
