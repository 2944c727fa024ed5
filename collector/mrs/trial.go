package mrs

import (
	"context"
	"errors"
	"net/http/httptrace"
	"sync/atomic"

	"progress_exporter/collector/progress"
)

// trial is one try to log in. What matters of it is whether the password went out:
// then it counts, whatever came back, because whoever took it may have counted it as
// wrong, and some lock an account after five.
type trial struct {
	password    string
	fingerprint fingerprint
	sent        atomic.Bool
}

// watch returns the context for the request that holds the password. It counts as
// sent unless the transport says that it had no connection to send it over.
func (t *trial) watch(ctx context.Context) context.Context {
	t.sent.Store(true)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.sent.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { t.sent.Store(true) },
	})
}

// logIn makes one try and takes note of what came of it. The caller has the turn.
func (a *account) logIn(ctx context.Context, fetch progress.Fetch, l *login, t *trial) (*session, error) {
	over := false
	defer func() {
		if !over && t.sent.Load() { // a panic
			_ = a.refuse(t.fingerprint, progress.Errorf(progress.Internal, "a fault in the exporter's code broke it off"), l)
		}
	}()
	s, err := a.try(ctx, fetch, l, t)
	over = true
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.current = s
		return s, nil
	}
	var why refusal
	if errors.As(err, &why) {
		return nil, a.refuse(t.fingerprint, why, l)
	}
	failed := *progress.AsError(err) // a copy, for the transport's own stays as it is
	if t.sent.Load() && a.ticket.cookie == nil {
		return nil, a.refuse(t.fingerprint, &failed, l)
	}
	failed.Message = "login: " + failed.Message
	return nil, &failed
}

// try opens a session: with the ticket of a login before, if one is left over from it
// and still good, else with a new one.
func (a *account) try(ctx context.Context, fetch progress.Fetch, l *login, t *trial) (*session, error) {
	if kept := a.ticket; kept.cookie != nil {
		cookies, err := l.open(ctx, fetch, kept.cookie)
		var why refusal
		switch {
		case err == nil:
			a.ticket = ticket{}
			return &session{cookies: cookies, password: kept.password}, nil
		case !errors.As(err, &why):
			return nil, err
		}
		a.ticket = ticket{} // it has expired
	}
	if l.page != "" {
		cookie, err := l.ticket(ctx, browser{fetch: fetch, accept: "text/html"}, t)
		if err != nil {
			return nil, err
		}
		a.ticket = ticket{cookie, t.fingerprint}
	}
	cookies, err := l.open(ctx, fetch, a.ticket.cookie)
	var why refusal
	if err == nil || errors.As(err, &why) {
		a.ticket = ticket{}
	}
	if err != nil {
		return nil, err
	}
	return &session{cookies: cookies, password: t.fingerprint}, nil
}
