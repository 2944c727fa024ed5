// Command progress_replay says what alerts would have done while a job was recorded. It
// is what progressctl replay runs: a program of its own, because Prometheus' storage and
// rules are many times as large as progressctl.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/model"
	"github.com/prometheus/common/version"

	"progress_exporter/collector/recording"
	"progress_exporter/replay"
)

// The exit codes. docs/replay.md says the same.
const (
	exitPlayed = 0
	exitFailed = 1 // the life or the rules could not be played
	exitUsage  = 2
)

// flags are what a person chooses at the command line.
type flags struct {
	life         string
	rules        []string
	interval     time.Duration
	evaluate     time.Duration
	stallAfter   string
	restart      time.Duration
	memory       bool
	descriptions []string
	sweep        string
	output       string
}

func main() {
	debug.SetGCPercent(400) // it is short, and makes much that is soon forgotten
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	var f flags
	app := kingpin.New("progressctl replay", help)
	app.UsageWriter(stdout).HelpFlag.Short('h')
	app.Version(version.Print("progress_replay"))
	app.Arg("life", "What progressctl record has written; its further parts are found beside it.").Required().StringVar(&f.life)
	app.Flag("rules", "A file with Prometheus' rules; repeatable.").Required().PlaceHolder("FILE").StringsVar(&f.rules)
	app.Flag("interval", "How often Prometheus scrapes. Default: as often as the targets were recorded.").PlaceHolder("15s").DurationVar(&f.interval)
	app.Flag("evaluation-interval", "How often Prometheus evaluates rules whose group does not say so. Default: each minute, as Prometheus has it.").PlaceHolder("1m").DurationVar(&f.evaluate)
	app.Flag("stall-after", "The stall_after of every target, instead of those that were recorded; 0s: never.").PlaceHolder("20m").StringVar(&f.stallAfter)
	app.Flag("restart-exporter", "Have the exporter restart each so often.").PlaceHolder("2h").DurationVar(&f.restart)
	app.Flag("memory", "With --restart-exporter: the exporter has a memory file.").BoolVar(&f.memory)
	app.Flag("api-file", "A description of a product that the library does not have; repeatable.").PlaceHolder("FILE").StringsVar(&f.descriptions)
	app.Flag("sweep", "Play it with each of several thresholds and propose one.").PlaceHolder("stall_after=5m..2h").StringVar(&f.sweep)
	app.Flag("output", "What to write to standard output: table, for a person, or json, for a program.").Short('o').Default("table").EnumVar(&f.output, "table", "json")
	if _, err := app.Parse(args); err != nil {
		fmt.Fprintf(stderr, "progressctl replay: %v; try --help\n", err)
		return exitUsage
	}
	cfg, thresholds, err := f.config()
	if err != nil {
		fmt.Fprintf(stderr, "progressctl replay: %v; try --help\n", err)
		return exitUsage
	}
	if err := f.play(cfg, thresholds, stdout); err != nil {
		fmt.Fprintf(stderr, "progressctl replay: %v\n", err)
		return exitFailed
	}
	return exitPlayed
}

const help = `Says what alerts would have done while jobs were recorded. The recorded answers go through the exporter's own code and Prometheus' own rules, hours in seconds.`

// config returns what is to be played, and the thresholds of a sweep.
func (f *flags) config() (replay.Config, []time.Duration, error) {
	cfg := replay.Config{
		Rules: f.rules, Interval: f.interval, Evaluate: f.evaluate, Restart: f.restart, Memory: f.memory, Descriptions: f.descriptions,
	}
	if f.interval < 0 || f.evaluate < 0 || f.restart < 0 {
		return cfg, nil, errors.New("an interval cannot be negative")
	}
	if f.memory && f.restart == 0 {
		return cfg, nil, errors.New("--memory wants --restart-exporter")
	}
	if f.stallAfter != "" {
		d, err := duration(f.stallAfter)
		if err != nil {
			return cfg, nil, fmt.Errorf("--stall-after: %w", err)
		}
		cfg.StallAfter = &d
	}
	if f.sweep == "" {
		return cfg, nil, nil
	}
	if cfg.StallAfter != nil {
		return cfg, nil, errors.New("--sweep tries values of stall_after, leave --stall-after out")
	}
	name, between, _ := strings.Cut(f.sweep, "=")
	first, last, ranged := strings.Cut(between, "..")
	from, err := duration(first)
	to, err2 := duration(last)
	if name != "stall_after" || !ranged || errors.Join(err, err2) != nil || from <= 0 || to < from {
		return cfg, nil, fmt.Errorf("--sweep is %q, want two durations such as stall_after=5m..2h", f.sweep)
	}
	return cfg, replay.Between(from, to), nil
}

// duration reads one as configurations have them: 20m, 1h30m, 1d.
func duration(text string) (time.Duration, error) {
	d, err := model.ParseDuration(text)
	return time.Duration(d), err
}

// play plays and says what came of it.
func (f *flags) play(cfg replay.Config, thresholds []time.Duration, stdout io.Writer) error {
	var err error
	if cfg.Life, err = recording.Open(f.life); err != nil {
		return err
	}
	if thresholds != nil {
		sweep, err := replay.RunSweep(cfg, thresholds)
		if err != nil {
			return err
		}
		return f.write(stdout, sweep, func(w io.Writer) { writeSweep(w, sweep) })
	}
	res, err := replay.Run(cfg)
	if err != nil {
		return err
	}
	return f.write(stdout, res, func(w io.Writer) { writeResult(w, f.life, res) })
}
