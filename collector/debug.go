package collector

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/prometheus/common/expfmt"

	"progress_exporter/collector/progress"
)

// serveDebug answers /probe with a person's view of one read: what was asked, what
// came back, what it was understood to mean, and the series that it became.
func (h *handlers) serveDebug(w http.ResponseWriter, r *http.Request, t *target) {
	timeout := h.timeout(r.Header, []*target{t})
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout + writePatience))
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	passing := &trace{known: t.secrets}
	o := h.reader.scrapeBy(ctx, t, passing.watch(t.fetch))
	tr := passing.soFar()

	var page bytes.Buffer
	fmt.Fprintf(&page, "target %s of api %s", strconv.QuoteToGraphic(t.target), t.api.Name)
	if t.job != "" {
		fmt.Fprintf(&page, ", job %s", strconv.QuoteToGraphic(t.job))
	}
	fmt.Fprintf(&page, "\nread at %s, took %s, timeout %s\n", o.started.UTC().Format(time.RFC3339Nano), round(o.duration), t.timeout)
	fmt.Fprintf(&page, "\nWHAT WAS ASKED AND CAME BACK\n\n")
	if len(tr.exchanges) == 0 {
		fmt.Fprintf(&page, "nothing: no request was made this time (min_interval, Retry-After, a slot or a credential); below is what the last read brought\n")
	}
	tr.write(&page)
	fmt.Fprintf(&page, "WHAT IT MEANS\n\n")
	writeOutcome(&page, &o.outcome)
	fmt.Fprintf(&page, "\nTHE SERIES\n\n")
	for _, family := range h.vocabulary.expose([]reading{o}) {
		_, _ = expfmt.MetricFamilyToText(&page, family)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = page.WriteTo(newPaced(w, r))
}

// writeOutcome shows the mapped report, as far as the product said something.
func writeOutcome(w io.Writer, o *outcome) {
	if o.err != nil {
		fmt.Fprintf(w, "the read failed: %s\n", escape(o.err.Error()))
		return
	}
	rep := &o.report
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
	if !o.memory.lastChange.IsZero() {
		line("last change", "%s", o.memory.lastChange.UTC().Format(time.RFC3339))
	}
	if !o.memory.end.IsZero() {
		line("ended", "%s", o.memory.end.UTC().Format(time.RFC3339))
	}
	for i := range rep.Nodes {
		n := &rep.Nodes[i]
		line("node", "%s %s %s, status %s, error code %s", progress.Quote(n.ID), progress.Quote(n.Name), progress.Quote(n.Type), progress.Quote(n.Status), progress.Quote(n.ErrorCode))
	}
	for reason, n := range o.dropped {
		if n > 0 {
			line("left out", "%d series: %s", n, dropNames[reason])
		}
	}
	_ = table.Flush()
}
