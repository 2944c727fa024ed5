package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector/plan"
	"progress_exporter/collector/recording"
)

// record keeps what products answer, read after read.
type record struct {
	targets       []string
	length, every time.Duration
	file          string
	part          int64 // MiB
}

func addRecord(app *kingpin.Application) (string, command) {
	c := &record{}
	cmd := app.Command("record", "Keep what products answer, read after read, to play it again with progressctl replay.").HelpLong(recordHelp)
	cmd.Arg("target", "The targets to record. Default: all.").StringsVar(&c.targets)
	cmd.Flag("for", "How long to record.").Default("24h").DurationVar(&c.length)
	cmd.Flag("interval", "How often a target is read, as a scrape would.").Default("15s").DurationVar(&c.every)
	cmd.Flag("life", "The file to write (-o), compressed if its name ends in .zst or .gz. One that is there already is not touched: the life goes on in LIFE-2.jsonl, LIFE-3.jsonl.").
		Required().PlaceHolder("LIFE").StringVar(&c.file)
	cmd.Flag("part-size", "How large a file becomes, in MiB, before the next one is begun.").Default("64").Int64Var(&c.part)
	return "record", c
}

const recordHelp = `A line of JSON for each read: when, what was answered, or why nothing was. What the
configuration calls secret, credentials, cookies and the values of fields such as
password or token are not in it; addresses, names and everything else that a product
says are. Look at it before you show it to others. Ctrl-C ends it, and nothing is lost.

EXAMPLES
  A day of two jobs:
    progressctl record orders-shard0 orders-shard1 -o orders.jsonl.zst
  What would have been paged meanwhile:
    progressctl replay orders.jsonl.zst --rules=progress.rules.yml

EXIT CODES
  0    recorded for as long as was asked
  1    the file could not be written
  2    the command line or the configuration is wrong
  130  interrupted; what was read until then is recorded
`

func (c *record) run(ctx context.Context, p *program) int {
	if c.every <= 0 || c.length <= 0 || c.part <= 0 {
		return p.usage(errors.New("--for, --interval and --part-size have to be positive"))
	}
	e, of, err := p.exporter()
	if err != nil {
		return p.usage(err)
	}
	defer e.Close()
	list, err := of.Find(c.targets)
	if err != nil {
		return p.usage(err)
	}
	head, err := c.head(list)
	if err != nil {
		return p.usage(err)
	}
	w, err := recording.Create(c.file, c.part<<20, head)
	if err != nil {
		p.complain("the recording cannot be begun: %v", err)
		return exitFailed
	}
	var reads atomic.Int64
	failed := make(chan error, 1)
	keep := func(r recording.Read) {
		reads.Add(1)
		if err := w.Write(r); err != nil {
			select {
			case failed <- err:
			default:
			}
		}
	}
	names := make([]string, len(list))
	for i, t := range list {
		names[i] = t.Target
		t.Source = (&recording.Recorder{Target: t.Target, Secrets: t.Secrets, Now: time.Now, Keep: keep}).Source(t.Source)
	}
	p.complain("recording %s each %s for %s into %s; Ctrl-C ends it", counting(len(list), "target"), c.every, c.length, w.Part())
	read := func(ctx context.Context) { _, _ = e.Read(ctx, names...) } // the names are those of the plan
	err = c.repeat(ctx, read, failed, func(rounds int) {
		all := max(int64(c.length/c.every), 1)
		p.complain("%s after %s, so about %s in %s", bytesOf(w.Size()), counting(rounds, "round"), bytesOf(w.Size()*all/int64(rounds)), c.length)
	})
	e.Close() // no read goes on
	err = errors.Join(err, w.Close())
	if err != nil {
		p.complain("the recording ends early: %v", err)
		return exitFailed
	}
	p.complain("%s of %s, %s, in %s; look for what must not be seen before you show it to others",
		counting(int(reads.Load()), "read"), counting(len(list), "target"), bytesOf(w.Size()), filepath.Clean(c.file))
	return exitReached
}

// foretold is after how many rounds it is said how large the recording will be: from then
// on a compressed one grows evenly.
const foretold = 20

// repeat reads again and again until the time is over, ctx ends or something failed. Foretell
// is called once.
func (c *record) repeat(ctx context.Context, read func(context.Context), failed <-chan error, foretell func(rounds int)) error {
	end := time.NewTimer(c.length)
	defer end.Stop()
	tick := time.NewTicker(c.every)
	defer tick.Stop()
	for rounds := 1; ; rounds++ {
		within, cancel := context.WithTimeout(ctx, c.every) // what takes longer goes on
		read(within)
		cancel()
		if rounds == foretold {
			foretell(rounds)
		}
		select {
		case <-tick.C:
		case err := <-failed:
			return err
		case <-end.C:
			return nil
		case <-ctx.Done():
			return nil
		}
	}
}

// head returns what a life says of its targets.
func (c *record) head(list []*plan.Target) (recording.Head, error) {
	head := recording.Head{Begun: time.Now().UTC(), Interval: recording.Duration(c.every)}
	for _, t := range list {
		var options map[string]any
		if err := t.Options(&options); err != nil {
			return head, err
		}
		kept, err := recording.Options(options, t.Secrets)
		if err != nil {
			return head, fmt.Errorf("%s: %w", t.Target, err)
		}
		told := recording.Target{Name: t.Target, API: t.API.Name, URL: t.Home, StallAfter: recording.Duration(t.StallAfter), MaxJobs: t.MaxJobs, Options: kept}
		if !t.Deadline.IsZero() {
			told.Deadline = &t.Deadline
		}
		for _, l := range t.Labels {
			if l.Name == "target" || l.Name == "api" {
				continue
			}
			if told.Labels == nil {
				told.Labels = map[string]string{}
			}
			told.Labels[l.Name] = l.Value
		}
		head.Targets = append(head.Targets, told)
	}
	return head, nil
}

// counting says how many of something there are.
func counting(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// bytesOf says a size for a person.
func bytesOf(n int64) string {
	switch {
	case n >= 10<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case n >= 10<<10:
		return fmt.Sprintf("%d KiB", n>>10)
	}
	return fmt.Sprintf("%d bytes", n)
}
