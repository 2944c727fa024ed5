package described

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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

// maxTries bounds how many values of the answers are tried for being used, and
// maxShown what is shown of a value, in bytes.
const maxTries, maxShown = 1000, 200

// ErrNotDescribed is that of Explain for a product that is a program of its own.
var ErrNotDescribed = errors.New("has no description to try")

// Explain reads a source once and says what each key gives. Its error is that of the
// read; expressions that fail are told by their keys. The source has to be one of a
// Description that names a job.
func Explain(ctx context.Context, of progress.Source, fetch progress.Fetch) (*Explanation, error) {
	s, ok := of.(*source)
	if !ok {
		return nil, ErrNotDescribed
	}
	in, _, err := s.read(ctx, fetch)
	if err != nil {
		return nil, err
	}
	x := &Explanation{}
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
	pose(root, d.job, d.state, d.quiet, d.ratio, d.count, d.completed, d.lag, d.copied, d.total, d.start, d.errorCode)
	for _, l := range d.info {
		pose(root, l.value)
	}
	pose(root, d.work...)
	if n := d.nodes; n != nil {
		pose(root, n.each)
		elements := outputs(ctx, in, n.each)
		pose(elements, n.id, n.name, n.kind, n.ratio, n.status, n.errorCode)
		pose(elements, n.work...)
	}
	for _, m := range d.metrics {
		elements := root
		if m.each != nil {
			pose(root, m.each)
			elements = outputs(ctx, in, m.each)
		}
		pose(elements, m.value)
		for _, l := range m.labels {
			pose(elements, l.value)
		}
	}
	return all
}

// outputs returns what e gives for the answer until it fails, if it does: that is told
// by its own key.
func outputs(ctx context.Context, in *scope, e *expression) []any {
	var list []any
	_ = e.each(in.anew(ctx), in.root, func(v any) error { list = append(list, v); return nil })
	return list
}

// anew returns a scope with all that a read may cost before it. The further answers are
// those of in.
func (s *scope) anew(ctx context.Context) *scope {
	fresh := *s
	fresh.meter = newMeter(ctx)
	return &fresh
}

// said evaluates an expression for all of its inputs.
func (s *source) said(ctx context.Context, in *scope, p posed) KeySaid {
	said := KeySaid{Key: p.key, Expression: p.text}
	fresh := in.anew(ctx)
	for _, input := range p.inputs {
		err := p.each(fresh, input, func(v any) error {
			text, err := json.Marshal(v)
			if err != nil { // a number that JSON cannot say
				text = []byte(fmt.Sprint(v))
			}
			shown := s.secrets.Text(string(text), maxShown)
			if p.key == "job" { // it may be a token: it is compared and never shown
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

// findUnused changes one value of the answers after the other and looks whether anything
// else comes of them.
func (s *source) findUnused(ctx context.Context, in *scope, x *Explanation) {
	before := s.outcome(ctx, in)
	used := map[string]bool{}
	var order []string
	tries := 0
	visit := func(path string, value any, set func(any)) {
		if _, known := used[path]; !known {
			used[path] = false
			order = append(order, path)
		}
		if used[path] {
			return
		}
		if tries++; tries > maxTries || ctx.Err() != nil {
			x.Untried++
			used[path] = true // nobody knows; it is not called unused
			return
		}
		for _, other := range others(value) {
			set(other)
			if s.outcome(ctx, in) != before {
				used[path] = true
				break
			}
		}
		set(value)
	}
	walk("", in.root, func(v any) { in.root = v }, visit)
	for _, f := range s.also {
		walk(alsoVariable+"."+f.name, in.also[f.name], func(v any) { in.also[f.name] = v }, visit)
	}
	for _, path := range order {
		if !used[path] {
			x.Unused = append(x.Unused, s.secrets.Text(path, maxShown))
		}
	}
}

// others returns values that stand for a change of v.
func others(v any) []any {
	list := []any{nil, "?", json.Number("0.5"), json.Number("7000000000"), true}
	if text, ok := v.(string); ok {
		list = append(list, text+"?")
	}
	return list
}

// walk visits every single value below v; elements of a list share a path.
func walk(path string, v any, set func(any), visit func(path string, v any, set func(any))) {
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			step := "." + key
			if !labelName.MatchString(key) {
				step = fmt.Sprintf("[%q]", key)
				if path == "" {
					step = "." + step
				}
			}
			walk(path+step, v[key], func(to any) { v[key] = to }, visit)
		}
	case []any:
		if path == "" {
			path = "."
		}
		for i := range v {
			walk(path+"[]", v[i], func(to any) { v[i] = to }, visit)
		}
	default:
		if path == "" {
			path = "."
		}
		visit(path, v, set)
	}
}

// outcome returns all that the description makes of the answers, as one text that tells
// whether it is the same.
func (s *source) outcome(ctx context.Context, in *scope) string {
	var b strings.Builder
	for _, p := range s.posed(ctx, in) {
		fresh := in.anew(ctx)
		feeds := strings.HasSuffix(p.key, ".each")
		for _, input := range p.inputs {
			err := p.each(fresh, input, func(v any) error {
				if feeds {
					v = nil // what becomes of it is said by the keys that it feeds
				}
				_, _ = fmt.Fprintf(&b, "%#v,", v)
				return nil
			})
			if err != nil {
				b.WriteString(err.Error())
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}
