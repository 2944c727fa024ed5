//go:build race

package race

// Enabled is true: everything takes several times as long.
const Enabled = true
