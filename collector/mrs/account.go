package mrs

import (
	"context"
	"crypto/sha256"
	"net/http"
	"sync"
	"time"

	"progress_exporter/collector/progress"
)

// identity says whose session it is. Targets with the same one share it.
type identity struct{ manager, cas, kind, username string }

// accounts are all accounts of one API value. They are few and never forgotten: a
// user that leaves the file and comes back must not be tried anew at once.
type accounts struct {
	now   func() time.Time
	mu    sync.Mutex
	known map[identity]*account
}

// of returns the account with this identity.
func (a *accounts) of(id identity) *account {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known[id] == nil {
		a.known[id] = &account{now: a.now, turn: make(chan struct{}, 1)}
	}
	return a.known[id]
}

// account is a user at a manager: its session, and what is known of its logins.
type account struct {
	now    func() time.Time
	turn   chan struct{} // full while somebody logs in
	ticket ticket        // of who has the turn

	mu       sync.Mutex
	current  *session
	refusals int                  // since the last session that the manager accepted
	retry    time.Time            // no login before it, unless the password is another
	why      error                // a refusal, or the *progress.Error that left it open
	tried    map[fingerprint]bool // the passwords that were sent in vain since then
}

// ticket is what the CAS gave for a password, while no session came of it. It is good
// for a session as soon as the manager answers again, without the password.
type ticket struct {
	cookie   *http.Cookie // nil: there is none
	password fingerprint
}

// session is what a login brought. Its flags are guarded by the account.
type session struct {
	cookies  []*http.Cookie
	password fingerprint
	proven   bool // the manager gave an answer in it
	refused  bool // the manager did not, to one asker, although it was new
}

// fingerprint tells one password from another without keeping it.
type fingerprint [sha256.Size]byte

// session returns the session, after a login if there is none. One asker at a time
// logs in; the others wait, each as long as its own context lives.
func (a *account) session(ctx context.Context, fetch progress.Fetch, l *login) (*session, error) {
	if s := a.usable(); s != nil {
		return s, nil
	}
	select {
	case a.turn <- struct{}{}:
		defer func() { <-a.turn }()
	case <-ctx.Done():
		return nil, progress.Errorf(progress.Timeout, "waited for the login of another target at %s, which did not end in time; is the manager overloaded, or the timeout too short?", l.manager)
	}
	if s := a.usable(); s != nil {
		return s, nil // of the one who had the turn before
	}
	secret, err := l.password()
	if err != nil {
		return nil, err
	}
	t := &trial{password: secret, fingerprint: sha256.Sum256([]byte(secret))}
	if err := a.pausing(t.fingerprint, l); err != nil {
		return nil, err
	}
	return a.logIn(ctx, fetch, l, t)
}

// usable returns the session, if there is one. One that the manager refused is
// kept until the next login may be tried: other commands may fare better.
func (a *account) usable() *session {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := a.current; s != nil && s.refused && !s.proven && !a.now().Before(a.retry) {
		a.current = nil
	}
	return a.current
}

// accepted takes note that the manager answered in a session.
func (a *account) accepted(s *session) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s.proven = true
	if s == a.current {
		a.refusals, a.tried = 0, nil
	}
}

// rejected takes note that the manager wants a login although it was asked in a
// session. One that was good before has expired, and nil says to renew it. For one
// that never was, another login would bring no better: that counts as a refused
// login. One that is refused to some and good to others is renewed after the same
// pause, lest it be renewed for each read.
func (a *account) rejected(s *session, l *login, how string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case s != a.current:
		return nil // somebody else has renewed it
	case s.proven && s.refused && a.now().Before(a.retry):
		return progress.Errorf(progress.Auth, "the manager at %s answers with %s, but not to every command in this session; check the command's id and what the user may read", l.manager, how)
	case s.proven:
		a.current = nil
		return nil
	case !s.refused:
		s.refused = true
		a.count(s.password, refusal("the login was good, but in its session the manager answers with "+how), 0)
	}
	return a.failure(l)
}

// appendTo adds what is known of the logins to samples.
func (a *account) appendTo(samples []progress.Sample) []progress.Sample {
	a.mu.Lock()
	defer a.mu.Unlock()
	samples = progress.Append(samples, familyLoginRefusals, progress.Ptr(float64(a.refusals)))
	if a.refusals > 0 {
		samples = progress.Append(samples, familyLoginRetry, progress.Ptr(float64(a.retry.Unix())))
	}
	return samples
}
