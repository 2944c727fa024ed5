package mrs

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/mrs/mrstest"
	"progress_exporter/collector/progress"
)

// read is one read in one line: state or reason, and the samples of the login.
func read(t *testing.T, s progress.Source, fetch progress.Fetch) string {
	t.Helper()
	return readIn(t.Context(), s, fetch)
}

// readIn is read as long as ctx lives.
func readIn(ctx context.Context, s progress.Source, fetch progress.Fetch) string {
	r, err := s.Progress(ctx, fetch)
	what := r.State.String()
	if err != nil {
		what = string(progress.AsError(err).Reason)
	}
	for _, sample := range r.Samples {
		switch sample.Family {
		case familyLogins:
			what += fmt.Sprint(" refusals ", sample.Value)
		case familyLogins + 1:
			what += " until " + time.Unix(int64(sample.Value), 0).UTC().Format("15:04:05")
		}
	}
	return what
}

// A session that the manager forgot is renewed, once and within the read.
func TestExpiredSession(t *testing.T) {
	for name, tc := range map[string]struct {
		fake    *mrstest.Server
		options string
	}{
		"cas":     {manager(), withCAS},                                   // redirects
		"session": {&mrstest.Server{Login: mrstest.Session}, withSession}, // shows a login page
	} {
		t.Run(name, func(t *testing.T) {
			source := openTarget(t, API(time.Now), target(t, tc.options))
			var got []string
			for range 3 {
				got = append(got, fmt.Sprint(read(t, source, collectortest.Served(tc.fake)), " logins ", tc.fake.Logins()))
				got = append(got, fmt.Sprint(read(t, source, collectortest.Served(tc.fake)), " logins ", tc.fake.Logins()))
				tc.fake.ExpireSessions()
			}
			want := []string{
				"succeeded refusals 0 logins 1", "succeeded refusals 0 logins 1",
				"succeeded refusals 0 logins 2", "succeeded refusals 0 logins 2",
				"succeeded refusals 0 logins 3", "succeeded refusals 0 logins 3",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("reads (-want +got):\n%s", diff)
			}
		})
	}
}

func TestRenewedOn401(t *testing.T) {
	fake, refuse := manager(), false
	fetch := func(r *http.Request) (progress.Response, error) {
		if refuse && r.URL.Path == "/web/v1/common/command/214/progress" {
			refuse = false
			return progress.Response{Status: 401, Request: r}, nil
		}
		return collectortest.Served(fake)(r)
	}
	source := openTarget(t, API(time.Now), target(t, withCAS))
	for i := range 3 {
		if got := read(t, source, fetch); got != "succeeded refusals 0" || fake.Logins() != i+1 {
			t.Errorf("%s after %d logins, want %d", got, fake.Logins(), i+1)
		}
		refuse = true
	}
}

// Where logins are good and yet bring nothing, they pause like refused ones: one
// login for each try, not one for each read.
func TestUselessSession(t *testing.T) {
	fake, clock, broken := manager(), newClock(), true
	fetch := func(r *http.Request) (progress.Response, error) {
		if broken && r.URL.Path == "/web/v1/common/command/214/progress" {
			return progress.Response{Status: 401, Request: r}, nil
		}
		return collectortest.Served(fake)(r)
	}
	source := openTarget(t, API(clock.Now), target(t, withCAS))
	var got []string
	for _, later := range []time.Duration{0, 59 * time.Second, time.Second, 119 * time.Second} {
		clock.now = clock.now.Add(later)
		got = append(got, fmt.Sprint(read(t, source, fetch), " logins ", fake.Logins()))
	}
	_, err := source.Progress(t.Context(), fetch)
	wantError(t, err, `auth: the login of "ops" at https://192.0.2.10:28443/web was refused (2 in a row): the login was good, but in its session it answers with HTTP 401; `+
		"so that no account gets locked, the next try is not before 2026-05-12T10:33:00Z, or when the password changes")
	broken = false // the session at hand is enough then
	got = append(got, fmt.Sprint(read(t, source, fetch), " logins ", fake.Logins()))
	want := []string{
		"auth refusals 1 until 10:31:00 logins 1",
		"auth refusals 1 until 10:31:00 logins 1",
		"auth refusals 2 until 10:33:00 logins 2",
		"auth refusals 2 until 10:33:00 logins 2",
		"succeeded refusals 0 logins 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

// One command that the manager does not show must not cost the others their
// session, nor the manager a login for each read.
func TestOneBadCommand(t *testing.T) {
	fake, clock := manager(), newClock()
	api := API(clock.Now)
	fetch := func(r *http.Request) (progress.Response, error) {
		if r.URL.Path == "/web/v1/common/command/7/progress" {
			return collectortest.Answering(200, "<html>")(r)
		}
		return collectortest.Served(fake)(r)
	}
	tg := target(t, withCAS)
	good := openTarget(t, api, tg)
	tg.Job = "7"
	bad := openTarget(t, api, tg)
	var got []string
	for _, later := range []time.Duration{0, 59 * time.Second, time.Second, 59 * time.Second} {
		clock.now = clock.now.Add(later)
		got = append(got, fmt.Sprint("bad ", read(t, bad, fetch), ", good ", read(t, good, fetch), ", logins ", fake.Logins()))
	}
	want := []string{
		"bad auth refusals 1 until 10:31:00, good succeeded refusals 0, logins 1",
		"bad auth refusals 0, good succeeded refusals 0, logins 1",
		"bad auth refusals 1 until 10:32:00, good succeeded refusals 0, logins 2",
		"bad auth refusals 0, good succeeded refusals 0, logins 2",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
	_, err := bad.Progress(t.Context(), fetch)
	wantError(t, err, "auth: https://192.0.2.10:28443/web answers with an HTML page where JSON belongs, but not to everything that is asked in this session; check the job and what the user may read")
}

// A session that is good to somebody stays, however long ago it was refused to another.
func TestSessionThatIsGoodToSome(t *testing.T) {
	fake, clock := manager(), newClock()
	api := API(clock.Now)
	tg := target(t, withCAS)
	good := openTarget(t, api, tg)
	tg.Job = "7"
	bad := openTarget(t, api, tg)
	if got := read(t, bad, func(r *http.Request) (progress.Response, error) {
		if r.URL.Path == "/web/v1/common/command/7/progress" {
			return progress.Response{Status: 401, Request: r}, nil
		}
		return collectortest.Served(fake)(r)
	}); got != "auth refusals 1 until 10:31:00" {
		t.Errorf("the bad command: %s", got)
	}
	for range 3 {
		if got := read(t, good, collectortest.Served(fake)); got != "succeeded refusals 0" || fake.Logins() != 1 {
			t.Errorf("the good command: %s after %d logins, want 1", got, fake.Logins())
		}
		clock.now = clock.now.Add(time.Hour)
	}
}

// The manager answers in a session with 404 as well as with a command: when it has
// expired, it is renewed.
func TestSessionOfAnUnknownCommand(t *testing.T) {
	fake, clock := manager(), newClock()
	source := openTarget(t, API(clock.Now), target(t, withCAS))
	unknown := func(r *http.Request) (progress.Response, error) {
		resp, err := collectortest.Served(fake)(r)
		if r.URL.Path == "/web/v1/common/command/214/progress" && resp.Status == http.StatusOK && !progress.IsHTML(resp) {
			return collectortest.Answering(404, "{}")(r)
		}
		return resp, err
	}
	for i := range 3 {
		if got := read(t, source, unknown); got != "http_4xx refusals 0" || fake.Logins() != i+1 {
			t.Errorf("%s after %d logins, want http_4xx after %d", got, fake.Logins(), i+1)
		}
		fake.ExpireSessions()
	}
}

// A session is renewed once within a read, even if it serves others meanwhile.
func TestRenewedOnce(t *testing.T) {
	fake, api := manager(), API(time.Now)
	tg := target(t, withCAS)
	good := openTarget(t, api, tg)
	tg.Job = "7"
	_, err := openTarget(t, api, tg).Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		if r.URL.Path != "/web/v1/common/command/7/progress" {
			return collectortest.Served(fake)(r)
		}
		if got := read(t, good, collectortest.Served(fake)); got != "succeeded refusals 0" {
			t.Errorf("the good command: %s", got)
		}
		return progress.Response{Status: 401, Request: r}, nil
	})
	wantError(t, err, "auth: GET https://192.0.2.10:28443/web/v1/common/command/7/progress: the manager wants a login: it answers with HTTP 401; the session was just renewed; check that the user may read commands")
	if fake.Logins() != 2 {
		t.Errorf("%d logins, want 2", fake.Logins())
	}
}
