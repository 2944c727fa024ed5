// Package logpressotest is a fake of Logpresso Sonar's REST API, as far as the
// installation of an app goes. It follows the vendor's manual and shares nothing
// with the package that reads the product, so that they cannot share a mistake.
package logpressotest

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"progress_exporter/collector/collectortest/drill"
)

// Path is where the product tells an install's progress.
const Path = "/api/sonar/apps/install-progress"

// What the manual gives as the product's error answers, and the page of a proxy
// that the manual knows nothing of.
const (
	notGUID      = `{"error_code":"invalid-param-type","error_msg":"token should be guid type."}`
	noPermission = `{"error_code":"illegal-state","error_msg":"no-permission"}`
	noSession    = `{}`
	outage       = "<!DOCTYPE html>\n<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>\n"
)

var guid = regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)

// Node is a node that takes part in the install.
type Node struct{ Name, GUID, Type string }

// defaultNodes take part if Server.Nodes is empty.
var defaultNodes = []Node{
	{"control-node-1", "b2c3d4e5-f678-9012-bcde-f12345678901", "control"},
	{"data-node-1", "c3d4e5f6-7890-1234-cdef-123456789012", "data"},
	{"forwarder-node-1", "d4e5f607-8901-2345-def0-234567890123", "forwarder"},
}

// Server is the fake product, an http.Handler. The zero value knows no session.
// Set its fields before it serves, and use its methods from then on.
type Server struct {
	// Token is the token of the session. Every other token belongs to no session.
	// Empty: every token is the session's.
	Token string
	// Key is the API key. A request without it is refused for want of permission;
	// the manual does not say how the product treats a wrong key. Empty: no key is
	// needed.
	Key string
	// Drill is the story of the session.
	Drill drill.Drill
	// Uploaded says that the install is still to be started: until then the product
	// tells no progress of it, and with the start the Drill begins.
	Uploaded bool
	// Obstacle is the reason for which the package cannot be installed. Empty: it
	// can. Overwriting helps where the manual says so.
	Obstacle string
	// Nodes take part in the install. Empty: one node of each type that the manual
	// names.
	Nodes []Node
	// Body gives the answer instead of all of the above. Nil: they do.
	Body func() (status int, body string)

	mu       sync.Mutex
	requests int
}

// SetToken changes Token.
func (s *Server) SetToken(token string) { s.set(func() { s.Token = token }) }

// SetKey changes Key.
func (s *Server) SetKey(key string) { s.set(func() { s.Key = key }) }

// SetDrill changes Drill.
func (s *Server) SetDrill(d drill.Drill) { s.set(func() { s.Drill = d }) }

// SetUploaded changes Uploaded.
func (s *Server) SetUploaded(uploaded bool) { s.set(func() { s.Uploaded = uploaded }) }

// SetObstacle changes Obstacle.
func (s *Server) SetObstacle(reason string) { s.set(func() { s.Obstacle = reason }) }

// SetNodes changes Nodes.
func (s *Server) SetNodes(nodes ...Node) { s.set(func() { s.Nodes = nodes }) }

// SetBody changes Body.
func (s *Server) SetBody(body func() (status int, body string)) { s.set(func() { s.Body = body }) }

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

// ServeHTTP answers as the product does.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	number := s.count()
	switch r.URL.Path {
	case Path:
		s.serve(w, r, http.MethodGet, func() (int, string) { return s.answer(r, number) })
	case StartPath:
		asked := readStart(r)
		s.serve(w, r, http.MethodPost, func() (int, string) { return s.start(asked) })
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request, method string, answer func() (int, string)) {
	if r.Method != method {
		w.Header().Set("Allow", method)
		http.Error(w, "405 method not allowed", http.StatusMethodNotAllowed)
		return
	}
	status, body := s.decide(answer)()
	w.Header().Set("Content-Type", contentType(body))
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

// count returns the number of a request, from 0.
func (s *Server) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests++
	return s.requests - 1
}

// decide returns what makes the answer. A Body is called without the lock, so that
// it may use the Server's methods.
func (s *Server) decide(answer func() (int, string)) func() (int, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Body != nil {
		return s.Body
	}
	status, body := answer()
	return func() (int, string) { return status, body }
}

func (s *Server) answer(r *http.Request, number int) (status int, body string) {
	moment := s.Drill.At(number)
	token := r.URL.Query().Get("token")
	switch {
	case moment.Outage:
		return http.StatusServiceUnavailable, outage
	case s.Key != "" && r.Header.Get("Authorization") != "Bearer "+s.Key:
		return http.StatusInternalServerError, noPermission
	case !guid.MatchString(token):
		return http.StatusBadRequest, notGUID
	case s.Token != "" && token != s.Token, s.Uploaded:
		return http.StatusOK, noSession
	}
	nodes := s.Nodes
	if len(nodes) == 0 {
		nodes = defaultNodes
	}
	return http.StatusOK, tell(moment, nodes)
}

func contentType(body string) string {
	if strings.HasPrefix(body, "<") {
		return "text/html; charset=utf-8"
	}
	return "application/json"
}
