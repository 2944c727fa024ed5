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

// Progress asks the product once, and for more if the description says so.
func (s *source) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	in, first, err := s.read(ctx, fetch)
	if err != nil {
		return progress.Report{}, err
	}
	r, err := s.report(in)
	if err != nil {
		return progress.Report{}, contract(err, first)
	}
	return r, nil
}

// read asks all questions and returns what expressions see of the answers, and the first
// answer, which is one that they can read.
func (s *source) read(ctx context.Context, fetch progress.Fetch) (*scope, progress.Response, error) {
	v, err := s.settings.now()
	if err != nil {
		return nil, progress.Response{}, err
	}
	a := asker{s, fetch, v}
	first, err := a.ask(ctx, s.request)
	if err != nil {
		return nil, progress.Response{}, err
	}
	in := &scope{root: first.root, status: first.Status, options: s.known, meter: newMeter(ctx)}
	if first.undecoded == nil {
		if err := s.refused(in, first.Response); err != nil {
			return nil, first.Response, err
		}
	}
	if err := first.judge(s.request); err != nil {
		return nil, first.Response, err
	}
	in.also, err = a.further(ctx, in, first.Response)
	return in, first.Response, err
}

// asker asks a product's questions with what the options are at the moment.
type asker struct {
	*source
	fetch  progress.Fetch
	values values
}

// answer is an answer, decoded as far as it could be.
type answer struct {
	progress.Response
	root      any
	undecoded error
}

// ask asks one question. Nothing is said yet about the status of the answer: the
// product's own errors come with any.
func (a asker) ask(ctx context.Context, q *request) (answer, error) {
	question := a.first
	if question == nil || q != a.request {
		var err error
		if question, err = q.question(a.base, a.values); err != nil {
			return answer{}, err
		}
	}
	req, err := question.ask(ctx)
	if err != nil {
		return answer{}, err
	}
	resp, err := a.fetch(req)
	if err != nil {
		return answer{}, err
	}
	root, undecoded := progress.DecodeAny(resp)
	return answer{resp, a.bound(root), undecoded}, nil
}

// judge says whether expressions can read an answer: by its status, and then by whether it
// could be decoded.
func (a answer) judge(q *request) error {
	if !q.accepts(a.Status) || a.undecoded != nil {
		if err := progress.StatusError(a.Response); err != nil {
			return err
		}
	}
	return a.undecoded
}

// further asks what is to be asked beside the first question, and returns the answers by
// name.
func (a asker) further(ctx context.Context, in *scope, first progress.Response) (map[string]any, error) {
	answers := make(map[string]any, len(a.also))
	for _, f := range a.also {
		wanted, err := f.when.truth(in, in.root)
		switch {
		case err != nil:
			return nil, contract(err, first)
		case f.when != nil && !wanted:
			continue
		}
		more, err := a.ask(ctx, f.request)
		if err == nil {
			err = more.judge(f.request)
		}
		if err != nil {
			return nil, err
		}
		answers[f.name] = more.root
	}
	return answers, nil
}

// refused returns the product's own error, or nil if the answer is none.
func (s *source) refused(in *scope, resp progress.Response) error {
	if s.refusal == nil {
		return nil
	}
	said, err := s.refusal.when.truth(in, in.root)
	if err != nil && !s.request.accepts(resp.Status) {
		return nil // not the product's answer, as its status says
	}
	if err != nil {
		return contract(err, resp)
	}
	if !said {
		return nil
	}
	e := progress.Errorf(progress.APIError, "%s answers HTTP %d with an error of its own", s.name, resp.Status)
	// It stays one, however it is written: what cannot be said of it is left out.
	e.Code, _ = s.refusal.code.word(in, in.root)
	e.Said, _ = s.refusal.message.word(in, in.root)
	return e.About(resp.Request)
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
