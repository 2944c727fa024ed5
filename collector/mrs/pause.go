package mrs

import (
	"fmt"
	"time"

	"progress_exporter/collector/progress"
)

// The pause after a refused login, which doubles with each further one.
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

// refuse counts a refused login and returns its error.
func (a *account) refuse(password fingerprint, why refusal, l *login) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.count(password, why)
	return a.failure(l)
}

func (a *account) count(password fingerprint, why refusal) {
	pause := shortestPause
	for range a.refusals {
		pause = min(2*pause, longestPause)
	}
	a.refusals++
	a.retry, a.why = a.now().Add(pause), why
	if a.tried == nil {
		a.tried = map[fingerprint]bool{}
	}
	a.tried[password] = true
}

// failure says why there is no session and when there may be one. The refusal
// itself and every read during the pause after it say the same.
func (a *account) failure(l *login) *progress.Error {
	who := "the login"
	if l.username != "" {
		who = fmt.Sprintf("the login of %s", progress.Quote(l.username))
	}
	return progress.Errorf(progress.Auth, "%s at %s was refused (%d in a row): %s; so that no account gets locked, the next try is not before %s, or when the password changes",
		who, l.manager, a.refusals, a.why, a.retry.UTC().Format(time.RFC3339))
}
