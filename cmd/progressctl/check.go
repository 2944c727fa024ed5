package main

import (
	"context"
	"fmt"
	"strconv"
	"text/tabwriter"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// check reads every target once.
type check struct{}

func addCheck(app *kingpin.Application) (string, command) {
	app.Command("check", "Read every target once and report which cannot be read, and what to do about it.").HelpLong(checkHelp)
	return "check", check{}
}

const checkHelp = `EXAMPLES
  After a change of targets.yml, or of a password:
    progressctl --config.file=/etc/progress_exporter/targets.yml check
  The names of the targets that cannot be read:
    progressctl check -o json | jq -r '.[] | select(.up | not) | .target'

EXIT CODES
  0  every target can be read
  2  the command line, the configuration or a target file is wrong
  5  a target cannot be read
`

// checked is a line of check as JSON. The form is stable.
type checked struct {
	Target    string          `json:"target"`
	JobID     string          `json:"job_id,omitempty"`
	JobName   string          `json:"job_name,omitempty"`
	API       string          `json:"api"`
	Up        bool            `json:"up"`
	State     string          `json:"state,omitempty"`
	Reason    progress.Reason `json:"reason,omitempty"`
	ErrorCode string          `json:"error_code,omitempty"`
	Hint      string          `json:"hint,omitempty"`
}

func (check) run(ctx context.Context, p *program) int {
	e, plan, err := p.exporter()
	if err != nil {
		return p.usage(err)
	}
	defer e.Close()
	readings, err := e.Read(ctx)
	if err != nil {
		return p.usage(err)
	}
	if ctx.Err() != nil {
		return exitInterrupted
	}
	list := make([]checked, len(readings))
	code := exitReached
	if len(plan.Warnings()) > 0 {
		code = exitUsage
	}
	for i := range readings {
		if list[i] = newChecked(&readings[i]); !list[i].Up {
			code = exitUnreachable
		}
	}
	if p.output == "json" {
		writeJSON(p.stdout, list, "  ")
		return code
	}
	colour := newPaint(p.stdout)
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "TARGET\tAPI\t%s\tSTATE\tREASON\tHINT\n", colour.by("", "UP"))
	for i, c := range list {
		up := colour.by(readings[i].Kind(), strconv.FormatBool(c.Up))
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", titled(&readings[i]), c.API, up, cell(c.State), cell(string(c.Reason)), cell(c.Hint))
	}
	_ = table.Flush()
	return code
}

func newChecked(r *status.Job) checked {
	c := checked{Target: r.Target, JobID: r.JobID, JobName: r.JobName, API: r.API, Up: r.Err == nil, Hint: hint(r)}
	if r.Err == nil {
		c.State, c.ErrorCode = r.Report.State.String(), r.Report.ErrorCode
	} else {
		c.Reason, c.ErrorCode = r.Err.Reason, r.Err.Code
	}
	return c
}

// hint says what a person may want to look at: at the job, and at what had to be left out of
// the answer.
func hint(r *status.Job) string {
	about := aboutJob(r)
	if r.LeftOut == "" {
		return about
	}
	odd := "left out of the answer: " + r.LeftOut
	if about == "" {
		return odd
	}
	return about + "; " + odd
}

// aboutJob says what is to be known about the job. The message of a failed read says what
// to do already.
func aboutJob(r *status.Job) string {
	rep := &r.Report
	switch {
	case r.Err != nil:
		return r.Err.Message
	case rep.ErrorCode != "":
		return "error code " + rep.ErrorCode
	case rep.State == progress.Unknown:
		return "the product's word for the state is not known: " + progress.Quote(rep.Word)
	case rep.State == progress.None:
		return "no job: it has not begun, or the product does not know it any more"
	case rep.State == progress.Ready:
		return "the job waits for its operator"
	}
	return ""
}
