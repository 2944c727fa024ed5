package described_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// office is a product that wants a login: a user and a password for a session, which it
// wants with every question. It gives the session in a header, a cookie and the body.
type office struct {
	password string
	broken   http.HandlerFunc // answers logins, if it is set
	said     int              // the status of an answer without a session; 0: 401

	mu       sync.Mutex
	sessions map[string]bool
	logins   []string // their bodies
}

// ServeHTTP implements http.Handler.
func (o *office) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	if r.URL.Path == "/login" {
		o.login(w, r)
		return
	}
	cookie, _ := r.Cookie("sid")
	for _, s := range []string{r.Header.Get("X-Token"), strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")} {
		if o.sessions[s] || cookie != nil && o.sessions[cookie.Value] {
			_, _ = fmt.Fprint(w, `{"state": "running", "done": 25, "all": 100, "note": "said", "nodes": [{"id": "n1"}]}`)
			return
		}
	}
	if o.said != 0 {
		w.WriteHeader(o.said)
	} else {
		w.WriteHeader(http.StatusUnauthorized)
	}
	_, _ = fmt.Fprint(w, `{"error": "session ended"}`)
}

func (o *office) login(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	o.logins = append(o.logins, r.Method+" "+string(body))
	if o.broken != nil {
		o.broken(w, r)
		return
	}
	var given struct{ User, Password string }
	if err := json.Unmarshal(body, &given); err != nil || given.Password != o.password {
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprint(w, `{"error": {"code": "E7", "text": "no, no"}}`)
		return
	}
	s := fmt.Sprintf("session-%06d-of-%s", len(o.logins), given.User)
	if o.sessions == nil {
		o.sessions = map[string]bool{}
	}
	o.sessions[s] = true
	w.Header().Set("X-Subject", s)
	http.SetCookie(w, &http.Cookie{Name: "route", Value: "a"})
	http.SetCookie(w, &http.Cookie{Name: "sid", Value: s})
	_, _ = fmt.Fprintf(w, `{"auth": {"token": %q}}`, s)
}

func (o *office) expire() { clear(o.sessions) }

// officeText describes an office, with the rest of what it says about the login.
func officeText(login string) string {
	return `
name: office
options:
  user: {}
  password: {secret: true}
  job: {default: j1}
request: {path: "/jobs/{{job}}"}
state: .state
ratio: .done / .all
nodes: {each: ".nodes[]", id: .id, name: .id}
metrics: [{name: done, help: "What is done.", value: .done}]
login:
  request: {path: /login, body: {user: "{{user}}", password: "{{password}}"}}
` + login
}

const byHeader = "  take: {header: X-Subject}\n  send: {X-Token: '{{token}}'}\n"

// offices returns the product, with a clock.
func offices(t testing.TB, login string, now func() time.Time) progress.API {
	t.Helper()
	d, err := described.Parse("office.yml", []byte(officeText(login)), session.New(now))
	if err != nil {
		t.Fatal(err)
	}
	return d.API
}

func openOffice(t testing.TB, api progress.API, options string) progress.Source {
	t.Helper()
	s, err := api.Open(collectortest.Target(t, "http://office.example", options, nil))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// readOffice is one read in one line: state or reason, and the samples of the login.
func readOffice(t testing.TB, s progress.Source, o http.Handler) string {
	t.Helper()
	r, err := s.Progress(t.Context(), collectortest.Served(o))
	what := r.State.String()
	if err != nil {
		what = string(progress.AsError(err).Reason)
	}
	for _, sample := range r.Samples {
		switch sample.Family {
		case 1:
			what += fmt.Sprint(" refusals ", sample.Value)
		case 2:
			what += " until " + time.Unix(int64(sample.Value), 0).UTC().Format("15:04:05")
		}
	}
	return what
}

const asOps = "{user: ops, password: hunter2-of-ops}"

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

// A login in vain is not sent again before a pause is over, however it failed; another
// password is tried at once.
func TestLoginInVain(t *testing.T) {
	const at = `the login of "ops" at http://office.example `
	const refused, left = at + "was refused (1 in a row): POST http://office.example/login: ", at + "came to no end (1 in a row): POST http://office.example/login: "
	const next = "so that no account gets locked, the next try is not before 2026-05-12T10:31:00Z, or when the password changes"
	const sent = "the password was sent and may have been counted as wrong; "
	answer := func(status int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	const byToken = "  take: {token: .auth.token}\n  send: {X-Token: '{{token}}'}\n"
	for name, tc := range map[string]struct {
		login  string
		broken http.HandlerFunc
		want   progress.Error
	}{
		"refused":             {byHeader, nil, progress.Error{Reason: progress.Auth, Message: refused + "HTTP 403; check the options that log in, and their rights; " + next}},
		"refused, with words": {byHeader + "  refusal: {when: .error, code: .error.code, message: .error.text}\n", nil, progress.Error{Reason: progress.Auth, Code: "E7", Said: "no, no", Message: refused + "HTTP 403, a refusal; check the options that log in; " + next}},
		"not found":           {byHeader, answer(404, ""), progress.Error{Reason: progress.Auth, Message: refused + "HTTP 404; check the options that log in, and their rights; " + next}},
		"nothing taken":       {byHeader, answer(200, "{}"), progress.Error{Reason: progress.Auth, Message: refused + "HTTP 200 without the header X-Subject; check the options that log in; " + next}},
		"no cookie":           {"  take: {cookie: sid}\n", answer(200, "{}"), progress.Error{Reason: progress.Auth, Message: refused + "HTTP 200 without the cookie sid; check the options that log in; " + next}},
		"no token":            {byToken, answer(200, "{}"), progress.Error{Reason: progress.Auth, Message: refused + "HTTP 200 without what login.take.token looks for; check the options that log in; " + next}},
		"a list":              {byToken, answer(200, `{"auth": []}`), progress.Error{Reason: progress.Auth, Message: refused + "the answer is not what the description says: login.take.token (.auth.token): expected an object but got array; " + next}},
		"a line break":        {byToken, answer(200, `{"auth": {"token": "a\nb"}}`), progress.Error{Reason: progress.Auth, Message: refused + "what login.take.token looks for has characters that a header cannot carry; " + next}},
		"no JSON":             {byToken, answer(200, "hello"), progress.Error{Reason: progress.Decode, Message: left + "not JSON: invalid character 'h' looking for beginning of value at byte 1; " + sent + next}},
		"an outage":           {byHeader, answer(503, ""), progress.Error{Reason: progress.HTTP5xx, Message: left + "HTTP 503 Service Unavailable; the product or a proxy before it is in trouble; " + sent + next}},
		"too many":            {byHeader, answer(429, ""), progress.Error{Reason: progress.RateLimited, Message: left + "HTTP 429 Too Many Requests; raise the target's min_interval; " + sent + next}},
	} {
		t.Run(name, func(t *testing.T) {
			now := time.Date(2026, 5, 12, 10, 30, 0, 0, time.UTC)
			o := &office{password: "right", broken: tc.broken}
			api := offices(t, tc.login, func() time.Time { return now })
			s := openOffice(t, api, asOps)
			_, err := s.Progress(t.Context(), collectortest.Served(o))
			e := progress.AsError(err)
			if e.Reason != tc.want.Reason || e.Code != tc.want.Code || e.Message != tc.want.Message || e.Said != tc.want.Said {
				t.Errorf("got  %v, said %q\nwant %v, said %q", e, e.Said, &tc.want, tc.want.Said)
			}
			got := []string{}
			for _, later := range []time.Duration{59 * time.Second, time.Second, 119 * time.Second} {
				now = now.Add(later)
				got = append(got, fmt.Sprint(readOffice(t, s, o), " logins ", len(o.logins)))
			}
			o.broken = nil
			got = append(got, fmt.Sprint(readOffice(t, openOffice(t, api, "{user: ops, password: right}"), o), " logins ", len(o.logins)))
			got = append(got, fmt.Sprint(readOffice(t, s, o), " logins ", len(o.logins)))
			reason := string(tc.want.Reason)
			want := []string{
				reason + " refusals 1 until 10:31:00 logins 1", reason + " refusals 2 until 10:33:00 logins 2",
				reason + " refusals 2 until 10:33:00 logins 2", "running refusals 0 logins 3", "running refusals 0 logins 3",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("reads (-want +got):\n%s", diff)
			}
		})
	}
}

// A session that brings nothing is no reason to log in for each read.
func TestUselessSession(t *testing.T) {
	now := time.Date(2026, 5, 12, 10, 30, 0, 0, time.UTC)
	o := &office{password: "hunter2-of-ops"}
	s := openOffice(t, offices(t, "  take: {header: X-Subject}\n  send: {X-Odd: '{{token}}'}\n", func() time.Time { return now }), asOps)
	got := []string{}
	for range 3 {
		got = append(got, fmt.Sprint(readOffice(t, s, o), " logins ", len(o.logins)))
	}
	want := "auth refusals 1 until 10:31:00 logins 1"
	if diff := cmp.Diff([]string{want, want, want}, got); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
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

// The login may be at another address, which the target names.
func TestLoginElsewhere(t *testing.T) {
	text := strings.Replace(officeText("  url: '{{login_url}}'\n"+byHeader), "options:\n", "options:\n  login_url: {}\n", 1)
	d, err := described.Parse("office.yml", []byte(text), session.New(time.Now))
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"login.example:5000":           "options.login_url: want an absolute http or https URL, such as https://HOST:5000",
		"ftp://login.example":          "options.login_url: want an absolute http or https URL, such as https://HOST:5000",
		"https://ops:pw@login.example": "options.login_url: has to be without user, query and fragment",
		"https://login.example?a=b":    "options.login_url: has to be without user, query and fragment",
	} {
		_, err := d.API.Open(collectortest.Target(t, "http://office.example", "{user: ops, password: hunter2-of-ops, login_url: '"+address+"'}", nil))
		if err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", address, err, want)
		}
	}
	var asked []string
	o := &office{password: "hunter2-of-ops"}
	s := openOffice(t, d.API, "{user: ops, password: hunter2-of-ops, login_url: 'https://login.example:5000/v3'}")
	if _, err := s.Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		asked = append(asked, r.URL.String())
		r.URL.Path = strings.TrimPrefix(r.URL.Path, "/v3")
		return collectortest.Served(o)(r)
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"https://login.example:5000/v3/login", "http://office.example/jobs/j1"}, asked); diff != "" {
		t.Errorf("asked (-want +got):\n%s", diff)
	}
}

// What is wrong with a login is said when it is loaded.
func TestLoginProblems(t *testing.T) {
	const head = "name: a\nrequest: {path: /}\nstate: .s\noptions: {u: {}, p: {secret: true}, j: {job: true}}\n"
	const good = "request: {path: /, body: {u: '{{u}}', p: '{{p}}'}}"
	for name, tc := range map[string]struct{ text, want string }{
		"nothing":        {"login: {}", "a.yml:5:8: login: request is missing\na.yml:5:8: login: no option tells who logs in; put the user's name into one, so that the sessions of different users are kept apart\na.yml:5:8: login: take is missing"},
		"a secret alone": {"login: {request: {path: /, headers: {A: '{{p}}'}}, take: {header: H}}", "a.yml:5:8: login: no option tells who logs in; put the user's name into one, so that the sessions of different users are kept apart"},
		"nothing taken":  {"login: {" + good + ", take: {}}", "a.yml:5:67: login.take: want one of header, cookie and token"},
		"too much taken": {"login: {" + good + ", take: {header: A, cookie: B}}", "a.yml:5:67: login.take: want one of header, cookie and token"},
		"no header":      {"login: {" + good + ", take: {header: 'a b'}}", "a.yml:5:76: login.take.header: is not the name of a header"},
		"where to":       {"login: {" + good + ", take: {token: .t}}", `a.yml:5:8: login: send is missing: the headers that the token goes into, such as {Authorization: "Bearer {{token}}"}`},
		"what to send":   {"login: {" + good + ", take: {token: .t}, send: {Host: '{{token}}', A: '{{u}}'}}", "a.yml:5:86: login.send.Host: is a header that the exporter sets\na.yml:5:110: login.send.A: there is no option u"},
		"a secret shown": {"login: {url: 'http://h/{{p}}', " + good + ", take: {header: A}}", "a.yml:5:14: login.url: the secret option p must not be in the address, which errors show"},
		"expressions":    {"login: {" + good + ", take: {token: now}, send: {A: '{{token}}'}, expired: env, refusal: {code: .x}}", "a.yml:5:75: login.take.token: the function now with 0 arguments is not for descriptions\na.yml:5:114: login.expired: the function env with 0 arguments is not for descriptions\na.yml:5:128: login.refusal: when is missing"},
		"a metric of it": {"login: {" + good + ", take: {header: A}}\nmetrics: [{name: login_refusals, help: h, value: .v}]", "a.yml:6:10: metrics: the metric login_refusals comes with the login; choose another name"},
		"the job":        {"login: {request: {path: /, body: {u: '{{u}}', p: '{{j}}'}}, take: {header: A}}", "a.yml:5:8: login: the option j is the job; who logs in must not depend on it, as anybody may probe for any"},
		"an unknown key": {"login: {" + good + ", take: {header: A}, logout: {}}", "a.yml:5:80: login: unknown key logout"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := described.Parse("a.yml", []byte(head+tc.text), session.New(time.Now))
			if err == nil {
				t.Fatal("no error")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Neither the password nor what it brought is ever shown. The clock goes so fast that no
// pause between logins is left.
func TestLoginHides(t *testing.T) {
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
