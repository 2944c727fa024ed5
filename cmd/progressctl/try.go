package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector/apis"
	"progress_exporter/collector/described"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// try shows what a description makes of an answer.
type try struct {
	api, target, options, record string
	status                       int
	files                        []string
}

func addTry(app *kingpin.Application) (string, command) {
	c := &try{}
	cmd := app.Command("try", "Show what each key of a description makes of an answer, and what it does not use of it.").HelpLong(tryHelp)
	cmd.Flag("api", "A description of the library, instead of a file.").PlaceHolder("NAME").StringVar(&c.api)
	cmd.Flag("target", "Ask this target of the configuration, instead of a file with an answer.").PlaceHolder("NAME").StringVar(&c.target)
	cmd.Flag("record", "With --target: keep the answers below this directory, without the target's secrets.").PlaceHolder("DIR").StringVar(&c.record)
	cmd.Flag("options", "The options of the target that is made up for an answer, as YAML.").PlaceHolder("YAML").StringVar(&c.options)
	cmd.Flag("status", "The HTTP status of the answer.").Default("200").IntVar(&c.status)
	cmd.Arg("file", "The description, unless --api or --target name one; then the answers, in the order of the questions. Without an answer the description is checked.").StringsVar(&c.files)
	return "try", c
}

const tryHelp = `EXAMPLES
  Is a description right?
    progressctl try backup.yml
  What does it make of an answer?
    curl -s https://backup.example/jobs/42 >answer.json
    progressctl try backup.yml answer.json --options='{id: 42}'
  The same, of a description of the library:
    progressctl try --api=redfish-task answer.json --options='{task: 42}'
  What does a target of targets.yml answer now? Keep it for a bug report:
    progressctl try --target=nightly --record=answers

EXIT CODES
  0  every key says something that it may, or nothing
  1  the description, or what it makes of the answer, is wrong
  2  the command line or the configuration is wrong
  5  the target could not be read
`

func (c *try) run(ctx context.Context, p *program) int {
	products := apis.Known(time.Now)
	of, name, done, code := c.plan(p, products)
	if done {
		return code
	}
	defer of.Close(&plan.Plan{})
	t := of.ByName[name]
	ctx, cancel := context.WithTimeout(ctx, t.Timeout)
	defer cancel()
	x, err := described.Explain(ctx, t.Source, t.Secrets.Watch(t.Fetch))
	if errors.Is(err, described.ErrNotDescribed) {
		return p.usage(fmt.Errorf("%s %w: it is built in, or names no job", t.API.Name, err))
	}
	kept := &kept{x.Answers}
	if err != nil && len(kept.answers) == 0 {
		p.complain("%v", t.Secrets.Error(err))
		return exitUnreachable
	}
	if c.record != "" {
		dir, err := kept.save(c.record, t.Secrets)
		if err != nil {
			p.complain("the answers were not recorded: %v", err)
			return exitFailed
		}
		p.complain("recorded in %s; look for what must not be seen before you show it to others", dir)
	}
	t.Source, t.Fetch = described.WithoutLogin(t.Source), (&replay{answers: kept.answers}).fetch
	said := tried{API: t.API.Name, Keys: []triedKey{}, Series: []string{}, Unused: []string{}}
	code = exitReached
	if err != nil {
		said.Error, code = t.Secrets.Error(err).Error(), exitFailed
		x.Keys, x.Unused = nil, nil
	}
	for _, k := range x.Keys {
		key := triedKey{Key: k.Key, Expression: k.Expression, Values: append([]described.Value{}, k.Values...)}
		if k.Err != nil {
			key.Error, code = k.Err.Error(), exitFailed
		}
		said.Keys = append(said.Keys, key)
	}
	said.Unused = append(said.Unused, x.Unused...)
	report, wrong := t.Secrets.Ask(ctx, t.Source, (&replay{answers: kept.answers}).fetch)
	if wrong != nil {
		said.Error, code = wrong.Error(), exitFailed
	} else if t.Lists {
		said.Jobs = map[string]int{}
		for _, j := range report.Jobs {
			said.Jobs[j.Report.State.String()]++
		}
	} else {
		said.State, said.Word = report.State.String(), t.Secrets.Text(report.Word, 200)
	}
	said.Series = append(said.Series, p.series(ctx, of, name, products)...)
	if p.output == "json" {
		writeJSON(p.stdout, said, "  ")
	} else {
		said.write(p, x.Untried)
	}
	return code
}

// plan makes a plan and names the target of it that is tried. If done is true, there is
// nothing to try: code says why.
func (c *try) plan(p *program, products []progress.API) (of *plan.Plan, target string, done bool, code int) {
	if c.target != "" {
		if c.api != "" || len(c.files) > 0 || c.options != "" {
			return nil, "", true, p.usage(errors.New("--target takes description, options and answer from the configuration and the product; leave the others out"))
		}
		of, err := plan.Load(p.configFile, products)
		if err == nil {
			_, err = of.Find([]string{c.target})
		}
		if err != nil {
			return nil, "", true, p.usage(err)
		}
		return of, c.target, false, exitReached
	}
	file, name, answers := "", c.api, c.files
	switch {
	case c.record != "":
		return nil, "", true, p.usage(errors.New("--record wants --target"))
	case name == "" && len(answers) == 0:
		return nil, "", true, p.usage(errors.New("want the file of a description, --api or --target"))
	case name == "":
		file, answers = answers[0], answers[1:]
		if name, code = p.productOf(file); code != exitReached {
			return nil, "", true, code
		}
	}
	if len(answers) == 0 {
		if file == "" {
			return nil, "", true, p.usage(errors.New("want a file with an answer"))
		}
		fmt.Fprintf(p.stdout, "%s is fine: it describes %s\n", file, name)
		return nil, "", true, exitReached
	}
	given := &replay{}
	for _, answer := range answers {
		body, err := os.ReadFile(answer)
		if err != nil {
			return nil, "", true, p.usage(err)
		}
		given.answers = append(given.answers, jsonAnswer(c.status, body, time.Now()))
	}
	of, err := planOf(file, name, c.options, products)
	if err != nil {
		return nil, "", true, p.usage(err)
	}
	job := of.ByName["job"]
	job.Source, job.Fetch = described.WithoutLogin(job.Source), given.fetch
	return of, "job", false, exitReached
}
