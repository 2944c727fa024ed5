package mrs

import (
	"net/http"
	"strings"
	"testing"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

// A ticket outlives the outage of the manager behind the CAS, so that the password is
// not sent again for as long as the outage lasts; one that has expired meanwhile is
// renewed within the read.
func TestTicketIsKept(t *testing.T) {
	for name, tc := range map[string]struct {
		expires bool
		logins  int
	}{"good": {false, 1}, "expired": {true, 2}} {
		t.Run(name, func(t *testing.T) {
			fake, broken := manager(), true
			fetch := func(r *http.Request) (progress.Response, error) {
				if broken && strings.HasSuffix(r.URL.Path, "/login_check") {
					return collectortest.Answering(503, "")(r)
				}
				return collectortest.Served(fake)(r)
			}
			source := openTarget(t, API(newClock().Now), target(t, withCAS))
			for range 3 {
				if got := read(t, source, fetch); got != "http_5xx refusals 0" || fake.Logins() != 1 {
					t.Fatalf("%s after %d logins, want http_5xx after 1", got, fake.Logins())
				}
			}
			if tc.expires {
				fake.ExpireSessions()
			}
			broken = false
			if got := read(t, source, fetch); got != "succeeded refusals 0" || fake.Logins() != tc.logins {
				t.Errorf("%s after %d logins, want succeeded after %d", got, fake.Logins(), tc.logins)
			}
		})
	}
}

// A login of the type session sends no password: nothing is counted that did not say no.
func TestSessionWithoutAnswer(t *testing.T) {
	source := openTarget(t, API(newClock().Now), target(t, withSession))
	for _, answer := range []progress.Fetch{collectortest.Answering(503, ""), collectortest.Answering(503, "")} {
		if got := read(t, source, answer); got != "http_5xx refusals 0" {
			t.Error(got)
		}
	}
}
