package progress_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"progress_exporter/collector/progress"
)

// Whoever hangs keeps no other from being asked, and no answer from being there before the
// time of the read is over.
func TestTogether(t *testing.T) {
	const timeout = 10 * time.Second
	for _, tc := range []struct {
		n     int
		hangs func(i int) bool
		took  time.Duration
		begun time.Duration // when the last one has to be asked
	}{
		{1, func(int) bool { return false }, 0, 0},
		{200, func(int) bool { return false }, 0, 0},
		{1, func(int) bool { return true }, 7500 * time.Millisecond, 0},
		{9, func(i int) bool { return i < 8 }, 7500 * time.Millisecond, 1250 * time.Millisecond},
		{200, func(i int) bool { return i < 199 }, 7500 * time.Millisecond, 2500 * time.Millisecond},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), timeout)
			defer cancel()
			began := time.Now()
			begun := make([]time.Duration, tc.n)
			answered := make([]bool, tc.n)
			progress.Together(ctx, tc.n, func(ctx context.Context, i int) {
				begun[i] = time.Since(began)
				if tc.hangs(i) {
					<-ctx.Done()
				}
				answered[i] = ctx.Err() == nil
			})
			if took := time.Since(began); took != tc.took {
				t.Errorf("%d questions took %v, want %v", tc.n, took, tc.took)
			}
			if last := slices.Max(begun); last > tc.begun {
				t.Errorf("of %d questions the last one was asked after %v, want %v at most", tc.n, last, tc.begun)
			}
			for i, a := range answered {
				if a == tc.hangs(i) {
					t.Errorf("of %d questions %d was answered: %v", tc.n, i, a)
				}
			}
		})
	}
}

func TestTogetherIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		now, most := 0, 0
		count := func(n int) {
			mu.Lock()
			defer mu.Unlock()
			now += n
			most = max(most, now)
		}
		progress.Together(t.Context(), 30, func(context.Context, int) {
			count(1)
			time.Sleep(10 * time.Millisecond) // of the test's own clock
			count(-1)
		})
		if most != 8 {
			t.Errorf("%d questions at a time, want 8", most)
		}
	})
}

// Each question has room of its own for its answer, and gives it back.
func TestTogetherInParts(t *testing.T) {
	var mu sync.Mutex
	said := map[string]int{}
	say := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		said[what]++
	}
	type key struct{}
	split := func(ctx context.Context) (context.Context, func()) {
		say("split")
		return context.WithValue(ctx, key{}, true), func() { say("done") }
	}
	progress.Together(context.WithValue(t.Context(), progress.PartKey{}, split), 3, func(ctx context.Context, i int) {
		say(fmt.Sprint("in a part: ", ctx.Value(key{})))
	})
	if want := map[string]int{"split": 3, "done": 3, "in a part: true": 3}; fmt.Sprint(said) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", said, want)
	}
}

// A fault is the caller's, who knows what to do; the other questions are asked all the same.
func TestTogetherPanics(t *testing.T) {
	var asked atomic.Int32
	defer func() {
		if p := recover(); p != "a fault" || asked.Load() != 20 {
			t.Errorf("got %v after %d questions, want the fault after 20", p, asked.Load())
		}
	}()
	progress.Together(t.Context(), 20, func(_ context.Context, i int) {
		asked.Add(1)
		if i == 3 {
			panic("a fault")
		}
	})
}
