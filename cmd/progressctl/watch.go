package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// watch shows jobs until all of them have ended.
type watch struct {
	targets  []string
	interval time.Duration
}

func addWatch(app *kingpin.Application) (string, command) {
	c := &watch{}
	cmd := app.Command("watch", "Show live progress bars of jobs and their nodes until every job has ended.").HelpLong(watchHelp)
	cmd.Arg("target", "The targets to watch. Default: all.").StringsVar(&c.targets)
	addInterval(cmd, &c.interval)
	return "watch", c
}

const watchHelp = `A bar has the share that is done, the state, the rate and the time left at that
rate once the job has moved a few times, and how long ago the job moved. Nodes for
which the terminal has no lines left are not shown. Of more jobs than lines those in
trouble come first, the last line counts the others, and all are listed at the end. If
the output is no terminal, a line is written for every change, and with -o json an
object.

A job that the product does not know (yet) has not ended. Ctrl-C ends the watch.

EXAMPLES
  Two processes of one migration:
    progressctl watch orders-shard0 orders-shard1
  A log of every change:
    progressctl watch | tee install.log

EXIT CODES
  0    every job succeeded
  1    a job failed, was cancelled, or vanished
  2    the command line or the configuration is wrong
  9    standard output could not be written
  130  interrupted
`

func (c *watch) run(ctx context.Context, p *program) int {
	e, _, err := p.exporter()
	if err != nil {
		return p.usage(err)
	}
	defer e.Close()
	jobs, err := pick(e.Known(), c.targets)
	if err != nil {
		return p.usage(err)
	}
	lines := newChanges(p)
	show := func(_ int, r status.Job) { lines.tell(&r) }
	if out, ok := fileOf(p.stdout); ok && p.output == "table" && isTerminal(out) && height(out) > 0 {
		s := newScreen(out, jobs)
		defer s.close()
		show = s.show
	}
	var bad atomic.Bool
	var watching sync.WaitGroup
	for i, job := range jobs {
		watching.Go(func() {
			var w watched
			follow(ctx, e, job.Target, c.interval, func(r status.Job) bool {
				show(i, r)
				return w.ended(&r) || p.mute() // nobody would see the rest
			})
			if w.bad {
				bad.Store(true)
			}
		})
	}
	watching.Wait()
	if bad.Load() {
		return exitFailed
	}
	return exitReached
}

// pick returns the targets with these names, all of them if there are no names.
func pick(known []status.Job, names []string) ([]status.Job, error) {
	if len(names) == 0 {
		return known, nil
	}
	byName := map[string]status.Job{}
	for _, r := range known {
		byName[r.Target] = r
	}
	var picked []status.Job
	for _, name := range names {
		r, ok := byName[name]
		if !ok {
			return nil, fmt.Errorf("no target is called %q", name)
		}
		picked = append(picked, r)
	}
	return picked, nil
}

// watched is a job that is watched to its end.
type watched struct {
	existed bool // the product knew the job
	bad     bool // it ended otherwise than well
}

// ended reports whether a reading shows the job's end. A product that forgets a
// job has ended it as well.
func (w *watched) ended(r *status.Job) bool {
	if r.Err != nil {
		return false
	}
	state := r.Report.State
	vanished := w.existed && state == progress.None
	w.existed = w.existed || state != progress.None
	w.bad = vanished || state.Terminal() && state != progress.Succeeded
	return vanished || state.Terminal()
}
