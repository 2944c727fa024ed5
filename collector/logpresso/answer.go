package logpresso

import (
	"slices"

	"progress_exporter/collector/progress"
)

// The product's own families, as indexes into API().Families.
const (
	familyCancelled = iota
	familyStatus
)

// states maps the manual's words for an install. Any other word is Unknown.
var states = map[string]progress.State{
	"standby":     progress.Pending,
	"in_progress": progress.Running,
	"completed":   progress.Succeeded,
	"error":       progress.Failed,
}

// statusValues are the values of the label status.
var statusValues = []string{"standby", "in_progress", "completed", "error", "other"}

// answers decodes them by the names as the vendor writes them.
var answers = progress.NewDecoder[answer]()

// read makes the answer to a question about the session with this token into a
// report. The body is read before the status is judged, because the product
// answers with HTTP 400 and 500 where it merely refuses.
func read(resp progress.Response, token string) (progress.Report, error) {
	var a answer
	unread, undecoded := answers.Decode(resp, &a)
	failed := progress.StatusError(resp)
	switch {
	case undecoded == nil && a.refuses(resp.Status, a.InstallProgress != nil):
		return progress.Report{}, refusal(question{"tell the install's progress", "MEMBER"}, resp, a.fault)
	case failed != nil:
		return progress.Report{}, failed
	case undecoded != nil:
		return progress.Report{}, undecoded
	case a.InstallProgress == nil:
		return progress.Report{Job: token, State: progress.None}, nil
	}
	r := report(a.InstallProgress)
	r.Job, r.Unread = token, unread
	return r, nil
}

func report(p *installProgress) progress.Report {
	r := progress.Report{
		State:          states[text(p.Status)],
		Word:           text(p.Status),
		Ratio:          ratio(p.TotalProgress),
		NodeCount:      p.TotalNode,
		NodesCompleted: p.CompletedNode,
		ErrorCode:      text(p.ErrorCode),
	}
	// The manual has no status for a cancelled install, only the flag. If the server goes on
	// calling it in progress, an alert tells.
	if p.IsCancelled != nil && *p.IsCancelled {
		r.State, r.Word = progress.Cancelled, "is_cancelled"
	}
	r.Nodes = slices.Grow(r.Nodes, len(p.NodeProgresses))
	for _, n := range p.NodeProgresses {
		if n == nil {
			continue
		}
		r.Nodes = append(r.Nodes, progress.Node{
			ID:        text(n.NodeGUID),
			Name:      text(n.NodeName),
			Type:      text(n.NodeType),
			Ratio:     ratio(n.NodeProgress),
			ErrorCode: text(n.ErrorCode),
		})
	}
	r.Samples = progress.AppendFlag(r.Samples, familyCancelled, p.IsCancelled)
	r.Samples = progress.AppendOneOf(r.Samples, familyStatus, statusValues, p.Status)
	return r
}

// ratio makes percent into 0–1. What the product should not send (less than 0,
// more than 100) stays out of range, for the engine to drop and count.
func ratio(percent *float64) *float64 {
	if percent == nil {
		return nil
	}
	return progress.Ptr(*percent / 100)
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
