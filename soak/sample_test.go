package soak

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// What may be more in the last quarter of the run than in the second, by the median.
const (
	moreGoroutines  = 10
	moreDescriptors = 10
	moreHeap        = 2 << 20 // bytes
)

// sample is what the process holds at one moment, with no scrape under way.
type sample struct {
	scrapes, goroutines, descriptors, heap int
}

// take takes a sample. There are no descriptors to be counted outside of Linux.
func take(scrapes int) sample {
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	descriptors, _ := os.ReadDir("/proc/self/fd")
	return sample{scrapes, runtime.NumGoroutine(), len(descriptors), int(memory.HeapAlloc)}
}

// flat fails the test if the last quarter of the samples is above the second.
func flat(t *testing.T, samples []sample) {
	t.Helper()
	quarter := len(samples) / 4
	second, last := middle(samples[quarter:2*quarter]), middle(samples[len(samples)-quarter:])
	for _, c := range []struct {
		what              string
		before, now, more int
	}{
		{"goroutines", second.goroutines, last.goroutines, moreGoroutines},
		{"descriptors", second.descriptors, last.descriptors, moreDescriptors},
		{"bytes of heap", second.heap, last.heap, moreHeap},
	} {
		if c.now > c.before+c.more {
			t.Errorf("%d %s in the last quarter, %d in the second: more than %d leaked", c.now, c.what, c.before, c.more)
		}
	}
}

// middle returns the median of each number.
func middle(samples []sample) sample {
	median := func(of func(sample) int) int {
		var numbers []int
		for _, s := range samples {
			numbers = append(numbers, of(s))
		}
		slices.Sort(numbers)
		return numbers[len(numbers)/2]
	}
	return sample{
		scrapes:     median(func(s sample) int { return s.scrapes }),
		goroutines:  median(func(s sample) int { return s.goroutines }),
		descriptors: median(func(s sample) int { return s.descriptors }),
		heap:        median(func(s sample) int { return s.heap }),
	}
}

// table shows samples in ten rows, each the median of a tenth.
func table(samples []sample) string {
	var text strings.Builder
	fmt.Fprintf(&text, "\n%10s %12s %12s %10s\n", "scrapes", "goroutines", "descriptors", "heap KiB")
	for tenth := range slices.Chunk(samples, max(1, len(samples)/10)) {
		m := middle(tenth)
		fmt.Fprintf(&text, "%10d %12d %12d %10d\n", m.scrapes, m.goroutines, m.descriptors, m.heap>>10)
	}
	return text.String()
}
