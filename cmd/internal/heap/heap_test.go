package heap

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"testing"
)

func TestPercentage(t *testing.T) {
	g := &growth{percent: 40, enough: 24 << 20}
	for _, tc := range []struct {
		base uint64
		want int
	}{
		{0, 500}, {3 << 20, 500}, // the runtime counts no less than 4 MiB
		{6 << 20, 300},
		{12 << 20, 100},
		{16 << 20, 50},
		{20 << 20, 40}, // of a large heap the percentage is more
		{1 << 40, 40},
	} {
		if got := g.of(tc.base); got != tc.want {
			t.Errorf("of %d bytes: %d %%, want %d %%", tc.base, got, tc.want)
		}
	}
}

// A small heap may grow by more than the percentage, a large one may not, and one that
// became small again may.
func TestGrowFollowsTheHeap(t *testing.T) {
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	Grow(40, 64<<20)
	small := percent()
	if small <= 40 {
		t.Errorf("an empty heap may grow by %d %%", small)
	}
	held := make([]byte, 256<<20)
	collectUntil(t, func() bool { return percent() == 40 })
	runtime.KeepAlive(held)
	collectUntil(t, func() bool { return percent() == small })
}

// collectUntil collects until the cleanup that follows a collection has made ok true.
func collectUntil(t *testing.T, ok func() bool) {
	t.Helper()
	for range 10_000 {
		if ok() {
			return
		}
		runtime.GC()
	}
	t.Fatalf("still %d %%", percent())
}

// percent returns how far the heap may grow now.
func percent() uint64 {
	s := []metrics.Sample{{Name: "/gc/gogc:percent"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
