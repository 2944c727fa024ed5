package collector

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// Slow reads move on, but no further than there are patient slots.
func TestSlowReadsAreBounded(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, r *reader) {
		var now, most atomic.Int32
		var list []*target
		for i := range 12 {
			list = append(list, testTarget(fmt.Sprint(i), func(ctx context.Context) (progress.Report, error) {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				return after(5 * time.Second)(ctx)
			}))
		}
		if got := ups(within(t, r, time.Minute, list...)); strings.Contains(got, "0") {
			t.Errorf("up %s", got)
		}
		if most.Load() != 6 {
			t.Errorf("%d at a time, want 3 prompt and 3 patient ones", most.Load())
		}
	})
}

// What is known already needs no slot.
func TestHeldReadNeedsNoSlot(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *reader) {
		a := testTarget("a", running)
		a.minInterval = time.Hour
		within(t, r, time.Second, a)
		if !r.slots.take(t.Context()) {
			t.Fatal("no slot")
		}
		defer r.slots.free()
		began := time.Now()
		if got := ups(within(t, r, time.Second, a)); got != "1" || time.Since(began) != 0 {
			t.Errorf("up %s after %v, want 1 at once", got, time.Since(began))
		}
	})
}

// Every read of a worker moves when it is slow, not only the first.
func TestLaterReadsOfAWorkerMove(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *reader) {
		if got := ups(within(t, r, time.Minute, testTarget("first", running))); got != "1" {
			t.Fatalf("up %s", got)
		}
		if got := ups(within(t, r, 5*time.Second, testTarget("hangs", hang), testTarget("healthy", running))); got != "01" {
			t.Errorf("up %s, want 01", got)
		}
	})
}

// A timer that fires when its read has just ended moves nothing.
func TestMoveBetweenReads(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *reader) {
		p := place{slots: r.slots}
		for range 2 {
			if !r.slots.take(t.Context()) {
				t.Fatal("no slot")
			}
			p.begin()
			p.move()
			p.move()
			if len(r.slots.prompt) != 0 || len(r.slots.patient) != 1 {
				t.Errorf("%d prompt and %d patient slots are taken by a slow read, want 0 and 1", len(r.slots.prompt), len(r.slots.patient))
			}
			p.end()
			p.move()
			if len(r.slots.prompt) != 0 || len(r.slots.patient) != 0 {
				t.Errorf("%d prompt and %d patient slots are taken by no read", len(r.slots.prompt), len(r.slots.patient))
			}
		}
	})
}

func TestNoSlotForAScrapeThatIsOver(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		if newSlots(1).take(over) {
			t.Fatal("a slot for a scrape that is over")
		}
	}
}

// With all patient slots taken, a slow read keeps its prompt one, and frees that.
func TestNoPatientSlot(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *reader) {
		r.slots.patient <- struct{}{}
		if !r.slots.take(t.Context()) {
			t.Fatal("no slot")
		}
		p := place{slots: r.slots}
		p.begin()
		p.move()
		p.end()
		if len(r.slots.prompt) != 0 || len(r.slots.patient) != 1 {
			t.Errorf("%d prompt and %d patient slots are taken, want 0 and 1", len(r.slots.prompt), len(r.slots.patient))
		}
	})
}
