package mrs

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

// A session that was never used keeps through the outage of a proxy.
func TestOutageAfterLogin(t *testing.T) {
	fake := manager()
	source := openTarget(t, API(time.Now), target(t, withCAS))
	fake.SetBody(func() (int, string) { return 503, "<html>" })
	first := read(t, source, collectortest.Served(fake))
	fake.SetBody(nil)
	if diff := cmp.Diff([]string{"http_5xx refusals 0", "succeeded refusals 0"}, []string{first, read(t, source, collectortest.Served(fake))}); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
	if fake.Logins() != 1 {
		t.Errorf("%d logins, want 1", fake.Logins())
	}
}

// The outage of a proxy proves nothing of a session: one that brings nothing after it
// is not renewed for each read.
func TestOutageBeforeAUselessSession(t *testing.T) {
	fake, clock := manager(), newClock()
	source := openTarget(t, API(clock.Now), target(t, withCAS))
	answers := []int{503, 401, 401}
	fetch := func(r *http.Request) (progress.Response, error) {
		if r.URL.Path != "/web/v1/common/command/214/progress" {
			return collectortest.Served(fake)(r)
		}
		status := answers[0]
		answers = answers[1:]
		return progress.Response{Status: status, Request: r}, nil
	}
	got := []string{read(t, source, fetch), read(t, source, fetch), read(t, source, fetch)}
	want := []string{"http_5xx refusals 0", "auth refusals 1 until 10:31:00", "auth refusals 1 until 10:31:00"}
	if diff := cmp.Diff(want, got); diff != "" || fake.Logins() != 1 {
		t.Errorf("%d logins, want 1; reads (-want +got):\n%s", fake.Logins(), diff)
	}
}
