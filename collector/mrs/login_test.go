package mrs

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/mrs/mrstest"
	"progress_exporter/collector/progress"
)

const (
	withCAS     = "{command_id: 214, login: {type: cas, username: ops, password: '" + secret + "'}}"
	withSession = "{command_id: 214, login: {type: session}}"
)

// manager is one whose user is ops.
func manager() *mrstest.Server {
	return &mrstest.Server{Login: mrstest.Ticket, Username: "ops", Password: secret}
}

// The requests of a login are those of the manual, in its order.
func TestCASLogin(t *testing.T) {
	fake := manager()
	var got []string
	_, err := openTarget(t, API(time.Now), target(t, withCAS)).Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
		line := fmt.Sprint(r.Method, " ", r.URL, " cookie ", r.Header.Get("Cookie"), " accept ", r.Header.Get("Accept"))
		if r.Body != nil {
			form, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(strings.NewReader(string(form)))
			line += " form " + string(form)
		}
		got = append(got, line)
		return collectortest.Served(fake)(r)
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"GET https://192.0.2.10:20009/cas/login cookie  accept text/html",
		"POST https://192.0.2.10:20009/cas/login?service=https%3A%2F%2F192.0.2.10%3A28443%2Fweb%2Fcas_security_check.htm cookie casSessionId=casSessionId-000001 accept text/html" +
			" form _eventId=submit&lt=casSessionId-000001-000002&password=hunter2+%26+more&submit=Login&username=ops",
		"GET https://192.0.2.10:28443/web/v1/access/login_check cookie CASTGC=CASTGC-000003 accept ",
		"GET https://192.0.2.10:28443/web/v1/common/command/214/progress cookie JSESSIONID=JSESSIONID-000005 accept ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// replaced is a manager one of whose requests, told by method and path, gets
// another answer.
func replaced(request string, status int, body string, header ...string) (*mrstest.Server, progress.Fetch) {
	fake := manager()
	return fake, func(r *http.Request) (progress.Response, error) {
		if r.Method+" "+r.URL.Path == request {
			return collectortest.Answering(status, body, header...)(r)
		}
		return collectortest.Served(fake)(r)
	}
}

func TestBrokenLogins(t *testing.T) {
	const (
		page    = "GET /cas/login"
		form    = "POST /cas/login"
		check   = "GET /web/v1/access/login_check"
		refused = `auth: the login of "ops" at https://192.0.2.10:28443/web was refused (1 in a row): `
		next    = "; so that no account gets locked, the next try is not before 2026-05-12T10:31:00Z, or when the password changes"
		atPage  = "login: GET https://192.0.2.10:20009/cas/login: "
		open    = `: the login of "ops" at https://192.0.2.10:28443/web came to no end (1 in a row): POST https://192.0.2.10:20009/cas/login: `
		sent    = "; the password was sent and may have been counted as wrong" + next
		atCheck = "login: GET https://192.0.2.10:28443/web/v1/access/login_check: "
		ticket  = "CASTGC=hunter2"
		loginUI = `<html><form><input type="hidden" name="lt" value="1"><a href="modify_password.html">`
		change  = "the manager wants the user to change the password first, as at a first login; do so in the manager's web page"
		outage  = "HTTP 503 Service Unavailable; the product or a proxy before it is in trouble"
	)
	for _, tc := range []struct {
		name, request string
		status        int
		body          string
		header        []string
		want          string
	}{
		{"page 401", page, 401, "", nil, refused + "GET https://192.0.2.10:20009/cas/login: HTTP 401; check options.login and http_client_config" + next},
		{"page 404", page, 404, "", nil, "http_4xx: " + atPage + "HTTP 404 Not Found; check the target's url and options"},
		{"page moved", page, 302, "", []string{"Location", "/cas/login/"}, "redirect: " + atPage + "HTTP 302 Found to another path of the same host; redirects are never followed, put the final address into url"},
		{"page 503", page, 503, "<html>", nil, "http_5xx: " + atPage + outage},
		{"page without lt", page, 200, "<html>", nil, "contract: " + atPage + "the page has no form with a hidden field lt, so it is no login page of a CAS; check options.login.cas_url, or is there a proxy before it?"},

		{"form 403", form, 403, "", nil, refused + "the CAS answers HTTP 403 without a ticket (cookie CASTGC); check username and password of options.login, and its cas_url" + next},
		{"form 429", form, 429, "", nil, "rate_limited" + open + "HTTP 429 Too Many Requests; raise the target's min_interval" + sent},
		{"form 500", form, 500, loginUI, nil, "http_5xx" + open + "HTTP 500 Internal Server Error; the product or a proxy before it is in trouble" + sent},
		{"form 503", form, 503, loginUI, nil, "http_5xx" + open + outage + sent},
		{"form refused", form, 200, loginUI + "cannot be determined to be authentic", nil, refused + "user or password is wrong, or the account is locked; check username and password of options.login, then the account in the manager" + next},
		{"form again", form, 200, loginUI, nil, refused + "the CAS shows its login page again, without saying why; check username and password of options.login" + next},
		{"form to a new password", form, 302, "", []string{"Location", "/web/modify_password.html", "Set-Cookie", ticket}, refused + change + next},
		{"page for a new password", form, 200, "<html><form action='modify_password.html'>", nil, refused + change + next},
		{"no ticket", form, 302, "", []string{"Location", "/web"}, refused + "the CAS answers HTTP 302 without a ticket (cookie CASTGC); check username and password of options.login, and its cas_url" + next},
		{"ticket taken back", form, 200, "", []string{"Set-Cookie", ticket, "Set-Cookie", "CASTGC=; Max-Age=0"}, refused + "the CAS answers HTTP 200 without a ticket (cookie CASTGC); check username and password of options.login, and its cas_url" + next},

		{"check to login", check, 302, "", []string{"Location", "/cas/login", "Set-Cookie", "JSESSIONID=hunter2"},
			refused + "login_check answers with a redirect to a login page (HTTP 302) although the CAS gave a ticket; does options.login.cas_url belong to the same manager, and may the user log in to it?" + next},
		{"check HTML", check, 200, "<html>", []string{"Set-Cookie", "JSESSIONID=hunter2"},
			refused + "login_check answers with an HTML page where JSON belongs although the CAS gave a ticket; does options.login.cas_url belong to the same manager, and may the user log in to it?" + next},
		{"check to a new password", check, 302, "", []string{"Location", "https://192.0.2.10/web/modify_password.html"}, refused + change + next},
		{"check 403", check, 403, "", nil, refused + "GET https://192.0.2.10:28443/web/v1/access/login_check: HTTP 403; check options.login and http_client_config" + next},
		{"check 503", check, 503, "", nil, "http_5xx: " + atCheck + outage},
		{"check without a cookie", check, 200, "{}", nil, "contract: login: GET https://192.0.2.10:28443/web/v1/access/login_check: the answer sets no cookie; if the manager needs no session, options.login.type none will do"},
		{"check that names the page in JSON", check, 200, `{"page":"modify_password.html"}`, nil, "contract: " + atCheck + "the answer sets no cookie; if the manager needs no session, options.login.type none will do"},
		{"check that is no JSON", check, 200, "ok", nil, "decode: " + atCheck + "not JSON: invalid character 'o' looking for beginning of value at byte 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, fetch := replaced(tc.request, tc.status, tc.body, tc.header...)
			r, err := openTarget(t, API(newClock().Now), target(t, withCAS)).Progress(t.Context(), fetch)
			wantError(t, err, tc.want)
			want := []string{"login_refusals[] 0"}
			if strings.HasSuffix(tc.want, next) {
				want = []string{"login_refusals[] 1", "login_retry_timestamp_seconds[] 1.77858186e+09"}
			}
			if diff := cmp.Diff(want, render(r.Samples)); diff != "" {
				t.Errorf("samples beside the error (-want +got):\n%s", diff)
			}
		})
	}
}

// A cluster with Kerberos, asked as if it had none.
func TestSessionAtTheWrongManager(t *testing.T) {
	_, err := openTarget(t, API(newClock().Now), target(t, withSession)).Progress(t.Context(), collectortest.Served(manager()))
	wantError(t, err, "auth: the login at https://192.0.2.10:28443/web was refused (1 in a row): login_check answers with a redirect to a login page (HTTP 302); "+
		"does the cluster have Kerberos? Then it needs options.login.type cas; so that no account gets locked, the next try is not before 2026-05-12T10:31:00Z, or when the password changes")
}

// Faults of the transport before the password was sent, or when it has proved good, are
// no refusals, and the transport's own error stays as it is.
func TestLoginTransport(t *testing.T) {
	for _, request := range []string{"GET /cas/login", "GET /web/v1/access/login_check"} {
		t.Run(request, func(t *testing.T) {
			fake := manager()
			fault, broken := progress.Errorf(progress.Timeout, "no answer"), true
			source := openTarget(t, API(time.Now), target(t, withCAS))
			fetch := func(r *http.Request) (progress.Response, error) {
				if broken && r.Method+" "+r.URL.Path == request {
					return progress.Response{}, fault
				}
				return collectortest.Served(fake)(r)
			}
			_, err := source.Progress(t.Context(), fetch)
			wantError(t, err, "timeout: login: no answer")
			if fault.Message != "no answer" {
				t.Errorf("the transport's error became %q", fault.Message)
			}
			broken = false
			r, err := source.Progress(t.Context(), fetch)
			if err != nil || r.State != progress.Succeeded || fake.Logins() != 1 {
				t.Errorf("after the fault: %v, %v, %d logins, want 1", r.State, err, fake.Logins())
			}
		})
	}
}

// An answer of login_check may be anything, as long as it brings a session.
func TestCheckWithCookieOnly(t *testing.T) {
	fetch := func(r *http.Request) (progress.Response, error) {
		w := httptest.NewRecorder()
		if strings.HasSuffix(r.URL.Path, "/login_check") {
			http.SetCookie(w, &http.Cookie{Name: "FISessionId", Value: "a"})
		} else if c, err := r.Cookie("FISessionId"); err == nil && c.Value == "a" {
			_, _ = w.WriteString(`{"state":"COMPLETE"}`)
		} else {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return progress.Response{Status: w.Code, Header: w.Header(), Body: w.Body.Bytes()}, nil
	}
	r, err := openTarget(t, API(time.Now), target(t, withSession)).Progress(t.Context(), fetch)
	if err != nil || r.State != progress.Succeeded {
		t.Errorf("%v, %v", r.State, err)
	}
}

// An answer is what its body is: one that is called a page and is none is neither a
// refused login nor a lost session.
func TestAnswersThatAreCalledHTML(t *testing.T) {
	for _, body := range []string{`{"id":-1,"state":"COMPLETE"}`, "\ufeff {}", "", "OK"} {
		fake := &mrstest.Server{Login: mrstest.Session}
		r, err := openTarget(t, API(time.Now), target(t, withSession)).Progress(t.Context(), func(r *http.Request) (progress.Response, error) {
			resp, err := collectortest.Served(fake)(r)
			if strings.HasSuffix(r.URL.Path, "/login_check") {
				resp.Body = []byte(body)
			}
			resp.Header.Set("Content-Type", "text/html; charset=utf-8")
			return resp, err
		})
		if err != nil || fake.Logins() != 1 {
			t.Errorf("login_check answers %q: %v, %d logins; want a good read after one", body, err, fake.Logins())
		}
		for _, s := range r.Samples {
			if s.Family == familyLogins && s.Value != 0 {
				t.Errorf("login_check answers %q: %v refused logins, want none", body, s.Value)
			}
		}
	}
}
