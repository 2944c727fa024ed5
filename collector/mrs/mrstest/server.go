// Package mrstest is a fake of MRS Manager, as far as asynchronous commands and
// the ways to log in go. It follows the vendor's manual and shares nothing with
// the package that reads the product, so that they cannot share a mistake.
package mrstest

import (
	"io"
	"net/http"
	"strings"
	"sync"

	"progress_exporter/collector/collectortest/drill"
)

// Addresses of the fake. The manual has the manager at /web on port 28443 and the
// CAS at /cas on port 20009; here both are on one port.
const (
	Web        = "/web"
	CAS        = "/cas"
	loginCheck = Web + "/v1/access/login_check"
	loginPage  = CAS + "/login"
	service    = Web + "/cas_security_check.htm"
	before     = Web + "/v1/common/command/" // a command's id
	after      = "/progress"                 // stands after it
)

// Login is what the manager wants before it answers.
type Login int

// The kinds of manager.
const (
	None    Login = iota // answers everybody
	Session              // wants the cookie of login_check: a cluster without Kerberos
	Ticket               // wants a ticket of the CAS before that: a cluster with Kerberos
)

// Server is the fake manager, with its CAS if it has one: an http.Handler. The zero
// value answers everybody, and every command that it is asked for is complete.
// Set its fields before it serves, and use its methods from then on.
type Server struct {
	// Command is the id of the one command that there is. Empty: every id has it.
	Command string
	// Login is what the manager wants before it answers.
	Login Login
	// Username and Password are what the CAS accepts.
	Username, Password string
	// NewPassword says that the user has to change the password first: the CAS
	// sends to modify_password.html, as at a first login.
	NewPassword bool
	// Drill is the story of the command.
	Drill drill.Drill
	// Waiting is the state of a command that waits. The manual has no word for it; NEW
	// stands in one of its samples. Empty: IN_PROGRESS.
	Waiting string
	// Body gives the answer about the command instead of the drill. Nil: the drill.
	Body func() (status int, body string)

	mu       sync.Mutex
	requests int
	reads    int // requests for progress
	logins   int
	serial   int // of the last value given away
	valid    map[string]bool
}

// SetPassword changes Password.
func (s *Server) SetPassword(password string) { s.set(func() { s.Password = password }) }

// SetDrill changes Drill.
func (s *Server) SetDrill(d drill.Drill) { s.set(func() { s.Drill = d }) }

// SetBody changes Body.
func (s *Server) SetBody(body func() (status int, body string)) { s.set(func() { s.Body = body }) }

// ExpireSessions makes the manager and the CAS forget every session and ticket.
func (s *Server) ExpireSessions() { s.set(func() { s.valid = nil }) }

func (s *Server) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// Requests returns how many requests there were, whatever they asked for.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests
}

// Logins returns how often somebody tried to log in, with success or without:
// forms sent to the CAS or, without one, requests for login_check.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

// ServeHTTP answers as the product does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests++
	s.mu.Unlock()
	switch id, isCommand := commandID(r.URL.Path); {
	case r.Method == http.MethodGet && isCommand:
		s.progress(w, r, id)
	case r.Method == http.MethodGet && r.URL.Path == loginCheck:
		s.loginCheck(w, r)
	case r.Method == http.MethodGet && r.URL.Path == loginPage && s.Login == Ticket:
		s.showLogin(w, "")
	case r.Method == http.MethodPost && r.URL.Path == loginPage && s.Login == Ticket:
		s.logIn(w, r)
	default:
		http.NotFound(w, r)
	}
}

// commandID returns the id in the address of a command's progress.
func commandID(path string) (id string, ok bool) {
	id, ok = strings.CutPrefix(path, before)
	if !ok {
		return "", false
	}
	id, ok = strings.CutSuffix(id, after)
	return id, ok && id != "" && !strings.Contains(id, "/")
}

// progress answers about a command. The manual does not say what a request without
// a session gets: it is sent to the CAS here or, without one, shown a login page.
func (s *Server) progress(w http.ResponseWriter, r *http.Request, id string) {
	answer := s.next(id)
	switch {
	case s.Login == Ticket && !s.knows(r, "JSESSIONID"):
		s.toCAS(w, r)
	case s.Login == Session && !s.knows(r, "FISessionId"):
		s.showLogin(w, "")
	default:
		status, body := answer()
		write(w, status, body)
	}
}

// next counts a request for progress and returns what makes its answer. A Body is
// called without the lock, so that it may use the Server's methods.
func (s *Server) next(id string) func() (int, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	number := s.reads
	s.reads++
	if s.Body != nil {
		return s.Body
	}
	moment := s.Drill.At(number)
	if s.Command != "" && id != s.Command {
		moment = drill.Moment{Phase: drill.Gone}
	}
	status, body := tell(moment, id, s.Waiting)
	return func() (int, string) { return status, body }
}

func write(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	if strings.HasPrefix(body, "<") {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}
