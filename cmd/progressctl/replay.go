package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/alecthomas/kingpin/v2"
)

// replayed is a program of its own, which has Prometheus inside: see delegate.
type replayed struct{ args []string }

// replayProgram is what progressctl replay runs.
const replayProgram = "progress_replay"

func addReplay(app *kingpin.Application) (string, command) {
	c := &replayed{}
	cmd := app.Command("replay", "Say what alerts would have done during a recording (runs the program "+replayProgram+").")
	cmd.Arg("args", "See progressctl replay --help.").StringsVar(&c.args)
	return "replay", c
}

// run is reached only with flags before the command, which replay does not have.
func (c *replayed) run(_ context.Context, p *program) int {
	return p.usage(errors.New("replay takes all of its flags behind it"))
}

// delegate runs the program behind a command, if that is how it is done; args are all
// arguments. It returns the exit code.
func (p *program) delegate(ctx context.Context, args []string) (code int, done bool) {
	if len(args) == 0 || args[0] != "replay" {
		return 0, false
	}
	name, err := besides(replayProgram)
	if err != nil {
		p.complain("%v; in a checkout of the source `make replay` builds it into bin/: put it beside progressctl or into the PATH", err)
		return exitUsage, true
	}
	cmd := exec.CommandContext(ctx, name, args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = p.stdin, p.stdout, p.stderr
	var exit *exec.ExitError
	switch err := cmd.Run(); {
	case ctx.Err() != nil:
		return exitInterrupted, true
	case errors.As(err, &exit):
		return exit.ExitCode(), true
	case err != nil:
		p.complain("%s cannot be run: %v", name, err)
		return exitUsage, true
	}
	return exitReached, true
}

// besides finds a program beside this one, or in the PATH.
func besides(name string) (string, error) {
	if self, err := os.Executable(); err == nil {
		if self, err = filepath.EvalSymlinks(self); err == nil {
			if found, err := exec.LookPath(filepath.Join(filepath.Dir(self), name)); err == nil {
				return found, nil
			}
		}
	}
	found, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("there is no %s", name)
	}
	return found, nil
}
