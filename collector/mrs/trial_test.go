package mrs

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/config"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/fetch"
	"progress_exporter/collector/progress"
)

const form = "POST /cas/login"

// ambiguous are outcomes of the form that do not tell whether the password was right.
func ambiguous() map[string]struct {
	reason string
	fetch  progress.Fetch
} {
	failing := func(reason progress.Reason) progress.Fetch {
		return func(*http.Request) (progress.Response, error) {
			return progress.Response{}, progress.Errorf(reason, "it went wrong")
		}
	}
	return map[string]struct {
		reason string
		fetch  progress.Fetch
	}{
		"no answer in time": {"timeout", failing(progress.Timeout)},
		"reset":             {"connect", failing(progress.Connect)},
		"not HTTP":          {"decode", failing(progress.Decode)},
		"too large":         {"too_large", failing(progress.TooLarge)},
		"cancelled": {"internal", func(*http.Request) (progress.Response, error) {
			return progress.Response{}, progress.Errorf(progress.Internal, "it was cancelled: %w", context.Canceled)
		}},
		"HTTP 429":          {"rate_limited", collectortest.Answering(429, "")},
		"HTTP 500":          {"http_5xx", collectortest.Answering(500, "")},
		"HTTP 503":          {"http_5xx", collectortest.Answering(503, "<html>")},
		"HTTP 404":          {"auth", collectortest.Answering(404, "")},
		"HTTP 200, no page": {"auth", collectortest.Answering(200, "{}")},
	}
}

// Whatever comes back for a password that was sent, it is sent once for all commands of
// the user, until the pause is over; another password is tried at once.
func TestPasswordIsSentOnce(t *testing.T) {
	for name, tc := range ambiguous() {
		t.Run(name, func(t *testing.T) {
			fake, clock, broken := manager(), newClock(), true
			var sent []string
			serve := func(r *http.Request) (progress.Response, error) {
				if r.Method+" "+r.URL.Path != form {
					return collectortest.Served(fake)(r)
				}
				text, _ := io.ReadAll(r.Body)
				values, _ := url.ParseQuery(string(text))
				sent = append(sent, clock.now.Format("15:04:05 ")+values.Get("password"))
				if broken {
					return tc.fetch(r)
				}
				r.Body = io.NopCloser(strings.NewReader(string(text)))
				return collectortest.Served(fake)(r)
			}
			password := "first"
			api := API(clock.Now)
			var sources []progress.Source
			for job := range 20 {
				tg := target(t, "{login: {type: cas, username: ops, password_file: f}}")
				tg.ReadFile, tg.Job = func(string) ([]byte, error) { return []byte(password), nil }, fmt.Sprint(job+1)
				sources = append(sources, openTarget(t, api, tg))
			}
			scrape := func(want string) {
				t.Helper()
				for _, s := range sources {
					if got := read(t, s, serve); got != want {
						t.Fatalf("at %s: %s, want %s", clock.now.Format("15:04:05"), got, want)
					}
				}
			}
			for _, later := range []time.Duration{0, 15 * time.Second, 44 * time.Second} {
				clock.now = clock.now.Add(later)
				scrape(tc.reason + " refusals 1 until 10:31:00")
			}
			clock.now = clock.now.Add(time.Second)
			scrape(tc.reason + " refusals 2 until 10:33:00")
			password = "second"
			scrape(tc.reason + " refusals 3 until 10:35:00")
			password, broken = secret, false
			scrape("succeeded refusals 0")
			want := []string{"10:30:00 first", "10:31:00 first", "10:31:00 second", "10:31:00 " + secret}
			if diff := cmp.Diff(want, sent); diff != "" {
				t.Errorf("passwords sent (-want +got):\n%s", diff)
			}
		})
	}
}

// A login that a file of our own kept from being sent is none: nobody counted a password, and
// no pause follows.
func TestLoginThatWasNeverSent(t *testing.T) {
	missing := progress.Errorf(progress.Internal, "a file with credentials cannot be read: %w", &fs.PathError{Op: "open", Path: "key", Err: fs.ErrNotExist})
	fake, broken := manager(), true
	fetch := func(r *http.Request) (progress.Response, error) {
		if broken && r.Method+" "+r.URL.Path == form {
			return progress.Response{}, missing
		}
		return collectortest.Served(fake)(r)
	}
	source := openTarget(t, API(newClock().Now), target(t, withCAS))
	for range 3 {
		if got := read(t, source, fetch); got != "internal refusals 0" {
			t.Errorf("without the file: %s", got)
		}
	}
	broken = false
	if got := read(t, source, fetch); got != "succeeded refusals 0" {
		t.Errorf("as soon as it is there: %s", got)
	}
}

// The failure keeps its reason and cause, and says what was sent and when the next try
// may be; every read in the pause says the same.
func TestUnansweredForm(t *testing.T) {
	fault := &progress.Error{Reason: progress.Timeout, Message: "POST https://192.0.2.10:20009/cas/login: no answer", Err: context.DeadlineExceeded, RetryAfter: 5 * time.Minute}
	fetch := func(r *http.Request) (progress.Response, error) {
		if r.Method+" "+r.URL.Path == form {
			return progress.Response{}, fault
		}
		return collectortest.Served(manager())(r)
	}
	source := openTarget(t, API(newClock().Now), target(t, withCAS))
	for _, asked := range []time.Duration{5 * time.Minute, 0} { // the pause has it already
		_, err := source.Progress(t.Context(), fetch)
		wantError(t, err, `timeout: the login of "ops" at https://192.0.2.10:28443/web came to no end (1 in a row): POST https://192.0.2.10:20009/cas/login: no answer; `+
			"the password was sent and may have been counted as wrong; so that no account gets locked, the next try is not before 2026-05-12T10:35:00Z, or when the password changes")
		if e := progress.AsError(err); e.RetryAfter != asked || e.Unwrap() != context.DeadlineExceeded {
			t.Errorf("retry after %s, cause %v; want %s and %v", e.RetryAfter, e.Unwrap(), asked, context.DeadlineExceeded)
		}
	}
}

// A panic behind the form counts as well.
func TestPanicBehindTheForm(t *testing.T) {
	fake := manager()
	source := openTarget(t, API(newClock().Now), target(t, withCAS))
	func() {
		defer func() { _ = recover() }()
		_, _ = source.Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
			if r.Method == http.MethodPost {
				panic("fault")
			}
			return collectortest.Served(fake)(r)
		})
	}()
	if got := read(t, source, collectortest.Served(fake)); got != "internal refusals 1 until 10:31:00" || fake.Logins() != 0 {
		t.Errorf("%s after %d more logins", got, fake.Logins())
	}
}

// A context that ends while the form is under way counts, one that ends before does not:
// played over a real connection.
func TestContextEnds(t *testing.T) {
	for at, want := range map[string]string{
		"GET":  "internal refusals 0, then succeeded refusals 0",
		"POST": "internal refusals 1 until 10:31:00, then internal refusals 1 until 10:31:00",
	} {
		t.Run(at, func(t *testing.T) {
			fake := manager()
			ctx, cancel := context.WithCancel(t.Context())
			hung := false
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == at && !hung {
					hung = true
					_, _ = io.Copy(io.Discard, r.Body)
					cancel()
					<-r.Context().Done()
					return
				}
				fake.ServeHTTP(w, r)
			}))
			defer server.Close()
			source := openTarget(t, API(newClock().Now), local(t, server.URL, server.URL))
			do := client(t).Do
			first := readIn(ctx, source, do)
			if got := first + ", then " + read(t, source, do); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// A form for which there was no connection was not sent: the CAS may be tried again.
func TestNoConnectionForTheForm(t *testing.T) {
	fake := manager()
	server := httptest.NewServer(fake)
	defer server.Close()
	unused, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	unused.Close()
	away := true
	do := client(t).Do
	fetch := func(r *http.Request) (progress.Response, error) {
		if r.Method == http.MethodPost && away {
			r.URL.Host = unused.Addr().String()
		}
		return do(r)
	}
	source := openTarget(t, API(newClock().Now), local(t, server.URL, server.URL))
	got := []string{read(t, source, fetch), read(t, source, fetch)}
	away = false
	got = append(got, read(t, source, fetch))
	want := []string{"connect refusals 0", "connect refusals 0", "succeeded refusals 0"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

// local is a target of a manager and a CAS that listen here.
func local(t *testing.T, manager, cas string) progress.Target {
	t.Helper()
	return collectortest.Target(t, manager+"/web", "{command_id: 214, login: {type: cas, username: ops, password: '"+secret+"', cas_url: '"+cas+"/cas'}}", nil)
}

func client(t *testing.T) *fetch.Client {
	t.Helper()
	c, err := fetch.New(config.HTTPClientConfig{}, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
