//go:build !race

// Package race tells tests whether the race detector is at work. What it would take minutes
// for, and would find nothing more in, is tried without it.
package race

// Enabled is false: the race detector is not at work.
const Enabled = false
