package session

import (
	"errors"
	"fmt"
	"time"

	"progress_exporter/collector/progress"
)

// The pause after a login in vain, which doubles with each further one.
const (
	shortestPause = time.Minute
	longestPause  = time.Hour
)

// Refusal is a login that failed because somebody decided so: a failure that repeating
// does not mend, and may punish.
type Refusal struct {
	Why        string // in our words, with what to do
	Code, Said string // in those of the product, as they came; may be empty
}

// Error says why.
func (r Refusal) Error() string { return r.Why }

// Refused returns a Refusal in our own words.
func Refused(why string) Refusal { return Refusal{Why: why} }

// pausing returns the error for a login that must not be tried yet.
func (a *Account) pausing(password fingerprint, l Login) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.refusals > 0 && a.tried[password] && a.now().Before(a.retry) {
		return a.failure(l)
	}
	return nil
}

// refuse counts a login in vain and returns its error. What the product asked to be
// left alone is in it, and part of the pause.
func (a *Account) refuse(password fingerprint, why error, l Login) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	var asked time.Duration
	var failed *progress.Error
	if errors.As(why, &failed) {
		asked = failed.RetryAfter
	}
	a.count(password, why, asked)
	e := a.failure(l)
	e.RetryAfter = asked
	return e
}

// count adds a login in vain, and the pause after it, which is at least so long.
func (a *Account) count(password fingerprint, why error, atLeast time.Duration) {
	pause := shortestPause
	for range a.refusals {
		if pause = min(2*pause, longestPause); pause == longestPause {
			break
		}
	}
	a.refusals++
	a.retry, a.why = a.now().Add(max(pause, atLeast)), why
	if a.tried == nil {
		a.tried = map[fingerprint]bool{}
	}
	a.tried[password] = true
}

// failure says why there is no session and when there may be one. The login in vain
// itself and every read during the pause after it say the same.
func (a *Account) failure(l Login) *progress.Error {
	who := "the login"
	if l.User != "" {
		who = fmt.Sprintf("the login of %q", l.User)
	}
	next := "so that no account gets locked, the next try is not before " + a.retry.UTC().Format(time.RFC3339) + ", or when the password changes"
	var failed *progress.Error
	if errors.As(a.why, &failed) {
		e := progress.Errorf(failed.Reason, "%s at %s came to no end (%d in a row): %s; the password was sent and may have been counted as wrong; %s",
			who, l.Address, a.refusals, failed.Message, next)
		e.Code, e.Said, e.Err = failed.Code, failed.Said, failed.Err
		return e
	}
	e := progress.Errorf(progress.Auth, "%s at %s was refused (%d in a row): %s; %s", who, l.Address, a.refusals, a.why, next)
	var refusal Refusal
	if errors.As(a.why, &refusal) {
		e.Code, e.Said = refusal.Code, refusal.Said
	}
	return e
}
