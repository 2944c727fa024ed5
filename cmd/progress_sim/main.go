// Command progress_sim plays the products that progress_exporter reads, on
// loopback ports: for the demo, for drills and for end-to-end tests. It works with
// targets.example.yml as it stands.
//
// Every job begins when the simulator starts and ends once; it stays ended until
// the simulator is started again. With --uploaded the install begins when it is started. With
// --replay it plays what was recorded of real ones. With --alerts.port it prints the alerts
// that Alertmanager sends.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"

	"progress_exporter/collector/collectortest/drill"
)

// flags are what a person chooses at the command line.
type flags struct {
	scenario string
	speed    float64
	length   time.Duration
	host     string
	basePort uint16
	rebased  bool   // --base-port was given
	uploaded bool   // --uploaded: the install waits for start-install
	alerts   uint16 // --alerts.port: where Alertmanager may send alerts; 0: nowhere

	life   string // --replay: what was recorded is played instead of a story
	config string // --replay.config: where to write a configuration that reads it
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run plays until ctx ends. It returns the exit code: 0 after a clean stop, 1 if
// it could not serve, 2 for a wrong command line.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f, err := parse(args, stdout)
	if err != nil {
		fmt.Fprintf(stderr, "progress_sim: %v; try --help\n", err)
		return 2
	}
	play := simulate
	if f.life != "" {
		play = replay
	}
	if err := play(ctx, f, stdout); err != nil {
		fmt.Fprintf(stderr, "progress_sim: %v\n", err)
		return 1
	}
	return 0
}

func parse(args []string, stdout io.Writer) (flags, error) {
	var f flags
	app := kingpin.New("progress_sim", "Plays the products that progress_exporter reads, on the loopback ports that targets.example.yml names. Every job begins at the start of the simulator and ends once.")
	app.UsageWriter(stdout).HelpFlag.Short('h')
	app.Version(version.Print("progress_sim"))
	app.Flag("scenario", "The story of every job: happy, stall, fail, cancel, flap or vanish.").Default(string(drill.Happy)).StringVar(&f.scenario)
	app.Flag("length", "How long the happy story lasts, from 1s to 720h.").Default("3m").DurationVar(&f.length)
	app.Flag("speed", "How many times faster than --length, or than it was recorded, it is played, from 0.01 to 1000.").Default("1").Float64Var(&f.speed)
	app.Flag("listen.host", "The loopback address to listen on.").Default("127.0.0.1").StringVar(&f.host)
	app.Flag("base-port", "Listen on this port and those after it, in the order of targets.example.yml, instead of on the ports it names. 0: on any free ports.").
		IsSetByUser(&f.rebased).Uint16Var(&f.basePort)
	app.Flag("uploaded", "Let the install on Logpresso Sonar wait until progressctl start-install starts it, in place of an older version of the app; its story begins then.").BoolVar(&f.uploaded)
	app.Flag("alerts.port", "Listen on this port as well, for what Alertmanager sends to webhooks, and print a line for each alert. examples/alertmanager.yml sends to 9095. 0: do not.").
		Default("0").Uint16Var(&f.alerts)
	app.Flag("replay", "Play what progressctl record has recorded, from its beginning and --speed times as fast, instead of a story. At its end the last answers stay.").
		PlaceHolder("LIFE").StringVar(&f.life)
	app.Flag("replay.config", "With --replay: write a targets.yml here that reads what is played.").PlaceHolder("FILE").StringVar(&f.config)
	app.Validate(func(*kingpin.Application) error { return f.check() })
	_, err := app.Parse(args)
	return f, err
}

func (f *flags) check() error {
	if _, err := drill.Parse(f.scenario); err != nil {
		return fmt.Errorf("--scenario: %w", err)
	}
	host, err := netip.ParseAddr(f.host)
	switch {
	case err != nil || !host.IsLoopback():
		return fmt.Errorf("--listen.host is %q, want a loopback address such as 127.0.0.1 or ::1: the simulator is not made to be reached from elsewhere", f.host)
	case f.length < time.Second || f.length > 720*time.Hour:
		return errors.New("--length must be from 1s to 720h")
	case !(f.speed >= 0.01 && f.speed <= 1000): // so that NaN is refused, too
		return errors.New("--speed must be from 0.01 to 1000")
	case f.config != "" && f.life == "":
		return errors.New("--replay.config wants --replay")
	case f.uploaded && f.life != "":
		return errors.New("--uploaded is for a story, and --replay plays none")
	case f.alerts > 0 && f.life != "":
		return errors.New("--alerts.port is for a story, and --replay plays none")
	case int(f.basePort)+len(fakes()) > 1<<16:
		return fmt.Errorf("--base-port must be at most %d", 1<<16-len(fakes()))
	}
	return nil
}

// drill returns the story as it begins at start.
func (f *flags) drill(start time.Time) drill.Drill {
	return drill.Drill{Scenario: drill.Scenario(f.scenario), Start: start, Length: time.Duration(float64(f.length) / f.speed)}
}

// port returns where the fake with this place in the list listens; 0: anywhere.
func (f *flags) port(place int, fake fake) uint16 {
	switch {
	case !f.rebased:
		return fake.port
	case f.basePort == 0:
		return 0
	}
	return f.basePort + uint16(place)
}
