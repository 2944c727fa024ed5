package described_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

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
