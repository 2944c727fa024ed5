// Package estimates measures what the estimated ends of jobs are worth: it plays runs of
// made-up jobs through the whole exporter under a virtual clock, asks for the range each
// twentieth of the way, and writes the tables of docs/estimates.md.
package estimates
