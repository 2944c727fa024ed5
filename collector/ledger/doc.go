// Package ledger is what the exporter remembers of a job from one read to the next: its
// counters, when its work moved, when it ended, how fast it is and whether it has
// stalled; and the file in which that survives a restart. It knows jobs by their keys and
// neither targets nor Prometheus.
package ledger
