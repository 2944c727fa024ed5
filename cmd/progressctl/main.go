// Command progressctl is for the person or the pipeline that started a job: it
// reads the same targets as progress_exporter, from a terminal.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"

	"progress_exporter/cmd/internal/logging"
	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/fetch"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// The exit codes. A script may rely on them; docs/progressctl.md says the same.
const (
	exitReached     = 0   // what was asked for is so
	exitFailed      = 1   // the job failed, was cancelled or vanished
	exitUsage       = 2   // the command line or the configuration is wrong
	exitTimeout     = 3   // the job was read, but did not get there in time
	exitStalled     = 4   // the job has not moved for longer than its stall_after
	exitUnreachable = 5   // the product could not be read
	exitInstalled   = 6   // start-install: the app is there already
	exitRefused     = 7   // start-install: the app cannot be installed
	exitAPI         = 8   // start-install: the product answered with an error
	exitOutput      = 9   // all would be well, but standard output could not be written
	exitInterrupted = 130 // Ctrl-C or SIGTERM
)

// program is what every command has: what a person chose for all of them, and
// where to read and write.
type program struct {
	configFile     string
	output         string // "table" or "json"
	log            *logging.Config
	stdin          io.Reader
	stdout, stderr io.Writer
}

// command is one thing that progressctl can do. It returns the exit code, after it
// has said why on stderr.
type command interface {
	run(ctx context.Context, p *program) int
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)                // a second Ctrl-C ends the process at once
	stdlog.SetOutput(fetch.Discreet(os.Stderr)) // where net/http would quote a product
	p := &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}
	os.Exit(p.main(ctx, os.Args[1:]))
}

// main runs the command that the arguments name until it is done or ctx ends.
func (p *program) main(ctx context.Context, args []string) int {
	if code, done := p.delegate(ctx, args); done {
		return code
	}
	out := &output{to: p.stdout}
	p.stdout = out
	code := p.run(ctx, args)
	if err := out.failure(); err != nil {
		p.complain("cannot write to standard output: %v", err)
		if code == exitReached {
			return exitOutput
		}
	}
	return code
}

// run is main without a look at what could be written.
func (p *program) run(ctx context.Context, args []string) int {
	app := kingpin.New("progressctl", "Look at, watch and wait for the long-running jobs that progress_exporter exports, and start an install.")
	app.UsageWriter(patient{p.stdout}).Terminate(p.terminate).UsageTemplate(usageTemplate).HelpFlag.Short('h')
	app.Version(version.Print("progressctl"))
	app.Flag("config.file", "The targets, as progress_exporter reads them.").Default("targets.yml").StringVar(&p.configFile)
	output := app.Flag("output", "What to write to standard output: table, for a person, or json, for a program.").Default("table")
	output.EnumVar(&p.output, "table", "json")
	p.log = logging.AddFlags(app)
	app.GetFlag("log.level").Default("error") // what goes wrong with a job is said anyhow

	app.Action(func(c *kingpin.ParseContext) error { // kingpin would show the help and exit with 0
		if c.SelectedCommand == nil {
			return errors.New("no command was given")
		}
		return nil
	})

	commands := map[string]command{}
	for _, add := range []func(*kingpin.Application) (string, command){addCheck, addGet, addWatch, addWait, addTry, addTest, addRecord, addReplay, addStartInstall} {
		name, c := add(app)
		commands[name] = c
	}
	if first(args, commands) == "record" { // which writes a file and nothing else
		output = app.GetCommand("record").GetFlag("life")
	}
	output.Short('o')
	name, err := app.Parse(args)
	if err != nil {
		return p.usage(err)
	}
	code := commands[name].run(ctx, p)
	if ctx.Err() != nil {
		return exitInterrupted
	}
	return code
}

// first returns the command that arguments name.
func first(args []string, commands map[string]command) string {
	for _, arg := range args {
		if _, known := commands[arg]; known {
			return arg
		}
	}
	return ""
}

// exporter returns the engine with the targets of the configuration. The caller
// closes it. What is wrong with a target file is said on stderr; as in the daemon,
// it takes nothing from the other targets.
func (p *program) exporter() (*collector.Exporter, *plan.Plan, error) {
	return p.exporterOf(apis.Known(time.Now))
}

// exporterOf is exporter with products that a command has changed.
func (p *program) exporterOf(products []progress.API) (*collector.Exporter, *plan.Plan, error) {
	plan, err := plan.Load(p.configFile, products)
	if err != nil {
		return nil, nil, err
	}
	for _, wrong := range plan.Warnings() {
		p.complain("%v", wrong)
	}
	logger, _ := p.log.New(p.stderr)
	e := collector.New(products, collector.Options{Concurrency: concurrency, Logger: logger})
	e.Use(plan)
	return e, plan, nil
}

// concurrency is how many targets are read at the same time, as in the daemon.
const concurrency = 64

// usage says what is wrong with the command line or the configuration.
func (p *program) usage(err error) int {
	p.complain("%v; try --help", err)
	return exitUsage
}

// complain writes a line for a person to stderr. What a product sent is in quotes
// already, see progress.Error.
func (p *program) complain(format string, args ...any) {
	fmt.Fprintf(p.stderr, "progressctl: "+format+"\n", args...)
}
