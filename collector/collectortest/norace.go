//go:build !race

package collectortest

// underRace says that the race detector is at work, under which everything takes several
// times as long.
const underRace = false
