// Package collector is the engine: target → request → bytes → wire struct → Report
// → series. A Plan holds every target ready to be read; a scrape reads them in
// parallel under a deadline and never fails as a whole; the Ledger remembers what
// has to survive from one scrape to the next; metrics.go turns a snapshot into
// series, purely.
package collector
