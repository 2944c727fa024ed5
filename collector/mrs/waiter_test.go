package mrs

import (
	"context"
	"net/http"
	"testing"
	"time"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

// A reader that waits for another's login gives up when its own time is over, and
// the login goes on.
func TestWaiterGivesUp(t *testing.T) {
	fake, api := manager(), API(time.Now)
	entered, proceed := make(chan struct{}), make(chan struct{})
	slow := func(r *http.Request) (progress.Response, error) {
		if r.Method == http.MethodPost {
			close(entered)
			<-proceed
		}
		return collectortest.Served(fake)(r)
	}
	done := make(chan string, 1)
	first := openTarget(t, api, target(t, withCAS))
	go func() { done <- read(t, first, slow) }()
	<-entered
	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := openTarget(t, api, target(t, withCAS)).Progress(over, collectortest.Served(fake))
	wantError(t, err, "timeout: waited for the login of another target at https://192.0.2.10:28443/web, which did not end in time; is the product overloaded, or the timeout too short?")
	close(proceed)
	if got := <-done; got != "succeeded refusals 0" || fake.Logins() != 1 {
		t.Errorf("the one who logs in: %s after %d logins", got, fake.Logins())
	}
}

// When the one who logs in runs out of time, one who waits takes over.
func TestWaiterTakesOver(t *testing.T) {
	fake, api := manager(), API(time.Now)
	entered := make(chan struct{})
	hanging := func(r *http.Request) (progress.Response, error) {
		close(entered)
		<-r.Context().Done()
		return progress.Response{}, progress.Errorf(progress.Timeout, "no answer")
	}
	ctx, cancel := context.WithCancel(t.Context())
	first, second := openTarget(t, api, target(t, withCAS)), openTarget(t, api, target(t, withCAS))
	failed, done := make(chan error, 1), make(chan string, 1)
	go func() { _, err := first.Progress(ctx, hanging); failed <- err }()
	<-entered
	go func() { done <- read(t, second, collectortest.Served(fake)) }()
	cancel()
	wantError(t, <-failed, "timeout: login: no answer")
	if got := <-done; got != "succeeded refusals 0" || fake.Logins() != 1 {
		t.Errorf("the one who took over: %s after %d logins", got, fake.Logins())
	}
}

// A panic in the middle of a login leaves the turn to the next.
func TestPanicInLogin(t *testing.T) {
	fake := manager()
	source := openTarget(t, API(time.Now), target(t, withCAS))
	func() {
		defer func() { _ = recover() }()
		_, _ = source.Progress(t.Context(), func(*http.Request) (progress.Response, error) { panic("fault") })
	}()
	if got := read(t, source, collectortest.Served(fake)); got != "succeeded refusals 0" {
		t.Error(got)
	}
}
