package described

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"

	"progress_exporter/collector/progress"
)

// maxDigits is how long a number may be that is kept with all of its digits.
const maxDigits = 100

// source is one target of a described product.
type source struct {
	*description
	base     *url.URL
	settings *settings
	known    map[string]any // the options that expressions may see
	first    *question      // the first one; nil: it is made anew each time, as it holds secrets
	secrets  *progress.Secrets
	member   *member // nil: the questions are asked without a session
}

// open checks a target's options and returns its source. A target without a job of its
// own is there to be probed with one.
func (d *description) open(t progress.Target) (progress.Source, error) {
	set, err := d.settings(t)
	if err != nil {
		return nil, err
	}
	if job := d.jobOption(); job != nil && set.given[job.name] == "" {
		return onlyProbed{}, nil
	}
	s := &source{description: d, base: t.URL, settings: set, known: map[string]any{}, secrets: t.Secrets}
	for name, o := range d.options {
		if !o.secret {
			s.known[name] = nil
		}
	}
	for name, value := range set.given {
		s.known[name] = value
	}
	if s.member, err = d.join(t, set); err != nil {
		return nil, err
	}
	if len(set.secrets) == 0 {
		if s.first, err = d.request.question(t.URL, set.given); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// onlyProbed is a target that names no job of its own. Its plain read asks the product
// nothing and finds no job.
type onlyProbed struct{}

// Progress returns a report without a job.
func (onlyProbed) Progress(context.Context, progress.Fetch) (progress.Report, error) {
	return progress.Report{State: progress.None}, nil
}

// Lists reports whether the description says which jobs an answer is about.
func (s *source) Lists() bool { return s.jobs != nil }

// Progress asks the product once, and for more if the description says so.
func (s *source) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	a := &asker{source: s, fetch: fetch}
	r, err := a.report(ctx)
	if s.member != nil {
		r.Samples = s.member.account.AppendTo(r.Samples, len(s.metrics))
	}
	return r, err
}

// report asks, and says the answers in the exporter's words.
func (a *asker) report(ctx context.Context) (progress.Report, error) {
	in, first, err := a.read(ctx)
	if err != nil {
		return progress.Report{}, err
	}
	var r progress.Report
	if a.jobs != nil {
		r, err = a.list(in)
	} else {
		r, err = a.description.report(in, in.root)
	}
	if err != nil {
		return progress.Report{}, contract(err, first)
	}
	return r, nil
}

// contract makes what an expression could not make of an answer the failure of a read.
func contract(err error, resp progress.Response) error {
	var f *failure
	if errors.As(err, &f) {
		return progress.Errorf(progress.Contract, "the answer is not what the description says: %v", f).About(resp.Request)
	}
	return err
}

// bound cuts the texts of an answer that are longer than any that is shown, in place, so
// that no expression has much to do with them. Secrets are taken out first: in what is
// left no search would find them.
func (s *source) bound(v any) any {
	switch v := v.(type) {
	case string:
		if len(v) > maxText {
			return s.secrets.Text(v, maxText)
		}
	case json.Number:
		if len(v) > maxDigits {
			n, _ := v.Float64() // as jq has it
			return n
		}
	case []any:
		for i, inner := range v {
			if text, ok := inner.(string); !ok || len(text) > maxText {
				v[i] = s.bound(inner)
			}
		}
	case map[string]any:
		for key, inner := range v {
			if text, ok := inner.(string); !ok || len(text) > maxText {
				v[key] = s.bound(inner)
			}
		}
	}
	return v
}
