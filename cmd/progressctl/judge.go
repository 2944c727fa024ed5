package main

import (
	"fmt"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// ending is how a wait ends. As JSON it is part of the last line.
type ending struct {
	Outcome string `json:"outcome"`
	Code    int    `json:"exit_code"`
	Message string `json:"message,omitempty"` // empty if the goal was reached
}

// judge decides how a wait ends, from what it has seen.
type judge struct {
	waiting
	last    *status.Job     // the last good read
	lastErr *progress.Error // why the last read failed, if it did
	existed bool            // the product knew the job
}

// see looks at one more reading and returns how the wait ends; nil if it goes on.
func (j *judge) see(r *status.Job) *ending {
	j.lastErr = r.Err
	if r.Err != nil {
		return nil
	}
	j.last = r
	rep := &r.Report
	switch {
	case j.until.reached(rep):
		return &ending{Outcome: "reached", Code: exitReached}
	case rep.State == progress.Failed:
		return &ending{"failed", exitFailed, "the job failed" + errorCode(rep)}
	case rep.State == progress.Cancelled:
		return &ending{"cancelled", exitFailed, "the job was cancelled" + errorCode(rep)}
	case rep.State == progress.None && j.existed:
		return &ending{"vanished", exitFailed, "the product no longer knows the job, which had not ended when it was last seen; see in the product whether it was done and acknowledged, or lost"}
	case r.Still > 0:
		return &ending{"stalled", exitStalled, fmt.Sprintf("the job has not moved for %s, longer than its stall_after of %s; it is at: %s", status.Span(r.Still), status.Span(r.StallAfter), describe(r))}
	}
	j.existed = j.existed || rep.State != progress.None
	return nil
}

// timedOut returns how a wait ends that was over before the job was.
func (j *judge) timedOut() *ending {
	switch {
	case j.last != nil && j.lastErr != nil:
		return &ending{"timeout", exitTimeout, fmt.Sprintf("not %s after %s; in the end it could not be read: %s", j.until.text, j.timeout, printable(j.lastErr.Error()))}
	case j.last != nil:
		return &ending{"timeout", exitTimeout, fmt.Sprintf("not %s after %s; it is at: %s", j.until.text, j.timeout, describe(j.last))}
	case j.lastErr != nil:
		return &ending{"unreachable", exitUnreachable, fmt.Sprintf("could not be read once in %s: %s", j.timeout, printable(j.lastErr.Error()))}
	}
	return &ending{"unreachable", exitUnreachable, fmt.Sprintf("the product did not answer once in %s; is --timeout too short?", j.timeout)}
}

func errorCode(r *progress.Report) string {
	if r.ErrorCode == "" {
		return ", without an error code"
	}
	return ", error code " + printable(r.ErrorCode)
}
