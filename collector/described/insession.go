package described

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// member is a target that asks its questions in a session.
type member struct {
	account *session.Account
	address *url.URL // of the login
	user    string
}

// join returns how a target logs in; nil if it does not.
func (d *description) join(t progress.Target, set *settings) (*member, error) {
	if d.login == nil {
		return nil, nil
	}
	if wanted, err := d.login.wanted(set); err != nil || !wanted {
		return nil, err
	}
	at, err := d.login.address(t.URL, set.given)
	if err != nil {
		return nil, err
	}
	return &member{d.login.account(d.sessions, d.name, at, set.given), at, d.login.user(set.given)}, nil
}

// WithoutLogin returns a source that asks without a login, for answers that are there
// already.
func WithoutLogin(of progress.Source) progress.Source {
	s, ok := of.(*source)
	if !ok {
		return of
	}
	alone := *s
	alone.member = nil
	return &alone
}

// askFirst asks the first question, in a session if the target has a login.
func (a *asker) askFirst(ctx context.Context) (*scope, answer, error) {
	if a.member == nil {
		return a.look(ctx)
	}
	q, err := a.login.request.question(a.member.address, a.values)
	if err != nil {
		return nil, answer{}, err
	}
	delete(q.header, idempotencyKey) // a password is never sent twice
	var in *scope
	var first answer
	var how string
	var odd error
	_, err = a.member.account.Ask(ctx, a.fetch, session.Login{
		User: a.member.user, Address: progress.Address(a.member.address),
		Password: func() (string, error) { return fmt.Sprint(q.address, q.header, string(q.body)), nil },
		Open: func(ctx context.Context, fetch progress.Fetch, t *session.Trial) (http.Header, error) {
			return a.open(ctx, fetch, q, t)
		},
	}, session.Question{
		Ask: func(header http.Header) (resp progress.Response, err error) {
			a.session, a.answers = header, nil
			in, first, err = a.look(ctx)
			return first.Response, err
		},
		WantsLogin: func(progress.Response) string {
			how, odd = a.login.wantsLogin(in, first)
			return how
		},
	})
	switch {
	case err != nil:
	case odd != nil:
		err = contract(odd, first.Response)
	case how != "":
		err = progress.Errorf(progress.Auth, "the product wants a login: it answers with %s; the session was just renewed; check what the user may read", how).About(first.Request)
	}
	return in, first, err
}

// look asks the first question and returns what expressions see of the answer.
func (a *asker) look(ctx context.Context) (*scope, answer, error) {
	first, err := a.ask(ctx, a.request)
	if err != nil {
		return nil, answer{}, err
	}
	return &scope{root: first.root, status: first.Status, options: a.known, meter: a.newMeter(ctx)}, first, nil
}

// open sends a login and returns the headers of its session.
func (a *asker) open(ctx context.Context, fetch progress.Fetch, q *question, t *session.Trial) (http.Header, error) {
	req, err := q.ask(ctx)
	if err != nil {
		return nil, err
	}
	resp, err := fetch(req.WithContext(t.Watch(ctx)))
	if err != nil {
		return nil, err
	}
	said := a.decode(resp)
	in := &scope{root: said.root, status: said.Status, options: a.known, meter: newMeter(ctx)}
	if err := a.login.judge(in, said); err != nil {
		return nil, err
	}
	return a.login.headers(in, resp, func(token string) { a.secrets.Learn("the session", token) })
}
