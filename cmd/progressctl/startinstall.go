package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"gopkg.in/yaml.v3"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/fetch"
	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/targets"
)

// startTime is how long the product may take to answer, or the target's timeout if
// that is longer. It checks the package first; the manual says nothing about how
// long that takes.
const startTime = time.Minute

// startInstall begins an install. It is the one command that changes a product.
type startInstall struct {
	target    string
	token     tokenSource
	overwrite bool
	wait      bool
	waiting
	job jobFile

	given map[string]*bool // whether flags that make no sense alone were given
}

func addStartInstall(app *kingpin.Application) (string, command) {
	c := &startInstall{}
	cmd := app.Command("start-install", "Start the install of an uploaded app package on a Logpresso Sonar.").HelpLong(startInstallHelp)
	cmd.Flag("target", "The target (api: logpresso) with the address and the API key.").Required().StringVar(&c.target)
	c.token.addFlags(cmd)
	cmd.Flag("overwrite", "Install over the same app, in whatever version, if it is there already.").BoolVar(&c.overwrite)
	cmd.Flag("wait", "Wait for the end of the install, as progressctl wait does.").BoolVar(&c.wait)
	c.waiting.addFlags(cmd)
	c.job.addFlags(cmd)
	c.given = map[string]*bool{}
	for _, name := range []string{"timeout", "interval", "mode", "group", "linger"} {
		c.given[name] = new(bool)
		cmd.GetFlag(name).IsSetByUser(c.given[name])
	}
	return "start-install", c
}

const startInstallHelp = `The install needs the token that the upload of the package gave. It comes from
the target's options, from a file or from standard input, never from the command
line, which everybody on the machine can read. The API key of the target needs the
role ADMIN or above.

The product is asked once. If no answer comes back, the install may have begun all
the same: look before you try again.

--job-file writes a target for this install into a file that a running
progress_exporter finds by its target_files, so that it exports the install within
seconds. The target has the file's name (a.yml: a) and is a copy of the --target's
entry, but for its options: they hold the token, so mind --mode and --group.

EXAMPLES
  With the token that the upload wrote into a file:
    progressctl start-install --target sonar --token-file install.token
  From a pipeline's secret, over an older version, until it is done:
    printenv TOKEN | progressctl start-install --target sonar --overwrite --wait --timeout 1h -
  So that a running exporter exports it too, until ten minutes after its end:
    progressctl start-install --target sonar --token-file install.token --wait \
      --job-file /etc/progress_exporter/jobs.d/parser-pack.yml --group progress_exporter

EXIT CODES
  0    started; with --wait: and succeeded
  1    with --wait: the install failed, was cancelled, or vanished
  2    the command line or the configuration is wrong; nothing was asked
  3    with --wait: timed out
  4    with --wait: stalled
  5    no answer, or none that can be understood
  6    not started: the app is there already, in this or another version; see --overwrite
  7    not started: the package cannot be installed
  8    not started: the product answered with an error, such as an expired session
  130  interrupted; an install that has begun goes on
`

// prepared is all that can be checked before the product is asked.
type prepared struct {
	target *targets.Target
	client *fetch.Client
	token  progress.Secret
	job    *pendingFile        // nil: no job file
	engine *collector.Exporter // nil: no --wait
}

func (c *startInstall) run(ctx context.Context, p *program) int {
	s, err := c.prepare(ctx, p)
	if err != nil && ctx.Err() != nil {
		return exitInterrupted
	}
	if err != nil {
		return p.usage(err)
	}
	defer s.close()
	limited, cancel := context.WithTimeout(ctx, max(startTime, s.target.Timeout))
	defer cancel()
	status, err := logpresso.StartInstall(limited, productTarget(s.target), s.client.Do, s.token, c.overwrite)
	began := newBeginning(c.target, status, err, c.overwrite)
	if status.Started && s.job != nil {
		if err := s.job.publish(); err != nil {
			p.complain("the install has begun, but no exporter will see it: %v", err)
		} else {
			began.JobFile = s.job.path
		}
	}
	began.tell(p)
	if !status.Started || s.engine == nil {
		return began.Code
	}
	code := waitFor(ctx, p, s.engine, c.target, c.waiting)
	if began.JobFile != "" {
		s.job.outlive(ctx, p, code, c.job.linger)
	}
	return code
}

// prepare does everything that can go wrong before the product is asked.
func (c *startInstall) prepare(ctx context.Context, p *program) (_ *prepared, err error) {
	if err := c.checkFlags(); err != nil {
		return nil, err
	}
	cfg, err := targets.Load(p.configFile)
	if err != nil {
		return nil, err
	}
	s := &prepared{}
	var ok bool
	if s.target, ok = cfg.Find(c.target); !ok {
		return nil, fmt.Errorf("no target is called %q", c.target)
	}
	if err := inUse(p.configFile, c.target); err != nil {
		return nil, err
	}
	if api := logpresso.API().Name; s.target.API != api {
		return nil, fmt.Errorf("the target %q has the api %s; only %s can start an install", c.target, s.target.API, api)
	}
	if s.token, err = c.token.read(ctx, p.stdin, productTarget(s.target)); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.client, err = fetch.New(s.target.HTTP, time.Now); err != nil {
		return nil, fmt.Errorf("%s: %w", s.target.Origin, err)
	}
	if c.wait {
		if s.engine, err = p.follower(c.target, s.token); err != nil {
			return nil, err
		}
	}
	if c.job.path != "" {
		s.job, err = c.job.prepare(p, cfg, s.target, s.token)
	}
	return s, err
}

// inUse returns an error for a target of a file that the exporter refuses as a whole: what
// stands there may be another's, and is not what would be watched.
func inUse(configFile, name string) error {
	loaded, err := plan.Load(configFile, apis.Known(time.Now))
	if err != nil {
		return err
	}
	if _, err := loaded.Find([]string{name}); err != nil {
		return fmt.Errorf("the target %q stands in a target file that is refused: %w", name, errors.Join(loaded.Warnings()...))
	}
	return nil
}

// checkFlags refuses what would have no effect: somebody who sets a timeout and
// forgets --wait must not take the start for the end.
func (c *startInstall) checkFlags() error {
	file := c.job.path != ""
	var errs []error
	for _, f := range []struct {
		name  string
		needs string
		there bool
	}{
		{"timeout", "--wait", c.wait},
		{"interval", "--wait", c.wait},
		{"mode", "--job-file", file},
		{"group", "--job-file", file},
		{"linger", "--wait and --job-file", c.wait && file},
	} {
		if *c.given[f.name] && !f.there {
			errs = append(errs, fmt.Errorf("--%s needs %s", f.name, f.needs))
		}
	}
	return errors.Join(errs...)
}

func (s *prepared) close() {
	if s.client != nil {
		s.client.Close()
	}
	if s.engine != nil {
		s.engine.Close()
	}
	if s.job != nil {
		s.job.discard()
	}
}

// productTarget is what a product may know of a target.
func productTarget(t *targets.Target) progress.Target {
	return progress.Target{Name: t.Name, URL: t.URL, Options: t.Options, ReadFile: t.ReadFile}
}

// follower returns the engine to follow an install of a target: its options name
// this token, whatever the configuration says. The caller closes it.
func (p *program) follower(target string, token progress.Secret) (*collector.Exporter, error) {
	products := apis.Known(time.Now)
	for i := range products {
		open := products[i].Open
		products[i].Open = func(t progress.Target) (progress.Source, error) {
			if t.Name == target {
				t.Options = func(into any) error { return yaml.Unmarshal([]byte("token: "+token.Reveal()), into) }
			}
			return open(t)
		}
	}
	e, _, err := p.exporterOf(products)
	return e, err
}
