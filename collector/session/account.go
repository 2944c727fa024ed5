package session

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"sync"
	"time"

	"progress_exporter/collector/progress"
)

// Accounts are all accounts that somebody logs in with. They are few and never forgotten:
// a user that leaves the configuration and comes back must not be tried anew at once.
type Accounts struct {
	now   func() time.Time
	mu    sync.Mutex
	known map[string]*Account
}

// New returns no accounts yet, with the clock for the pauses between logins.
func New(now func() time.Time) *Accounts {
	return &Accounts{now: now, known: map[string]*Account{}}
}

// Of returns the account with this identity: whatever tells it from all others, such as
// the product, its address and the user.
func (a *Accounts) Of(identity ...string) *Account {
	a.mu.Lock()
	defer a.mu.Unlock()
	key := fmt.Sprintf("%q", identity)
	if a.known[key] == nil {
		a.known[key] = &Account{now: a.now, turn: make(chan struct{}, 1)}
	}
	return a.known[key]
}

// Account is a user of a product: its session, and what is known of its logins.
type Account struct {
	now  func() time.Time
	turn chan struct{} // full while somebody logs in
	left ticket        // of who has the turn

	mu       sync.Mutex
	current  *session
	refusals int                  // since the last session that the product accepted
	retry    time.Time            // no login before it, unless the password is another
	why      error                // a Refusal, or the *progress.Error that left it open
	tried    map[fingerprint]bool // the passwords that were sent in vain since then
}

// Login is how a target logs in.
type Login struct {
	User    string // who, for messages; may be empty
	Address string // of the product, for messages
	// Password returns what the login will send and the product may refuse, as it is now:
	// another one is tried at once. It is never kept.
	Password func() (string, error)
	// Open logs in and returns the headers that requests have in the session. Its error is
	// a Refusal or a *progress.Error.
	Open func(context.Context, progress.Fetch, *Trial) (http.Header, error)
}

// session is what a login brought. Its flags are guarded by the account.
type session struct {
	header   http.Header
	password fingerprint
	proven   bool // the product gave an answer in it
	refused  bool // the product did not, to one asker, although it was new
}

// fingerprint tells one password from another without keeping it.
type fingerprint [sha256.Size]byte

func fingerprintOf(password string) fingerprint { return sha256.Sum256([]byte(password)) }

// Question is what is asked in a session.
type Question struct {
	// Ask sends it with the headers of the session beside its own.
	Ask func(session http.Header) (progress.Response, error)
	// WantsLogin says how an answer asks for a login (again), as in "it answers with HTTP
	// 401"; empty: it does not.
	WantsLogin func(progress.Response) string
}

// Ask asks a question in the account's session, after a login if there is none. A session
// that has expired is renewed once. The answer may still want a login then.
func (a *Account) Ask(ctx context.Context, fetch progress.Fetch, l Login, q Question) (resp progress.Response, err error) {
	_, _ = l.Password() // so that the target's Secrets know it, whichever target logs in
	for range 2 {
		s, err := a.session(ctx, fetch, l)
		if err != nil {
			return resp, err
		}
		if resp, err = q.Ask(s.header); err != nil {
			return resp, err
		}
		how := q.WantsLogin(resp)
		if how == "" {
			if resp.Status < http.StatusInternalServerError { // else a proxy may have answered
				a.accepted(s)
			}
			return resp, nil
		}
		if err := a.rejected(s, l, how); err != nil {
			return resp, err
		}
	}
	return resp, nil
}

// session returns the session, after a login if there is none. One asker at a time
// logs in; the others wait, each as long as its own context lives.
func (a *Account) session(ctx context.Context, fetch progress.Fetch, l Login) (*session, error) {
	if s := a.usable(); s != nil {
		return s, nil
	}
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return nil, progress.Errorf(progress.Timeout, "waited for the login of another target at %s, which did not end in time; is the product overloaded, or the timeout too short?", l.Address)
	}
	if s := a.usable(); s != nil {
		return s, nil // of the one who had the turn before
	}
	password, err := l.Password()
	if err != nil {
		return nil, err
	}
	t := &Trial{Password: password, fingerprint: fingerprintOf(password)}
	if err := a.pausing(t.fingerprint, l); err != nil {
		return nil, err
	}
	return a.logIn(ctx, fetch, l, t)
}

// usable returns the session, if there is one. One that the product refused is
// kept until the next login may be tried: other jobs may fare better.
func (a *Account) usable() *session {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.current; s != nil && s.refused && !s.proven && !a.now().Before(a.retry) {
		a.current = nil
	}
	return a.current
}

// accepted takes note that the product answered in a session.
func (a *Account) accepted(s *session) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s.proven = true
	if s == a.current {
		a.refusals, a.tried = 0, nil
	}
}

// rejected takes note that the product wants a login although it was asked in a
// session. One that was good before has expired, and nil says to renew it. For one
// that never was, another login would bring no better: that counts as a refused
// login. One that is refused to some and good to others is renewed after the same
// pause, lest it be renewed for each read.
func (a *Account) rejected(s *session, l Login, how string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case s != a.current:
		return nil // somebody else has renewed it
	case s.proven && s.refused && a.now().Before(a.retry):
		return progress.Errorf(progress.Auth, "%s answers with %s, but not to everything that is asked in this session; check the job and what the user may read", l.Address, how)
	case s.proven:
		a.current = nil
		return nil
	case !s.refused:
		s.refused = true
		a.count(s.password, Refused("the login was good, but in its session it answers with "+how), 0)
	}
	return a.failure(l)
}
