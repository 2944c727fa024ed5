package described

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"progress_exporter/collector/progress"
)

// Explanation is what a description makes of one read, for its author.
type Explanation struct {
	// Keys are the expressions in the order of the reference; those that were not reached
	// because the one that feeds them gives nothing have no values.
	Keys []KeySaid
	// Unused are places of the answers, such as .tasks[].host, whose values change nothing
	// of what any key gives.
	Unused []string
	// Answers are those to the questions, in their order; what a login was answered with
	// is none of them.
	Answers []progress.Response
	// Untried is how many values there were beyond those that were tried for Unused.
	Untried int
}

// KeySaid is what one expression gives.
type KeySaid struct {
	Key, Expression string
	Values          []Value
	// Err says why it fails on the answer; nil if it does not.
	Err error
}

// Value is one value that an expression gives.
type Value struct {
	// Type is jq's: null, boolean, number, string, array or object.
	Type string `json:"type"`
	// JSON is the value, without secrets and cut where it is long.
	JSON string `json:"json"`
}

// maxShown bounds what is shown of a value, in bytes.
const maxShown = 200

// ErrNotDescribed is that of Explain for a product that is a program of its own.
var ErrNotDescribed = errors.New("has no description to try")

// Explain reads a source once and says what each key gives. Its error is that of the
// read, beside which there are the answers so far; expressions that fail are told by their
// keys. The source has to be one of a
// Description that names a job.
func Explain(ctx context.Context, of progress.Source, fetch progress.Fetch) (*Explanation, error) {
	s, ok := of.(*source)
	if !ok {
		return nil, ErrNotDescribed
	}
	a := &asker{source: s, fetch: fetch, keep: true}
	in, _, err := a.read(ctx)
	x := &Explanation{Answers: a.answers}
	if err != nil {
		return x, err
	}
	for _, p := range s.posed(ctx, in) {
		x.Keys = append(x.Keys, s.said(ctx, in, p))
	}
	s.findUnused(ctx, in, x)
	return x, nil
}

// posed is an expression with the inputs that it has in a read.
type posed struct {
	*expression
	inputs []any
}

// posed returns all expressions of the description with their inputs.
func (d *description) posed(ctx context.Context, in *scope) []posed {
	var all []posed
	pose := func(inputs []any, list ...*expression) {
		for _, e := range list {
			if e != nil {
				all = append(all, posed{e, inputs})
			}
		}
	}
	root := []any{in.root}
	if d.refusal != nil {
		pose(root, d.refusal.when)
	}
	for _, f := range d.also {
		pose(root, f.when)
	}
	if d.login != nil {
		pose(root, d.login.expired)
	}
	jobs := root
	if d.jobs != nil {
		pose(root, d.jobs)
		jobs = d.outputs(ctx, in, d.jobs, root)
	}
	pose(jobs, d.job, d.jobName, d.state, d.quiet, d.ratio, d.count, d.completed, d.lag, d.copied, d.total, d.start, d.errorCode)
	for _, l := range d.info {
		pose(jobs, l.value)
	}
	pose(jobs, d.work...)
	if n := d.nodes; n != nil {
		pose(jobs, n.each)
		elements := d.outputs(ctx, in, n.each, jobs)
		pose(elements, n.id, n.name, n.kind, n.ratio, n.status, n.errorCode)
		pose(elements, n.work...)
	}
	for _, m := range d.metrics {
		elements := jobs
		if m.each != nil {
			pose(jobs, m.each)
			elements = d.outputs(ctx, in, m.each, jobs)
		}
		pose(elements, m.value)
		for _, l := range m.labels {
			pose(elements, l.value)
		}
	}
	return all
}

// outputs returns what e gives for inputs until it fails, if it does: that is told by its
// own key.
func (d *description) outputs(ctx context.Context, in *scope, e *expression, inputs []any) []any {
	var list []any
	fresh := d.anew(ctx, in)
	for _, input := range inputs {
		if e.each(fresh, input, func(v any) error { list = append(list, v); return nil }) != nil {
			break
		}
	}
	return list
}

// anew returns a scope with all that a read may cost before it. The further answers are
// those of in.
func (d *description) anew(ctx context.Context, in *scope) *scope {
	fresh := *in
	fresh.meter = d.newMeter(ctx)
	return &fresh
}

// said evaluates an expression for all of its inputs.
func (s *source) said(ctx context.Context, in *scope, p posed) KeySaid {
	said := KeySaid{Key: p.key, Expression: p.text}
	fresh := s.anew(ctx, in)
	for _, input := range p.inputs {
		err := p.each(fresh, input, func(v any) error {
			text, err := json.Marshal(v)
			if err != nil { // a number that JSON cannot say
				text = []byte(fmt.Sprint(v))
			}
			shown := s.secrets.Text(string(text), maxShown)
			if p.key == "job" && s.jobs == nil { // it may be a token: it is compared and never shown
				shown = "(not shown)"
			}
			said.Values = append(said.Values, Value{kind(v), shown})
			return nil
		})
		if err != nil {
			said.Err = err
			break
		}
	}
	return said
}
