// Package collector is the engine, and wires its rooms:
//
//	configuration → plan → scrape → ledger → series → exposition
//	                          ↓                 ↑
//	                        status  →   web   ──┘
//
// A plan holds every target ready to be read. A scrape reads them in parallel under a
// deadline, never fails as a whole, and records each read in the ledger, which remembers
// what has to survive from one scrape to the next. The snapshot that comes of it is turned
// into series, or into what a person is told; web answers the requests for both. Here is
// the life cycle: what is made at the start, a reload, a changed file, the stop; and the
// metrics of the exporter about itself. docs/architecture.md has the map.
package collector
