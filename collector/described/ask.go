package described

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"net/http"

	"progress_exporter/collector/progress"
)

// read asks all questions and returns what expressions see of the answers, and the first
// answer, which is one that they can read.
func (a *asker) read(ctx context.Context) (in *scope, resp progress.Response, err error) {
	if a.values, err = a.settings.now(); err != nil {
		return nil, resp, err
	}
	in, first, err := a.askFirst(ctx)
	if err != nil {
		return nil, first.Response, err
	}
	if first.undecoded == nil {
		if err := a.refused(in, first.Response); err != nil {
			return nil, first.Response, err
		}
	}
	if err := first.judge(a.request); err != nil {
		return nil, first.Response, err
	}
	in.also, err = a.further(ctx, in, first.Response)
	return in, first.Response, err
}

// asker asks a product's questions with what the options are at the moment.
type asker struct {
	*source
	fetch   progress.Fetch
	values  values
	session http.Header // beside the headers of every question
	keep    bool        // the answers
	answers []progress.Response
}

// answer is an answer, decoded as far as it could be.
type answer struct {
	progress.Response
	root      any
	undecoded error
}

// ask asks one question. Nothing is said yet about the status of the answer: the
// product's own errors come with any.
func (a *asker) ask(ctx context.Context, q *request) (answer, error) {
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
	maps.Copy(req.Header, a.session)
	resp, err := a.fetch(req)
	if err != nil {
		return answer{}, err
	}
	if a.keep {
		kept := resp
		kept.Request, kept.Body = cmp.Or(resp.Request, req), bytes.Clone(resp.Body)
		a.answers = append(a.answers, kept)
	}
	return a.decode(resp), nil
}

// decode decodes an answer, as far as it can be.
func (s *source) decode(resp progress.Response) answer {
	root, undecoded := progress.DecodeAny(resp)
	return answer{resp, s.bound(root), undecoded}
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
func (a *asker) further(ctx context.Context, in *scope, first progress.Response) (map[string]any, error) {
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
	e.Code, e.Said = s.refusal.words(in)
	return e.About(resp.Request)
}

// words returns the code of a refusal and what it says. It stays one, however it is
// written: what cannot be said of it is left out.
func (f *refusal) words(in *scope) (code, said string) {
	code, _ = f.code.word(in, in.root)
	said, _ = f.message.word(in, in.root)
	return code, said
}
