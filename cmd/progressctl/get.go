package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"progress_exporter/collector/status"

	"github.com/alecthomas/kingpin/v2"
)

// get shows the present report of targets.
type get struct{ targets []string }

func addGet(app *kingpin.Application) (string, command) {
	c := &get{}
	cmd := app.Command("get", "Show where the jobs and their nodes stand now.").HelpLong(getHelp)
	cmd.Arg("target", "The targets to show, or jobs of lists as TARGET/JOB. Default: all.").StringsVar(&c.targets)
	return "get", c
}

const getHelp = `A job that has not moved cannot be seen in one read: that is what watch and wait
are for.

EXAMPLES
  All jobs with their nodes:
    progressctl get
  How far one job is, as a number from 0 to 1:
    progressctl get siem-parser-pack -o json | jq '.[0].ratio'

EXIT CODES
  0  every target was read
  2  the command line or the configuration is wrong
  5  a target could not be read
`

func (c *get) run(ctx context.Context, p *program) int {
	e, _, err := p.exporter()
	if err != nil {
		return p.usage(err)
	}
	defer e.Close()
	readings, err := e.Read(ctx, c.targets...)
	if err != nil {
		return p.usage(err)
	}
	if ctx.Err() != nil {
		return exitInterrupted
	}
	if p.output == "json" {
		list := make([]report, len(readings))
		for i := range readings {
			list[i] = newReport(&readings[i])
		}
		writeJSON(p.stdout, list, "  ")
	} else {
		writeTable(p.stdout, readings)
	}
	for i := range readings {
		if readings[i].Err != nil {
			return exitUnreachable
		}
	}
	return exitReached
}

// writeTable writes a line for each job and, below it, one for each of its nodes.
func writeTable(w io.Writer, readings []status.Job) {
	colour := newPaint(w)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	// Most products have no lag: they have no column for it either.
	lag := func(string) string { return "" }
	if slices.ContainsFunc(readings, func(r status.Job) bool { return r.Report.Lag != nil }) {
		lag = func(text string) string { return text + "\t" }
	}
	fmt.Fprintf(table, "TARGET\tTYPE\t%s\tRATIO\t%sNODES\tERROR\n", colour.by("", "STATE"), lag("LAG"))
	for i := range readings {
		r := &readings[i]
		k := r.Kind()
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s%s\t%s\n", titled(r), r.API, colour.by(k, k), percent(r.Progress()), lag(behind(r.Report.Lag)), counted(&r.Report), cell(wrong(r)))
		for _, n := range r.Report.Nodes {
			fmt.Fprintf(table, "  %s\t%s\t%s\t%s\t%s\t%s\n", cell(nodeName(&n)), cell(n.Type), colour.by("", cell(n.Status)), percent(n.Ratio), lag(""), cell(n.ErrorCode))
		}
	}
	_ = table.Flush()
}

// titled returns what a table calls a job.
func titled(r *status.Job) string {
	if r.JobName == "" {
		return printable(r.Title())
	}
	return printable(r.Title()) + " (" + printable(r.JobName) + ")"
}

// wrong says what is wrong with a target; empty if nothing is.
func wrong(r *status.Job) string {
	if r.Err != nil {
		return r.Err.Error()
	}
	return r.Report.ErrorCode
}
