package ledger

import (
	"time"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

var ledgerAPI = progress.API{
	Name:           "test",
	ErrorCodes:     []string{"disk", "net"},
	NodeErrorCodes: []string{"disk"},
}

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) tick(d time.Duration) { c.at = c.at.Add(d) }

func newClock() *clock { return &clock{time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)} }

func (c *clock) good(r progress.Report) *Result {
	return &Result{Report: r, WorkHash: r.WorkHash(), NodeErrors: NodeErrors(r.Nodes, sanitize.LabelValue), Started: c.at}
}

func (c *clock) bad(reason progress.Reason, code string) *Result {
	return &Result{Err: &progress.Error{Reason: reason, Code: code}, Started: c.at}
}
