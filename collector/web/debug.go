package web

import (
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/prometheus/common/expfmt"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
	"progress_exporter/collector/scrape"
)

// serveDebug answers /probe with a person's view of one read: what was asked, what
// came back, what it was understood to mean, and the series that it became.
func (h *Handlers) serveDebug(w http.ResponseWriter, r *http.Request, t *plan.Target, page *template.Template) {
	passing := &trace{known: t.Secrets}
	o := h.reader.ScrapeBy(r.Context(), t, passing.watch(t.Fetch))
	tr := passing.soFar()

	view := newDebugView(t, &o)
	asked, means, series := view.section("What was asked and came back"), view.section("What it means"), view.section("The series")
	if len(tr.exchanges) == 0 {
		fmt.Fprintf(asked, "nothing: no request was made this time (min_interval, Retry-After, a slot or a credential); below is what the last read brought\n")
	}
	tr.write(asked)
	jobs := scrape.WithJobs([]scrape.Reading{o})
	if o.Err == nil && t.IsList() {
		writeJobs(means, &o, jobs)
	} else { // a list that could not be read was not for any of its jobs
		writeOutcome(means, &o.Outcome)
	}
	for family := range h.vocabulary().Expose(jobs) {
		_, _ = expfmt.MetricFamilyToText(series, family.DTO())
	}
	view.send(newPaced(w, r), r.Header, page)
}

// writeJobs shows what a list held. Its own reading, if it is among those of the jobs, has
// nothing to add.
func writeJobs(w io.Writer, list *scrape.Reading, jobs []scrape.Reading) {
	fmt.Fprintf(w, "a list: %d jobs are shown, those included that left it within the last hour; %d more are in it, beyond max_jobs\n", len(list.Memory.Jobs), list.Memory.CutJobs)
	for i := range jobs {
		if r := &jobs[i]; !r.Target.IsList() {
			fmt.Fprintf(w, "\njob %s\n", strconv.QuoteToGraphic(r.Target.Job))
			writeOutcome(w, &r.Outcome)
		}
	}
}

// writeOutcome shows the mapped report, as far as the product said something.
func writeOutcome(w io.Writer, o *ledger.Outcome) {
	if o.Err != nil {
		fmt.Fprintf(w, "the read failed: %s\n", escape(o.Err.Error()))
		return
	}
	rep := &o.Report
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(table, "%s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	said := func(name string, v *float64) {
		if v != nil {
			line(name, "%v", *v)
		}
	}
	line("state", "%s (the product's word: %s)", rep.State, progress.Quote(rep.Word))
	said("ratio", rep.Ratio)
	said("nodes", rep.NodeCount)
	said("nodes completed", rep.NodesCompleted)
	said("lag, seconds", rep.Lag)
	said("copied bytes", rep.CopiedBytes)
	said("total bytes", rep.TotalBytes)
	if rep.ErrorCode != "" {
		line("error code", "%s", progress.Quote(rep.ErrorCode))
	}
	if !rep.Start.IsZero() {
		line("began", "%s", rep.Start.UTC().Format(time.RFC3339))
	}
	if !o.Memory.LastChange.IsZero() {
		line("last change", "%s", o.Memory.LastChange.UTC().Format(time.RFC3339))
	}
	if !o.Memory.End.IsZero() {
		line("ended", "%s", o.Memory.End.UTC().Format(time.RFC3339))
	}
	for i := range rep.Nodes {
		n := &rep.Nodes[i]
		line("node", "%s %s %s, status %s, error code %s", progress.Quote(n.ID), progress.Quote(n.Name), progress.Quote(n.Type), progress.Quote(n.Status), progress.Quote(n.ErrorCode))
	}
	for _, u := range rep.Unread {
		line("not read", "%s: not the %s that the product documents", u.Field, u.Kind)
	}
	for reason, n := range o.Dropped {
		if n > 0 {
			line("left out", "%d series: %s", n, sanitize.DropNames[reason])
		}
	}
	_ = table.Flush()
}
