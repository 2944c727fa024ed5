package session

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptrace"
	"sync/atomic"

	"progress_exporter/collector/progress"
)

// Trial is one try to log in. What matters of it is whether the password went out:
// then it counts, whatever came back, because whoever took it may have counted it as
// wrong, and some lock an account after five.
type Trial struct {
	// Password is what Login.Password returned.
	Password string
	// Ticket is what the same password brought in a try before, or in this one, while no
	// session came of it; nil if there is none. With one the password is known to be good,
	// and a try that comes to no end does not count.
	Ticket *http.Cookie

	fingerprint fingerprint
	sent        atomic.Bool
}

// ticket is what a try left for the next one.
type ticket struct {
	cookie   *http.Cookie
	password fingerprint
}

// Watch returns the context for the request that holds the password. It counts as
// sent unless the transport says that it had no connection to send it over.
func (t *Trial) Watch(ctx context.Context) context.Context {
	t.sent.Store(true)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { t.sent.Store(false) },
		GotConn: func(httptrace.GotConnInfo) { t.sent.Store(true) },
	})
}

// keptBack reports whether a request never left the exporter, because a file of credentials
// cannot be read, for example. One that was cancelled may have.
func keptBack(failed *progress.Error) bool {
	return failed.Reason == progress.Internal && !errors.Is(failed, context.Canceled)
}

// logIn makes one try and takes note of what came of it. The caller has the turn.
func (a *Account) logIn(ctx context.Context, fetch progress.Fetch, l Login, t *Trial) (*session, error) {
	if a.left.password == t.fingerprint {
		t.Ticket = a.left.cookie
	}
	over := false
	defer func() {
		a.left = ticket{t.Ticket, t.fingerprint}
		if !over && t.sent.Load() { // a panic
			_ = a.refuse(t.fingerprint, progress.Errorf(progress.Internal, "a fault in the exporter's code broke it off"), l)
		}
	}()
	header, err := l.Open(ctx, fetch, t)
	over = true
	if err == nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.current = &session{header: header, password: t.fingerprint}
		return a.current, nil
	}
	var why Refusal
	if errors.As(err, &why) {
		return nil, a.refuse(t.fingerprint, why, l)
	}
	failed := *progress.AsError(err) // a copy, for the transport's own stays as it is
	if t.sent.Load() && t.Ticket == nil && !keptBack(&failed) {
		return nil, a.refuse(t.fingerprint, &failed, l)
	}
	failed.Message = "login: " + failed.Message
	return nil, &failed
}
