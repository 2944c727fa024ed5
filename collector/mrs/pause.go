package mrs

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

// pausing returns the error for a login that must not be tried yet.
func (a *account) pausing(password fingerprint, l *login) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.refusals > 0 && a.tried[password] && a.now().Before(a.retry) {
		return a.failure(l)
	}
	return nil
}

// refuse counts a login in vain and returns its error. What the product asked to be
// left alone is in it, and part of the pause.
func (a *account) refuse(password fingerprint, why error, l *login) error {
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
func (a *account) count(password fingerprint, why error, atLeast time.Duration) {
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
func (a *account) failure(l *login) *progress.Error {
	who := "the login"
	if l.username != "" {
		who = fmt.Sprintf("the login of %q", l.username)
	}
	next := "so that no account gets locked, the next try is not before " + a.retry.UTC().Format(time.RFC3339) + ", or when the password changes"
	var failed *progress.Error
	if errors.As(a.why, &failed) {
		e := progress.Errorf(failed.Reason, "%s at %s came to no end (%d in a row): %s; the password was sent and may have been counted as wrong; %s",
			who, l.manager, a.refusals, failed.Message, next)
		e.Code, e.Err = failed.Code, failed.Err
		return e
	}
	return progress.Errorf(progress.Auth, "%s at %s was refused (%d in a row): %s; %s", who, l.manager, a.refusals, a.why, next)
}
