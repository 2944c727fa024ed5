package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector/apis"
	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
)

// cases is the command test: it compares what a description makes of kept answers with
// what it made of them before.
type cases struct {
	api    string
	update bool
	args   []string
}

func addTest(app *kingpin.Application) (string, command) {
	c := &cases{}
	cmd := app.Command("test", "Compare what a description makes of kept answers with the series that are kept beside them.").HelpLong(casesHelp)
	cmd.Flag("api", "A description of the library, instead of a file.").PlaceHolder("NAME").StringVar(&c.api)
	cmd.Flag("update", "Write metrics.txt of each case anew, after a change that is meant; read what changed.").BoolVar(&c.update)
	cmd.Arg("file", "The description, unless --api names one; then the directory with the cases.").Required().StringsVar(&c.args)
	return "test", c
}

const casesHelp = `A case is a directory below DIR:
  response.json    the answer; response-2.json and so on those to further questions
  status           its HTTP status, if it is not 200
  options.yml      the options of the target; DIR/options.yml has those of all cases
  metrics.txt      the series that have to come of it; --update writes it

EXAMPLES
  Begin with an answer of today, and look at what comes of it:
    mkdir -p cases/happy && curl -s https://backup.example/jobs/42 >cases/happy/response.json
    progressctl test --update backup.yml cases && cat cases/happy/metrics.txt
  In a pipeline, after each change of the description:
    progressctl test backup.yml cases

EXIT CODES
  0  every case gives the series that it has to
  1  a case does not, or the description is wrong
  2  the command line or a case cannot be read
`

// testDay is the time on the clock of every case, so that dates in metrics.txt stay what
// they are. It is the one of the exporter's own tests.
var testDay = time.Date(2026, 5, 12, 10, 30, 0, 0, time.UTC)

// caseSaid is what test says of a case, as JSON. The form is stable.
type caseSaid struct {
	Case    string   `json:"case"`
	OK      bool     `json:"ok"`
	Missing []string `json:"missing"` // series of metrics.txt that do not come
	Extra   []string `json:"extra"`   // series that come and are not in metrics.txt
	Error   string   `json:"error,omitempty"`
	Written bool     `json:"written,omitempty"`
}

func (c *cases) run(ctx context.Context, p *program) int {
	file, dir, err := c.named()
	if err != nil {
		return p.usage(err)
	}
	name := c.api
	if file != "" {
		var code int
		if name, code = p.productOf(file); code != exitReached {
			return code
		}
	}
	found, err := filepath.Glob(filepath.Join(dir, "*", "response.json"))
	if err != nil || len(found) == 0 {
		return p.usage(fmt.Errorf("there is no %s", filepath.Join(dir, "CASE", "response.json")))
	}
	said, code := []caseSaid{}, exitReached
	for _, response := range found {
		s, err := c.try(ctx, p, file, name, filepath.Dir(response))
		if err != nil {
			return p.usage(fmt.Errorf("%s: %w", filepath.Dir(response), err))
		}
		if !s.OK && !s.Written {
			code = exitFailed
		}
		said = append(said, s)
	}
	if p.output == "json" {
		writeJSON(p.stdout, said, "  ")
	} else {
		for _, s := range said {
			s.write(p)
		}
	}
	return code
}

// named returns the file of the description, if there is one, and the directory.
func (c *cases) named() (file, dir string, err error) {
	switch {
	case c.api != "" && len(c.args) == 1:
		return "", c.args[0], nil
	case c.api == "" && len(c.args) == 2:
		return c.args[0], c.args[1], nil
	}
	return "", "", errors.New("want a description (its file, or --api) and one directory with cases")
}

// try plays one case.
func (c *cases) try(ctx context.Context, p *program, file, name, dir string) (caseSaid, error) {
	s := caseSaid{Case: filepath.Base(dir), Missing: []string{}, Extra: []string{}}
	answers, options, err := readCase(dir)
	if err != nil {
		return s, err
	}
	products := apis.Known(time.Now)
	of, err := planOf(file, name, options, products)
	if err != nil {
		return s, err
	}
	t := of.ByName["job"]
	t.Source, t.Fetch = described.WithoutLogin(t.Source), (&replay{answers: answers}).fetch
	got, wrong := p.exposed(ctx, of, products, func() time.Time { return testDay })
	if wrong != nil {
		s.Error = wrong.Error()
	}
	golden := filepath.Join(dir, "metrics.txt")
	kept, err := os.ReadFile(golden)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	if s.Missing, s.Extra = differ(seriesIn(string(kept)), got); len(s.Missing)+len(s.Extra) == 0 {
		s.OK = true
		return s, nil
	}
	if c.update {
		s.Written = true
		return s, os.WriteFile(golden, []byte(strings.Join(got, "\n")+"\n"), 0o644)
	}
	return s, nil
}

// readCase returns the answers of a case and the options of its target.
func readCase(dir string) (answers []progress.Response, options string, err error) {
	status := http.StatusOK
	text, err := optional(filepath.Join(dir, "status"))
	if err == nil && text != "" {
		if status, err = strconv.Atoi(text); err != nil {
			err = fmt.Errorf("status holds %q, want an HTTP status", text)
		}
	}
	if err != nil {
		return nil, "", err
	}
	for i := range 1 + described.MaxFurther {
		name := "response.json"
		if i > 0 {
			name = fmt.Sprintf("response-%d.json", i+1)
		}
		body, err := os.ReadFile(filepath.Join(dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			break
		}
		if err != nil {
			return nil, "", err
		}
		answers = append(answers, jsonAnswer(status, body, testDay))
	}
	for _, of := range []string{dir, filepath.Dir(dir)} {
		if options, err = optional(filepath.Join(of, "options.yml")); err != nil || options != "" {
			break
		}
	}
	return answers, options, err
}

// optional returns the text of a file, nothing if there is none.
func optional(file string) (string, error) {
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(content)), err
}

// write says it to a person.
func (s caseSaid) write(p *program) {
	switch {
	case s.OK:
		fmt.Fprintf(p.stdout, "ok       %s\n", printable(s.Case))
		return
	case s.Written:
		fmt.Fprintf(p.stdout, "written  %s\n", printable(s.Case))
	default:
		fmt.Fprintf(p.stdout, "differs  %s\n", printable(s.Case))
	}
	for _, line := range s.Missing {
		fmt.Fprintf(p.stdout, "  - %s\n", printable(line))
	}
	for _, line := range s.Extra {
		fmt.Fprintf(p.stdout, "  + %s\n", printable(line))
	}
	if s.Error != "" {
		fmt.Fprintf(p.stdout, "  the read fails: %s\n", printable(s.Error))
	}
}
