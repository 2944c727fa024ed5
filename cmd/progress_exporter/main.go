// Command progress_exporter exports the progress of long-running jobs that are
// only visible through REST APIs, as Prometheus metrics.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	stdlog "log"
	"maps"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/go-kit/log/level"
	"github.com/prometheus/common/version"
	"github.com/prometheus/exporter-toolkit/web"
	"github.com/prometheus/exporter-toolkit/web/kingpinflag"

	"progress_exporter/cmd/internal/heap"
	"progress_exporter/cmd/internal/logging"
	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/fetch"
	"progress_exporter/collector/plan"
)

// flags are what a person chooses at the command line.
type flags struct {
	configFile  string
	configCheck bool
	lifecycle   bool
	pprof       bool
	prefix      string // of all paths; empty, or with a slash at its beginning only
	stopWithin  time.Duration
	engine      collector.Options
	web         *web.FlagConfig
	log         *logging.Config
}

// An exporter shares its machine, and what a scrape leaves behind is garbage at once:
// the heap is kept small between scrapes. One of few targets may grow as large as that of
// a thousand before it is cleaned up after handfuls of probes. GOGC and GOMEMLIMIT overrule it.
const (
	heapPercent = 40
	heapEnough  = 30 << 20
)

func main() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		heap.Grow(heapPercent, heapEnough)
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	app := kingpin.New("progress_exporter", "Prometheus exporter for long-running jobs that are only visible through a REST progress API.")
	app.UsageWriter(stdout).HelpFlag.Short('h')
	app.Version(version.Print("progress_exporter"))
	f := addFlags(app)
	if _, err := app.Parse(args); err != nil {
		fmt.Fprintf(stderr, "progress_exporter: %v; try --help\n", err)
		return 2
	}
	if f.configCheck {
		return check(f, stdout, stderr)
	}
	if err := serve(f, stderr); err != nil {
		return 1
	}
	return 0
}

func addFlags(app *kingpin.Application) *flags {
	f := &flags{}
	app.Flag("config.file", "The targets to read.").Default("targets.yml").StringVar(&f.configFile)
	app.Flag("config.check", "Check the configuration, report everything that is wrong with it, and exit.").BoolVar(&f.configCheck)
	app.Flag("config.secret-dir", "Refuse targets that name a file outside of this directory, such as a credentials_file. Without, whoever can write a target file can have any file sent to any address that the exporter can read.").StringVar(&f.engine.SecretDir)
	app.Flag("memory.file", "Keep in this file what is remembered of jobs (last movement, end, errors), so that a restart forgets nothing. Each exporter needs a file of its own.").StringVar(&f.engine.MemoryFile)
	app.Flag("scrape.concurrency", "How many targets that answer promptly are read at the same time. A read that is slow does not count, so that hanging targets keep no other waiting.").Default("64").IntVar(&f.engine.Concurrency)
	app.Flag("scrape.timeout-offset", "How much earlier than Prometheus' scrape timeout a scrape is answered.").Default("0.5s").DurationVar(&f.engine.TimeoutOffset)
	app.Flag("metrics.targets", "Read every target on /metrics. Without, it has only the exporter's own metrics and the targets are read by /probe.").Default("true").BoolVar(&f.engine.TargetsOnMetrics)
	app.Flag("web.max-requests", "How many requests are answered at the same time, each by itself: of /metrics, of /targets, of debug views, and of the probes of any one target or job. Further ones get the place of a client from elsewhere that has more of them, or of one that takes nothing of its answer, and else HTTP 503.").Default("40").IntVar(&f.engine.MaxRequests)
	app.Flag("web.shutdown-timeout", "How long stopping may take: scrapes that are under way finish, what is slower is cut.").Default("20s").DurationVar(&f.stopWithin)
	app.Flag("web.enable-lifecycle", "Let POST /-/reload reload the configuration, as SIGHUP does.").BoolVar(&f.lifecycle)
	app.Flag("web.enable-pprof", "Serve Go's profiles under /debug/pprof/.").BoolVar(&f.pprof)
	externalURL := app.Flag("web.external-url", "The URL under which the exporter is reached from outside, for example through a reverse proxy. /sd sends Prometheus there. Its path is the prefix of all paths, unless --web.route-prefix says otherwise. A path alone is enough. Without, /sd answers with the address that it was asked at.").PlaceHolder("<url>").String()
	routePrefix := app.Flag("web.route-prefix", "Prefix of all paths in the exporter itself. Defaults to the path of --web.external-url. Set it to / for a reverse proxy that takes the prefix away.").PlaceHolder("<path>").String()
	f.web = kingpinflag.AddFlags(app, ":10091")
	f.log = logging.AddFlags(app)
	app.Validate(func(*kingpin.Application) (err error) {
		switch {
		case f.engine.Concurrency < 1:
			return errors.New("--scrape.concurrency must be at least 1")
		case f.engine.MaxRequests < 1:
			return errors.New("--web.max-requests must be at least 1")
		case f.stopWithin < 0:
			return errors.New("--web.shutdown-timeout must not be negative")
		case f.engine.TimeoutOffset < 0:
			return errors.New("--scrape.timeout-offset must not be negative")
		}
		f.engine.External, f.prefix, err = addresses(*externalURL, *routePrefix)
		return err
	})
	return f
}

// check says whether the exporter would start with these files.
func check(f *flags, stdout, stderr io.Writer) int {
	loaded, err := plan.LoadWithin(f.engine.SecretDir, f.configFile, apis.Known(time.Now))
	if err == nil {
		err = errors.Join(append(loaded.Warnings(), loaded.CheckSecrets()...)...)
	}
	err = errors.Join(err, web.Validate(*f.web.WebConfigFile))
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	for _, pattern := range loaded.Unmatched { // as it may be where jobs come and go
		fmt.Fprintf(stderr, "warning: target_files: %s matches no file now\n", pattern)
	}
	exposed := loaded.Exposed(&plan.Plan{})
	for _, path := range slices.Sorted(maps.Keys(exposed)) {
		fmt.Fprintf(stderr, "warning: target %q: every user of this machine can read %s; take the right to read it from others (chmod o-r)\n", exposed[path], path)
	}
	targets := "targets"
	if loaded.Len() == 1 {
		targets = "target"
	}
	fmt.Fprintf(stdout, "%s is fine: %d %s\n", f.configFile, loaded.Len(), targets)
	return 0
}

// serve runs until a signal to stop. What goes wrong is logged before it returns.
func serve(f *flags, stderr io.Writer) error {
	logger, slogger := f.log.New(stderr)
	// net/http has things to say about the products that it says to this logger only.
	stdlog.SetFlags(0)
	stdlog.SetOutput(fetch.Discreet(logging.Foreign(logger)))
	_ = level.Info(logger).Log("msg", "Starting progress_exporter", "version", version.Info(), "build_context", version.BuildContext())

	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP) // before the first load: it must not end the process
	defer signal.Stop(hangup)

	f.engine.Logger = logger
	// The counters of the library's products begin to exist with a target that names them.
	exporter := collector.New(apis.All(time.Now), f.engine)
	reloader := collector.NewReloader(exporter, f.configFile, apis.Known(time.Now))
	if err := reloader.Reload(); err != nil {
		exporter.Close()
		return err
	}
	server, err := newServer(f, exporter, reloader)
	if err != nil {
		exporter.Close()
		_ = level.Error(logger).Log("msg", "cannot make the web pages", "err", err)
		return err
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, stopSignals()...)
	defer signal.Stop(signals)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go reloader.Watch(ctx)
	go reloadOnHangup(ctx, hangup, reloader)
	served := make(chan error, 1)
	go func() { served <- web.ListenAndServe(server, f.web, slogger) }()
	select {
	case err := <-served:
		exporter.Close()
		_ = level.Error(logger).Log("msg", "cannot serve", "err", err)
		return err
	case <-signals:
	}
	cancel()
	return (&stopper{server, signals, f.stopWithin, exporter.Close, logger}).stop()
}

// stopSignals are what ends the program.
func stopSignals() []os.Signal { return []os.Signal{os.Interrupt, syscall.SIGTERM} }

// reloadOnHangup reloads at every SIGHUP until ctx ends. What is wrong is logged by
// the reloader.
func reloadOnHangup(ctx context.Context, hangup <-chan os.Signal, reloader *collector.Reloader) {
	for {
		select {
		case <-hangup:
			_ = reloader.Reload()
		case <-ctx.Done():
			return
		}
	}
}
