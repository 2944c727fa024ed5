package described_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/described"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

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
