// Package heap makes the garbage collector leave a small heap alone.
package heap

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// What the runtime counts when it decides how far the heap may grow: by the percentage
// of all three (https://go.dev/doc/gc-guide).
const (
	live    = "/gc/heap/live:bytes"
	stacks  = "/gc/scan/stack:bytes"
	globals = "/gc/scan/globals:bytes"
)

// Grow lets the heap grow by percent between two collections, as GOGC does, or to about
// enough bytes with stacks and globals, whichever is more: a heap of 3 MB would else be
// collected for each megabyte of garbage. It follows the heap as long as the process lives.
func Grow(percent int, enough uint64) {
	g := &growth{percent: percent, enough: enough}
	g.adjust()
	g.await()
}

// growth is how far a heap may grow.
type growth struct {
	percent int
	enough  uint64 // to which it may in any case
	set     int    // what the runtime was told last
}

// await adjusts after each collection, which is when the runtime cleans up after an
// object that nobody holds.
func (g *growth) await() {
	type sentinel struct{ _ [16]byte } // a smaller one would share its memory with others
	runtime.AddCleanup(&sentinel{}, func(g *growth) {
		g.adjust()
		g.await()
	}, g)
}

// adjust tells the runtime, which stops the world for it, if there is something to tell.
func (g *growth) adjust() {
	s := []metrics.Sample{{Name: live}, {Name: stacks}, {Name: globals}}
	metrics.Read(s)
	var base uint64
	for i := range s {
		base += s[i].Value.Uint64()
	}
	p := g.of(base)
	if off := p - g.set; off*off*100 > p*p || g.set == 0 { // more than a tenth
		g.set = p
		debug.SetGCPercent(p)
	}
}

// least is what the runtime takes the percentage of when there is less: its smallest
// heap at 100 %.
const least = 4 << 20

// of returns the percentage for what the runtime takes it of, in bytes.
func (g *growth) of(base uint64) int {
	base = max(base, least)
	return max(g.percent, int(100*max(g.enough, base)/base)-100)
}
