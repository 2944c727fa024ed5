// Package play runs an exporter and Prometheus' own storage, parser and rules under a
// virtual clock, so that hours of a job take a second, and records what each alert did.
// It knows no product: whatever answers a scrape is an http.Handler.
package play
