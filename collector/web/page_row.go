package web

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
	"progress_exporter/collector/scrape"
	"progress_exporter/collector/status"
)

// maxPageText bounds what a page says about one failure, in bytes.
const maxPageText = 1000

// row is a target as the page shows it at one moment. Its methods are what the
// template asks for; what they have no answer to is empty.
type row struct {
	status.Job
	now time.Time
}

func rows(known []scrape.Reading, now time.Time) []*row {
	jobs := status.All(known)
	list := make([]*row, len(jobs))
	for i, job := range jobs {
		list[i] = &row{job, now}
	}
	return list
}

// Debug returns the address of the debug view of the target, or of the job of a list.
func (r *row) Debug() string {
	q := url.Values{"target": {r.Target}, "debug": {"true"}}
	if r.JobID != "" {
		q.Set("job", r.JobID)
	}
	return "probe?" + q.Encode()
}

// Word returns the product's own word for the state, where it says more than Kind.
func (r *row) Word() string {
	if word := sanitize.LabelValue(r.Report.Word); !strings.EqualFold(word, r.Kind()) {
		return word
	}
	return ""
}

// Asked returns when the last read was over, good or not.
func (r *row) Asked() time.Time { return r.Began.Add(r.Took) }

// Failure returns why the last read failed.
func (r *row) Failure() string { return progress.Cut(r.Err.Message, maxPageText) }

// FailureCode returns what the product's error answer called it.
func (r *row) FailureCode() string { return sanitize.LabelValue(r.Err.Code) }

// Bar returns how far the job is.
func (r *row) Bar() *bar { return newBar(r.Progress(), r.Title()) }

// Counted says how many nodes there are and how many of them are done, as far as
// the product says it.
func (r *row) Counted() string {
	done, all := r.Report.NodesCompleted, r.Report.NodeCount
	switch {
	case done != nil && all != nil:
		return fmt.Sprintf("nodes done: %s of %s", count(*done), count(*all))
	case done != nil:
		return fmt.Sprintf("nodes done: %s", count(*done))
	case all != nil:
		return fmt.Sprintf("nodes: %s", count(*all))
	case len(r.Report.Nodes) > 0:
		return fmt.Sprintf("nodes: %d", len(r.Report.Nodes))
	}
	return ""
}

// Nodes returns the nodes of the job, of many only some, those with an error first.
func (r *row) Nodes() []nodeRow {
	nodes := r.Report.Nodes
	if len(nodes) > pageNodes {
		nodes = slices.Clone(nodes)
		slices.SortStableFunc(nodes, sanitize.ByImportance)
		nodes = nodes[:pageNodes]
	}
	list := make([]nodeRow, len(nodes))
	for i := range nodes {
		list[i] = nodeRow{&nodes[i]}
	}
	return list
}

// MoreNodes returns how many nodes the page leaves out.
func (r *row) MoreNodes() int { return max(len(r.Report.Nodes)-pageNodes, 0) }

// Late reports whether the job missed its deadline, or will at its present rate.
// A job that cannot be read, or that the product has forgotten, is not called late.
func (r *row) Late() bool {
	switch {
	case r.Deadline.IsZero():
		return false
	case !r.End.IsZero():
		return r.End.After(r.Deadline)
	case r.Ended || !r.Report.State.Active():
		return false
	case !r.Expected.IsZero():
		return r.Expected.After(r.Deadline)
	}
	return r.now.After(r.Deadline)
}

// Moment returns a time as the page shows it.
func (r *row) Moment(t time.Time) moment { return moment{t.UTC(), t.Sub(r.now)} }

// Span returns a duration as configurations write it, rounded.
func (r *row) Span(d time.Duration) string { return status.Span(d) }

// nodeRow is a node as the page shows it.
type nodeRow struct{ *progress.Node }

// Title returns what the node is called.
func (n nodeRow) Title() string { return cmp.Or(n.Name, n.ID) }

// Bar returns how far the node is.
func (n nodeRow) Bar() *bar { return newBar(n.Ratio, n.Title()) }

// bar is a ratio as the page shows it.
type bar struct{ Of, Percent string }

// newBar returns nil for a ratio that the product does not say.
func newBar(ratio *float64, of string) *bar {
	if ratio == nil {
		return nil
	}
	return &bar{of, count(status.Percent(*ratio))}
}

// moment is a point in time and how far away it is.
type moment struct {
	at   time.Time
	away time.Duration
}

// At returns the time in RFC 3339, in UTC.
func (m moment) At() string { return m.at.Format(time.RFC3339) }

// Away says how far the time is from now.
func (m moment) Away() string {
	if m.away > 0 {
		return "in " + status.Span(m.away)
	}
	return status.Span(-m.away) + " ago"
}

func count(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
