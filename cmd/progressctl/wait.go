package main

import (
	"context"
	"fmt"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// waiting is how `wait`, and `start-install --wait`, follow a job.
type waiting struct {
	until    goal
	timeout  time.Duration // of the whole wait
	interval time.Duration // from the end of one read to the next
	job      string        // which job of the target; empty: its only one
}

// addFlags adds --timeout and --interval. The goal is to succeed unless it is set
// to another.
func (w *waiting) addFlags(cmd *kingpin.CmdClause) {
	w.until = goal{text: "succeeded"}
	cmd.Flag("timeout", "How long to wait altogether.").Default("30m").SetValue((*positive)(&w.timeout))
	addInterval(cmd, &w.interval)
}

func addInterval(cmd *kingpin.CmdClause, interval *time.Duration) {
	cmd.Flag("interval", "How long to wait from one read to the next, at least 100ms. The target's min_interval holds as well.").
		Default("5s").SetValue((*positive)(interval))
}

// positive is a duration of at least 100ms.
type positive time.Duration

// Set takes the duration from the command line.
func (d *positive) Set(text string) error {
	v, err := time.ParseDuration(text)
	if err != nil || v < 100*time.Millisecond {
		return fmt.Errorf("%q is not a duration of at least 100ms, such as 5s, 30m or 1h30m", text)
	}
	*d = positive(v)
	return nil
}

// String returns the duration.
func (d *positive) String() string { return time.Duration(*d).String() }

// wait is for pipelines.
type wait struct {
	target string
	waiting
}

func addWait(app *kingpin.Application) (string, command) {
	c := &wait{}
	cmd := app.Command("wait", "Wait for a job, for pipelines. Writes a line for every change.").HelpLong(waitHelp)
	cmd.Arg("target", "The target whose job to wait for.").Required().StringVar(&c.target)
	cmd.Flag("job", "Which job of the target: one of a list, or the key that /probe?job= takes. A list has to name one.").PlaceHolder("ID").StringVar(&c.job)
	c.addFlags(cmd)
	cmd.Flag("until", "What to wait for: succeeded, ready (the job waits for its operator), a ratio of the work such as ratio=0.9, or a lag behind the source such as lag=5s, in any phase.").
		Default("succeeded").SetValue(&c.until)
	return "wait", c
}

const waitHelp = `A job that has succeeded is past every goal. One that the product does not know
(yet) is waited for; one that was seen and that the product then no longer knows
has vanished. A product that cannot be read is asked again until the timeout.

EXAMPLES
  In a pipeline:
    progressctl wait siem-parser-pack --timeout 1h || exit
  Until a migration can be committed:
    progressctl wait orders-shard0 --until ready --timeout 12h
  One job of a list:
    progressctl wait photos/42
  The last line as JSON says how it ended:
    progressctl wait siem-parser-pack -o json | tail -n 1 | jq -r .outcome

EXIT CODES
  0    reached
  1    the job failed, was cancelled, or vanished
  2    the command line or the configuration is wrong
  3    timed out
  4    stalled: the job has not moved for longer than the target's stall_after
  5    the product could not be read a single time until the timeout
  130  interrupted
`

func (c *wait) run(ctx context.Context, p *program) int {
	e, _, err := p.exporter()
	if err != nil {
		return p.usage(err)
	}
	defer e.Close()
	target, w := c.target, c.waiting
	if w.job == "" {
		target, w.job = e.Split(c.target)
	}
	return waitFor(ctx, p, e, target, w)
}

// waitFor follows the job of a target until it is decided how the wait ends, and
// returns the exit code. It writes a line for every change, and at the end says on
// stderr why the goal was not reached.
func waitFor(ctx context.Context, p *program, e *collector.Exporter, target string, w waiting) int {
	job := w.job
	jobs, err := pick(e.Known(), []string{target}, e.Split)
	if err != nil {
		return p.usage(err)
	}
	if job == "" && e.Lists(target) {
		return p.usage(fmt.Errorf("%s is a list of jobs; name one with --job, or as %[1]s/JOB", printable(target)))
	}
	limited, cancel := context.WithTimeout(ctx, w.timeout)
	defer cancel()
	lines := newChanges(p)
	j := &judge{waiting: w}
	var end *ending
	last := jobs[0]
	last.JobID = job
	last.Err = progress.Errorf(progress.Timeout, "no answer in %s", w.timeout)
	read := func(ctx context.Context) ([]status.Job, error) { return e.Read(ctx, target) }
	if job != "" {
		read = func(ctx context.Context) ([]status.Job, error) {
			r, err := e.ReadJob(ctx, target, job)
			return []status.Job{r}, err
		}
	}
	var wrong error
	follow(limited, read, w.interval, func(jobs []status.Job, err error) bool {
		if wrong = err; err != nil {
			return true
		}
		last = jobs[0]
		lines.tell(&last)
		end = j.see(&jobs[0])
		return end != nil
	})
	if wrong != nil {
		return p.usage(wrong)
	}
	switch {
	case end == nil && ctx.Err() != nil:
		return exitInterrupted
	case end == nil:
		end = j.timedOut()
	}
	if p.output == "json" {
		writeJSON(p.stdout, struct {
			report
			*ending
		}{newReport(&last), end}, "")
	}
	if end.Code != exitReached {
		p.complain("%s: %s", printable(last.Title()), end.Message)
	}
	return end.Code
}

// follow reads again and again until tell returns true or ctx ends. A read that ctx cut
// short is not told. An error says that there is nothing to read, and is the last.
func follow(ctx context.Context, read func(context.Context) ([]status.Job, error), interval time.Duration, tell func([]status.Job, error) (done bool)) {
	for {
		jobs, err := read(ctx)
		if err == nil && jobs[0].Err != nil && ctx.Err() != nil || tell(jobs, err) || err != nil {
			return
		}
		select {
		case <-time.After(interval):
		case <-ctx.Done():
			return
		}
	}
}
