package mrs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// options are what a target's `options:` may hold.
type options struct {
	CommandID string            `yaml:"command_id"` // written as a number or as text
	Scale     string            `yaml:"total_progress_scale"`
	States    map[string]string `yaml:"states"`
	Login     loginOptions      `yaml:"login"`
}

// scales are what total_progress is divided by. Which one holds is a setting: a
// guess would jump by a factor of 100 when the value passes 1.
var scales = map[string]float64{"": 100, "percent": 100, "ratio": 1}

// open makes the source of a target. One without a command_id is there to be
// probed with a job.
func open(t progress.Target, shared *session.Accounts) (progress.Source, error) {
	var o options
	if err := t.Options(&o); err != nil {
		return nil, err
	}
	c := command{id: o.CommandID}
	what := "options.command_id"
	if t.Job != "" {
		c.id, what = t.Job, "the job"
	}
	var badID, badScale, badURL error
	if c.id != "" && !isID(c.id) {
		badID = fmt.Errorf("%s has to be the id of a command, a positive number of at most 19 digits", what)
	}
	var known bool
	if c.scale, known = scales[o.Scale]; !known {
		badScale = fmt.Errorf("options.total_progress_scale is %q, want percent or ratio", o.Scale)
	}
	if strings.Trim(t.URL.Path, "/") == "" {
		badURL = errors.New("url has to end in /web (https://HOST:28443/web), or in the prefix of the gateway before the manager")
	}
	own, badStates := ownStates(o.States)
	l, badLogin := o.Login.open(t)
	if err := errors.Join(badURL, badID, badScale, badStates, badLogin); err != nil {
		return nil, err
	}
	if c.id == "" {
		return onlyProbed{}, nil
	}
	c.address = t.URL.JoinPath("v1/common/command", c.id, "progress").String()
	c.states = withOwn(own)
	if l != nil {
		c.login = l
		c.account = l.identity.account(shared)
	}
	return c, nil
}

// isID reports whether s is a command's id, a LONG, in its one plain form.
func isID(s string) bool {
	n, err := strconv.ParseInt(s, 10, 64)
	return err == nil && n > 0 && strconv.FormatInt(n, 10) == s
}

// ownStates checks the user's words for states.
func ownStates(given map[string]string) (map[string]progress.State, error) {
	own := make(map[string]progress.State, len(given))
	var problems []error
	for _, word := range slices.Sorted(maps.Keys(given)) {
		state, ok := progress.ParseState(given[word])
		switch {
		case word == "":
			problems = append(problems, errors.New("options.states has an empty word"))
		case !ok:
			problems = append(problems, fmt.Errorf("options.states.%s is %q, want one of %s", word, given[word], stateNames()))
		}
		own[word] = state
	}
	return own, errors.Join(problems...)
}

func stateNames() string {
	var names []string
	for _, s := range progress.States() {
		names = append(names, s.String())
	}
	return strings.Join(names, ", ")
}

// onlyProbed is a target that names no command of its own. Its plain read asks the
// manager nothing and finds no job.
type onlyProbed struct{}

// Progress returns a report without a job.
func (onlyProbed) Progress(context.Context, progress.Fetch) (progress.Report, error) {
	return progress.Report{State: progress.None}, nil
}
