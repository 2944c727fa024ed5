package mrstest_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/mrs/mrstest"
)

const check = mrstest.Web + "/v1/access/login_check"

var ltField = regexp.MustCompile(`<input type="hidden" name="lt" value="([^"]+)" />`)

// form is a login page, filled in.
type form struct {
	session *http.Cookie
	service string
	values  url.Values
}

func fill(t *testing.T, s *mrstest.Server) form {
	t.Helper()
	w := ask(s, mrstest.CAS+"/login")
	lt := ltField.FindStringSubmatch(w.Body.String())
	set := w.Result().Cookies()
	if w.Code != 200 || lt == nil || len(set) != 1 || set[0].Name != "casSessionId" {
		t.Fatalf("the login page is HTTP %d with cookies %v:\n%s", w.Code, set, w.Body)
	}
	return form{set[0], "https://192.0.2.10:28443/web/cas_security_check.htm", url.Values{
		"username": {"ops"}, "password": {"right"}, "lt": {lt[1]}, "_eventId": {"submit"}, "submit": {"Login"},
	}}
}

func (f form) send(s *mrstest.Server) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, mrstest.CAS+"/login?service="+url.QueryEscape(f.service), strings.NewReader(f.values.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if f.session != nil {
		r.AddCookie(f.session)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func last(w *httptest.ResponseRecorder) *http.Cookie {
	set := w.Result().Cookies()
	return set[len(set)-1]
}

// outcome is an answer in one line.
func outcome(w *httptest.ResponseRecorder) string {
	s := fmt.Sprint(w.Code)
	if location := w.Header().Get("Location"); location != "" {
		path, _, _ := strings.Cut(location, "?")
		s += " to " + path
	}
	if strings.Contains(w.Body.String(), "cannot be determined to be authentic") {
		s += " not authentic"
	}
	if strings.Contains(w.Body.String(), `name="lt"`) {
		s += " login page"
	}
	return s
}

func TestTicket(t *testing.T) {
	s := &mrstest.Server{Login: mrstest.Ticket, Username: "ops", Password: "right"}
	sent := fill(t, s).send(s)
	ticket := last(sent)
	opened := ask(s, check, ticket)
	session := last(opened)
	got := []string{
		outcome(ask(s, progressOf("1"))), outcome(ask(s, check)),
		outcome(sent), ticket.Name, outcome(opened), session.Name, outcome(ask(s, progressOf("1"), session)),
		outcome(ask(s, progressOf("1"), &http.Cookie{Name: "JSESSIONID", Value: ticket.Value})),
	}
	s.ExpireSessions()
	got = append(got, outcome(ask(s, progressOf("1"), session)), outcome(ask(s, check, ticket)))
	want := []string{
		"302 to /cas/login", "302 to /cas/login",
		"302 to https://192.0.2.10:28443/web/cas_security_check.htm", "CASTGC", "200", "JSESSIONID", "200",
		"302 to /cas/login", "302 to /cas/login", "302 to /cas/login",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if s.Logins() != 1 {
		t.Errorf("%d logins counted, want 1", s.Logins())
	}
}

func TestRefusedForms(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*form)
		want   string
	}{
		{"good", func(*form) {}, "302 to https://192.0.2.10:28443/web/cas_security_check.htm"},
		{"wrong password", func(f *form) { f.values.Set("password", "x") }, "200 not authentic login page"},
		{"wrong user", func(f *form) { f.values.Set("username", "x") }, "200 not authentic login page"},
		{"another lt", func(f *form) { f.values.Set("lt", "x") }, "200 login page"},
		{"no event", func(f *form) { f.values.Del("_eventId") }, "200 login page"},
		{"no submit", func(f *form) { f.values.Del("submit") }, "200 login page"},
		{"no session", func(f *form) { f.session = nil }, "200 login page"},
		{"another session", func(f *form) { f.session.Value = "x" }, "200 login page"},
		{"no service", func(f *form) { f.service = "" }, "200 login page"},
		{"another service", func(f *form) { f.service = "https://192.0.2.10:28443/web" }, "200 login page"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := &mrstest.Server{Login: mrstest.Ticket, Username: "ops", Password: "right"}
			f := fill(t, s)
			tc.change(&f)
			if got := outcome(f.send(s)); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if s.Logins() != 1 {
				t.Errorf("%d logins counted, want 1", s.Logins())
			}
		})
	}
}

// A form can be sent once.
func TestFormSentTwice(t *testing.T) {
	s := &mrstest.Server{Login: mrstest.Ticket, Username: "ops", Password: "right"}
	f := fill(t, s)
	f.send(s)
	if got := outcome(f.send(s)); got != "200 login page" {
		t.Errorf("got %s, want the login page", got)
	}
}

func TestNewPassword(t *testing.T) {
	s := &mrstest.Server{Login: mrstest.Ticket, Username: "ops", Password: "right", NewPassword: true}
	if got := outcome(fill(t, s).send(s)); got != "302 to /web/modify_password.html" {
		t.Errorf("got %s", got)
	}
}

func TestSession(t *testing.T) {
	s := &mrstest.Server{Login: mrstest.Session}
	opened := ask(s, check)
	session := last(opened)
	got := []string{outcome(ask(s, progressOf("1"))), outcome(opened), session.Name, outcome(ask(s, progressOf("1"), session))}
	s.ExpireSessions()
	got = append(got, outcome(ask(s, progressOf("1"), session)))
	if diff := cmp.Diff([]string{"200 login page", "200", "FISessionId", "200", "200 login page"}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
	if s.Logins() != 1 {
		t.Errorf("%d logins counted, want 1", s.Logins())
	}
}
