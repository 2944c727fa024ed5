// Package replay plays what progressctl record has recorded through the exporter's own
// engine and Prometheus' own rules, under a clock of its own, and says what each alert
// would have done.
package replay
