package mrstest

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// notAuthentic is what the manual gives as the sign of a wrong user or password.
const notAuthentic = "The credentials you provided cannot be determined to be authentic."

var loginHTML = template.Must(template.New("login").Parse(`<!DOCTYPE html>
<html><head><title>Login</title></head><body>
<form id="fm1" action="/cas/login" method="post">
  {{with .Message}}<div id="status" class="errors">{{.}}</div>{{end}}
  <input id="username" name="username" type="text" value=""/>
  <input id="password" name="password" type="password" value="" autocomplete="off"/>
  <input type="hidden" name="lt" value="{{.LT}}" />
  <input type="hidden" name="_eventId" value="submit" />
  <input name="submit" value="Login" type="submit" />
</form>
</body></html>
`))

// showLogin shows the login page, in a session of the CAS.
func (s *Server) showLogin(w http.ResponseWriter, message string) {
	session := s.give("casSessionId")
	lt := s.give(session) // they go together
	setCookie(w, "casSessionId", session)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = loginHTML.Execute(w, struct{ Message, LT string }{message, lt})
}

// logIn takes the form of the login page. The manual contradicts itself on how many
// tickets the answer to a good one sets: the last one counts.
func (s *Server) logIn(w http.ResponseWriter, r *http.Request) {
	s.set(func() { s.logins++ })
	target, err := url.Parse(r.URL.Query().Get("service"))
	switch {
	case err != nil || target.Path != service || !s.isForm(r):
		s.showLogin(w, "")
	case r.PostFormValue("username") != s.Username || r.PostFormValue("password") != s.password():
		s.showLogin(w, notAuthentic)
	case s.NewPassword:
		http.Redirect(w, r, Web+"/modify_password.html", http.StatusFound)
	default:
		setCookie(w, "CASTGC", "")
		setCookie(w, "CASTGC", s.give("CASTGC"))
		target.RawQuery = "ticket=" + s.give("ST")
		http.Redirect(w, r, target.String(), http.StatusFound)
	}
}

// isForm reports whether a request is the login page's form, sent once and in the
// session in which the page was shown.
func (s *Server) isForm(r *http.Request) bool {
	session, err := r.Cookie("casSessionId")
	if err != nil || r.PostFormValue("_eventId") != "submit" || r.PostFormValue("submit") != "Login" {
		return false
	}
	lt := r.PostFormValue("lt")
	s.mu.Lock()
	defer s.mu.Unlock()
	ok := s.valid[lt] && strings.HasPrefix(lt, session.Value+"-")
	delete(s.valid, lt)
	return ok
}

// loginCheck opens a session of the manager. Its state NEW is in the manual's
// sample. A manager that wants no session opens one, too.
func (s *Server) loginCheck(w http.ResponseWriter, r *http.Request) {
	name := "FISessionId"
	if s.Login == Ticket {
		if !s.knows(r, "CASTGC") {
			s.toCAS(w, r)
			return
		}
		name = "JSESSIONID"
	} else {
		s.set(func() { s.logins++ })
	}
	setCookie(w, name, s.give(name))
	write(w, http.StatusOK, `{"id":-1,"state":"NEW","error_code":0,"error_description":null,"total_progress":0.0,"res_obj":{}}`)
}

// toCAS sends somebody without a session to the CAS.
func (s *Server) toCAS(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, loginPage+"?service="+url.QueryEscape("http://"+r.Host+service), http.StatusFound)
}

// give returns a new value that counts from now on, until the sessions expire.
func (s *Server) give(kind string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.serial++
	value := fmt.Sprintf("%s-%06d", kind, s.serial)
	if s.valid == nil {
		s.valid = map[string]bool{}
	}
	s.valid[value] = true
	return value
}

// knows reports whether a request has the cookie of that name, with a value that
// counts.
func (s *Server) knows(r *http.Request, name string) bool {
	c, err := r.Cookie(name)
	s.mu.Lock()
	defer s.mu.Unlock()
	return err == nil && s.valid[c.Value] && strings.HasPrefix(c.Value, name+"-")
}

func (s *Server) password() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Password
}

func setCookie(w http.ResponseWriter, name, value string) {
	http.SetCookie(w, &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true})
}
