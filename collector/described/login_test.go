package described_test

import (
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// A login may send a form, or basic authentication of its own.
func TestLoginRequests(t *testing.T) {
	for request, want := range map[string]string{
		"{path: /login, form: {grant_type: password, username: '{{user}}', password: '{{password}}'}}": "POST application/x-www-form-urlencoded grant_type=password&password=hunter2+%26&username=ops",
		"{path: /login, method: POST, basic_auth: {username: '{{user}}', password: '{{password}}'}}":   "POST  Basic b3BzOmh1bnRlcjIgJg==",
	} {
		text := "name: a\noptions: {user: {}, password: {secret: true}}\nrequest: {path: /}\nstate: .s\nlogin: {take: {header: A}, request: " + request + "}"
		d, err := described.Parse("a.yml", []byte(text), session.New(time.Now))
		if err != nil {
			t.Fatal(err)
		}
		var got string
		_, _ = openOffice(t, d.API, "{user: ops, password: 'hunter2 &'}").Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
			body, _ := io.ReadAll(r.Body)
			got = r.Method + " " + r.Header.Get("Content-Type") + " " + string(body) + r.Header.Get("Authorization")
			return progress.Response{Status: http.StatusForbidden, Request: r}, nil
		})
		if got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// Whatever a login brings, and wherever it goes: one login for all targets of a user, and
// one more when the session has ended.
func TestLogin(t *testing.T) {
	for name, tc := range map[string]struct {
		login string
		said  int
	}{
		"a header":             {byHeader, 0},
		"a header of one name": {"  take: {header: X-Subject}\n  send: {x-token: '{{token}}'}\n", 0},
		"cookies":              {"  take: {cookie: sid}\n", 0},
		"a token":              {"  take: {token: .auth.token}\n  send: {Authorization: 'Bearer {{token}}'}\n", 0},
		"what says it ended":   {byHeader + "  expired: .error == \"session ended\"\n", 200},
		"a status":             {byHeader + "  expired: $status == 403\n", 403},
	} {
		t.Run(name, func(t *testing.T) {
			o := &office{password: "hunter2-of-ops", said: tc.said}
			api := offices(t, tc.login, time.Now)
			first, second := openOffice(t, api, asOps), openOffice(t, api, "{user: ops, password: another, job: j2}")
			other := openOffice(t, api, "{user: ana, password: hunter2-of-ops}")
			var got []string
			for range 2 {
				for _, s := range []progress.Source{first, second, other} {
					got = append(got, fmt.Sprint(readOffice(t, s, o), " logins ", len(o.logins)))
				}
				o.expire()
			}
			want := []string{
				"running refusals 0 logins 1", "running refusals 0 logins 1", "running refusals 0 logins 2",
				"running refusals 0 logins 3", "running refusals 0 logins 3", "running refusals 0 logins 4",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("reads (-want +got):\n%s", diff)
			}
			if want := `POST {"password":"hunter2-of-ops","user":"ops"}`; o.logins[0] != want {
				t.Errorf("the login %s, want %s", o.logins[0], want)
			}
		})
	}
}

// A session is renewed once within a read, even if it serves others meanwhile.
func TestRenewedOnce(t *testing.T) {
	o := &office{password: "hunter2-of-ops"}
	api := offices(t, byHeader, time.Now)
	good, bad := openOffice(t, api, asOps), openOffice(t, api, "{user: ops, password: hunter2-of-ops, job: j2}")
	_, err := bad.Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		if r.URL.Path != "/jobs/j2" {
			return collectortest.Served(o)(r)
		}
		if got := readOffice(t, good, o); got != "running refusals 0" {
			t.Errorf("the good job: %s", got)
		}
		return progress.Response{Status: http.StatusUnauthorized, Request: r}, nil
	})
	const want = "auth: GET http://office.example/jobs/j2: the product wants a login: it answers with HTTP 401; the session was just renewed; check what the user may read"
	if err == nil || err.Error() != want || len(o.logins) != 2 {
		t.Errorf("%v after %d logins, want %s after 2", err, len(o.logins), want)
	}
}

// A target logs in if it has the options for it: none is fine, some are not.
func TestWhoLogsIn(t *testing.T) {
	api := offices(t, byHeader, time.Now)
	for options, want := range map[string]string{
		"{user: ops}":                "options.password is needed for a login, or none of its options",
		"{password: hunter2-of-ops}": "options.user is needed for a login, or none of its options",
	} {
		if _, err := api.Open(collectortest.Target(t, "http://office.example", options, nil)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", options, err, want)
		}
	}
	o := &office{password: "x"}
	for options, want := range map[string]string{"{}": "auth", "{job: j7}": "auth"} {
		if got := readOffice(t, openOffice(t, api, options), o); got != want || len(o.logins) > 0 {
			t.Errorf("%s: %s after %d logins, want %s after none", options, got, len(o.logins), want)
		}
	}
	if got := readOffice(t, described.WithoutLogin(openOffice(t, api, asOps)), o); got != "auth" || len(o.logins) > 0 {
		t.Errorf("without a login: %s after %d logins", got, len(o.logins))
	}
}

// Neither the password nor what it brought is ever shown. The clock goes so fast that no
// pause between logins is left.
func TestHidesInLogins(t *testing.T) {
	var hours atomic.Int64
	hurried := func() time.Time { return time.Unix(0, 0).Add(time.Duration(hours.Add(1)) * time.Hour) }
	collectortest.Hides(t, func(secret string) (collectortest.Product, http.Handler) {
		p := collectortest.Product{
			API: func() progress.API {
				return offices(t, byHeader+"  refusal: {when: .error, code: .error, message: .message}\n", hurried)
			},
			Options: `{user: ops, password: "` + collectortest.Quoted(secret) + `"}`,
		}
		return p, &office{password: secret}
	})
}

// The token of a login is hidden before it was ever sent.
func TestTokenIsLearned(t *testing.T) {
	api := offices(t, byHeader, time.Now)
	secrets := new(progress.Secrets)
	tg := collectortest.Target(t, "http://office.example", asOps, nil)
	tg.Secrets = secrets
	s, err := api.Open(tg)
	if err != nil {
		t.Fatal(err)
	}
	o := &office{password: "hunter2-of-ops"}
	_, err = s.Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		if r.URL.Path != "/login" {
			return progress.Response{}, progress.Errorf(progress.Connect, "gone")
		}
		return collectortest.Served(o)(r)
	})
	if got := secrets.Text("the session is session-000001-of-ops", 200); err == nil || got != "the session is <redacted>" {
		t.Errorf("%v; shown as %s", err, got)
	}
}
