package ledger

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

// applyFailure remembers a failed read. It leaves work and edges as they are: a
// read that failed says nothing about the job.
func (e *Entry) applyFailure(r *Result) Change {
	e.FailureCode = ""
	if r.Err.Code != "" {
		e.FailureCode = e.failureCodes.admit(sanitize.LabelValue(r.Err.Code))
	}
	e.until = time.Time{}
	asked := r.Err.Reason == progress.RateLimited || r.Err.Reason == progress.HTTP5xx // HTTP 503 asks for it as 429 does
	if asked && r.Err.RetryAfter > 0 {
		e.until = r.Started.Add(r.Duration + r.Err.RetryAfter)
	}
	failure := string(r.Err.Reason) + " " + r.Err.Code
	if failure == e.failure {
		return NothingNew
	}
	e.failure = failure
	return NewFailure
}

// apply remembers a good read: when work moved, when the job ended, and every
// error code that was not there at the last good read of the same job.
func (e *Entry) apply(r *Result, past *past) Change {
	rep := &r.Report
	first, at := e.LastRead.IsZero(), r.Started.Add(r.Duration)
	e.LastRead = at
	if e.begun.IsZero() {
		e.begun = at
	}
	if first || e.workHash != r.WorkHash {
		e.workHash, e.LastChange = r.WorkHash, at
	}
	// A product that has forgotten its job does not say which one: that is no new job.
	says := rep.Job != "" || rep.State != progress.None
	if first || says && !e.sameRun(rep.Job, past) {
		e.job, e.jobCode, e.nodeCode, e.pace, e.course = rep.Job, "", nil, pace{}, course{}
		e.Ended, e.End, e.excused = false, time.Time{}, time.Time{}
		e.FirstSeen = at
	}
	switch {
	case rep.State.Terminal() && !e.Ended:
		e.Ended = true
		if !first || e.watched { // when a job ended that was over before anybody looked is not known
			e.End = at
		}
	case rep.State.Active():
		e.Ended, e.End = false, time.Time{} // it goes on: what looked like the end was not
	}
	e.countEdges(rep, r.NodeErrors)
	e.judge(rep, at)

	was, word := e.failure, e.word
	e.failure, e.FailureCode, e.until, e.word = "", "", time.Time{}, ""
	if rep.State == progress.Unknown {
		e.word = rep.Word
	}
	switch {
	case e.word != word && e.word != "":
		return UnknownWord // also after a failed read: it says that the target can be read, and more
	case was != "":
		return Recovered
	}
	return NothingNew
}

// countEdges adds 1 for every error code that has appeared since the last read. A code
// that stood there before is not counted again.
func (e *Entry) countEdges(rep *progress.Report, nodeErrors []nodeKey) {
	if rep.ErrorCode != "" && rep.ErrorCode != e.jobCode {
		e.jobCodes.add(rep.ErrorCode)
		e.edges++
		e.JobErrors = e.jobCodes.counts
	}
	if rep.ErrorCode != e.jobCode {
		e.standing++
	}
	e.jobCode = rep.ErrorCode

	var now map[nodeKey]bool
	for _, k := range nodeErrors {
		if now == nil {
			now = make(map[nodeKey]bool, len(nodeErrors))
		}
		if !e.nodeCode[k] && !now[k] {
			e.nodeCodes.add(k.code)
			e.edges++
			e.NodeErrors = e.nodeCodes.counts
		}
		now[k] = true
	}
	if !maps.Equal(e.nodeCode, now) {
		e.standing++
	}
	e.nodeCode = now
}

// maxNodeErrors bounds the errors of nodes that are remembered from one read to the next.
const maxNodeErrors = 2000

// NodeErrors returns the codes of all nodes that have one. It is made before a report is
// cut to what can be shown, and does not depend on the order of the list: an error that a
// cut left out and brought back would count as new each time. Label makes a product's text
// a label value.
func NodeErrors(nodes []progress.Node, label func(string) string) []nodeKey {
	var keys []nodeKey
	for i := range nodes {
		if n := &nodes[i]; n.ErrorCode != "" {
			keys = append(keys, nodeKey{label(cmp.Or(n.ID, n.Name)), label(n.ErrorCode)})
		}
	}
	if len(keys) > maxNodeErrors {
		slices.SortFunc(keys, func(a, b nodeKey) int {
			return cmp.Or(strings.Compare(a.node, b.node), strings.Compare(a.code, b.code))
		})
		keys = slices.Compact(keys)
		keys = slices.Clone(keys[:min(len(keys), maxNodeErrors)])
	}
	return keys
}
