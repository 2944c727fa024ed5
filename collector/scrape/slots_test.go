package scrape

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
)

// Twice as many workers as there are slots stay; what a crowd of slow reads took more is
// given back.
func TestWorkersEnd(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, r *Reader) {
		var list []*plan.Target
		for i := range 100 {
			list = append(list, enginetest.Target(fmt.Sprint(i), enginetest.After(time.Minute)))
		}
		within(t, r, 5*time.Second, list...)
		r.mu.Lock()
		if n := len(r.underway); n != 100 {
			t.Errorf("%d reads are under way, want all 100", n)
		}
		r.mu.Unlock()
		time.Sleep(time.Hour)
		synctest.Wait()
		if n := r.resting.Load(); n != 6 || len(r.slots) != 0 {
			t.Errorf("%d workers stay with %d slots, want 6 with none", n, len(r.slots))
		}
		if got := ups(within(t, r, 5*time.Second, enginetest.Target("a", enginetest.Running))); got != "1" {
			t.Errorf("up %s", got)
		}
		synctest.Wait()
		if n := r.resting.Load(); n != 6 {
			t.Errorf("%d workers stay, want 6", n)
		}
	})
}

// Reads begin at the pace that the turns set: the longest turn if nobody waits for an
// end, or as long as lets the last one begin after half of the time.
func TestTurns(t *testing.T) {
	for _, tc := range []struct {
		wanted int
		budget time.Duration // 0: no end
		want   []time.Duration
	}{
		{4, 0, []time.Duration{0, 0, slow, slow}},
		{4, time.Minute, []time.Duration{0, 0, slow, slow}},
		{4, 2 * time.Second, []time.Duration{0, 0, slow / 2, slow / 2}},
		{8, 2 * time.Second, []time.Duration{0, 0, slow / 4, slow / 4}},
		{1, 1500 * time.Millisecond, []time.Duration{0, 0, 750 * time.Millisecond, 750 * time.Millisecond}}, // more are wanted than was known
	} {
		inBubble(t, 2, func(t *testing.T, r *Reader) {
			ctx, cancel := context.WithCancel(t.Context())
			if tc.budget > 0 {
				ctx, cancel = context.WithTimeout(t.Context(), tc.budget)
			}
			defer cancel()
			began := time.Now()
			a := newAsker(ctx, r.slots, tc.wanted)
			var got []time.Duration
			for i := range tc.want {
				tt := enginetest.Target(fmt.Sprint(i), enginetest.Hang)
				if r.start(&a, &part{target: tt, entry: r.entry(tt)}) != nil {
					got = append(got, time.Since(began))
				}
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("%d reads wanted within %v begin after %v, want %v", tc.wanted, tc.budget, got, tc.want)
			}
		})
	}
}

// What is known already needs no slot.
func TestHeldReadNeedsNoSlot(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		a := enginetest.Target("a", enginetest.Running)
		a.MinInterval = time.Hour
		within(t, r, time.Second, a)
		synctest.Wait()
		r.slots <- struct{}{}
		defer r.slots.free()
		began := time.Now()
		if got := ups(within(t, r, time.Second, a)); got != "1" || time.Since(began) != 0 {
			t.Errorf("up %s after %v, want 1 at once", got, time.Since(began))
		}
	})
}

// Every read of a worker has its turn, not only the first.
func TestLaterReadsOfAWorkerHaveTurns(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		if got := ups(within(t, r, time.Minute, enginetest.Target("first", enginetest.Running))); got != "1" {
			t.Fatalf("up %s", got)
		}
		if got := ups(within(t, r, 5*time.Second, enginetest.Target("hangs", enginetest.Hang), enginetest.Target("healthy", enginetest.Running))); got != "01" {
			t.Errorf("up %s, want 01", got)
		}
	})
}

// A slot is freed once, by the end of the turn or of the read, and not by a timer that
// fires when the read has just ended.
func TestSlotIsFreedOnce(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		p := place{slots: r.slots}
		for range 2 {
			r.slots <- struct{}{}
			p.begin(time.Hour)
			p.leave()
			p.leave()
			p.end()
			r.slots <- struct{}{}
			p.begin(time.Hour)
			p.end()
			p.leave()
			if len(r.slots) != 0 {
				t.Errorf("%d slots are taken by no read", len(r.slots))
			}
		}
		(&place{slots: r.slots}).end() // of a read that began without
	})
}

// A read that begins without a slot frees none.
func TestReadWithoutASlot(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		r.slots <- struct{}{}
		if got := ups(within(t, r, time.Second, enginetest.Target("a", enginetest.Running), enginetest.Target("b", enginetest.Running))); got != "11" || len(r.slots) != 1 {
			t.Errorf("up %s with %d slots taken, want 11 with 1", got, len(r.slots))
		}
		r.slots.free()
	})
}

func TestNoReadForAScrapeThatIsOver(t *testing.T) {
	over, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		a := newAsker(over, newSlots(1), 1)
		if _, ok := a.take(); ok {
			t.Fatal("a read for a scrape that is over")
		}
	}
}

// Who hangs up while waiting for a slot waits no longer.
func TestHangUpWhileWaiting(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		r.slots <- struct{}{}
		defer r.slots.free()
		ctx, hangUp := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, hangUp)
		began := time.Now()
		a := newAsker(ctx, r.slots, 1)
		if _, ok := a.take(); ok || time.Since(began) != time.Second {
			t.Errorf("a read may begin: %v, after %v; want none after 1s", ok, time.Since(began))
		}
	})
}
