package main

import (
	"context"
	"fmt"
	"slices"
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
	cmd.Arg("target", "The targets to watch, or jobs of lists as TARGET/JOB. Default: all.").StringsVar(&c.targets)
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
	jobs, err := pick(e.Known(), c.targets, e.Split)
	if err != nil {
		return p.usage(err)
	}
	names := once(c.targets)
	if len(names) == 0 {
		names = namesOf(jobs)
	}
	lines := newChanges(p)
	show := func(_ string, jobs []status.Job) {
		for i := range jobs {
			lines.tell(&jobs[i])
		}
	}
	if out, ok := fileOf(p.stdout); ok && p.output == "table" && isTerminal(out) && height(out) > 0 {
		s := newScreen(out, jobs)
		defer s.close()
		show = s.show
	}
	var bad atomic.Bool
	var watching sync.WaitGroup
	for _, target := range names {
		watching.Go(func() {
			w := watched{list: e.Lists(target)}
			read := func(ctx context.Context) ([]status.Job, error) { return e.Read(ctx, target) } // which exists
			follow(ctx, read, c.interval, func(jobs []status.Job, _ error) bool {
				show(target, jobs)
				return w.ended(jobs) || p.mute() // nobody would see the rest
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

// pick returns the targets with these names, all of them if there are no names, and the
// jobs of lists that split finds in them.
func pick(known []status.Job, names []string, split func(string) (target, job string)) ([]status.Job, error) {
	if len(names) == 0 {
		return known, nil
	}
	byName := map[string][]status.Job{}
	for _, r := range known {
		byName[r.Target] = append(byName[r.Target], r)
	}
	var picked []status.Job
	for _, name := range names {
		target, job := split(name)
		jobs, ok := byName[target]
		switch {
		case !ok:
			return nil, fmt.Errorf("no target is called %q", name)
		case job != "":
			one := jobs[0] // the list, which was not read yet
			one.JobID = job
			jobs = []status.Job{one}
		}
		picked = append(picked, jobs...)
	}
	return picked, nil
}

// namesOf returns the targets of jobs, each once.
func namesOf(jobs []status.Job) []string {
	var names []string
	for _, r := range jobs {
		names = append(names, r.Target)
	}
	return once(names)
}

// once returns names, each once.
func once(names []string) []string {
	var list []string
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// watched is a target that is watched to the end of its job, or of all jobs of its list.
type watched struct {
	list    bool
	existed map[string]bool // the jobs that the product knew
	bad     bool            // one ended otherwise than well
}

// ended reports whether a reading shows the end. A product that forgets a job has ended it
// as well. A list without jobs has not ended; what was over in it at first sight is history.
func (w *watched) ended(jobs []status.Job) bool {
	if w.existed == nil {
		w.existed = map[string]bool{}
	}
	w.bad = false
	all := true
	for i := range jobs {
		r := &jobs[i]
		if r.Err != nil || w.list && r.JobID == "" {
			return false
		}
		state := r.Report.State
		vanished := w.existed[r.JobID] && state == progress.None && !r.Ended
		if state != progress.None {
			w.existed[r.JobID] = true
		}
		history := w.list && r.Ended && r.End.IsZero()
		w.bad = w.bad || !history && (vanished || state.Terminal() && state != progress.Succeeded)
		all = all && (vanished || state.Terminal() || w.list && state == progress.None && r.Ended)
	}
	return all
}
