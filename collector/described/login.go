package described

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// login is how a session is opened, which the questions are asked in.
type login struct {
	text    string   // of the description: another text is another login
	url     template // the address; no text: that of the target
	request *request
	options []string // that have to have a value for a login; sorted
	own     []string // those of them that nothing else needs
	refusal *refusal // nil: none
	expired *expression
	take    take
	send    []pair // headers of the questions
}

// take is where the answer to a login has what the questions are sent with: in one of the
// three.
type take struct {
	header, cookie string
	token          *expression
}

// taken is the name of what was taken, in the templates of send.
const taken = "token"

// login reads how a session is opened.
func (r *reader) login(f field, options map[string]*option, others map[string]bool) *login {
	m := r.mapping(f)
	l := &login{request: &request{}}
	if text, err := yaml.Marshal(resolved(f.node)); err == nil {
		l.text = string(text)
	}
	r.named = map[string]bool{}
	address := m.take("url")
	l.url = r.template(address, options)
	for _, name := range l.url.names {
		if o := options[name]; o != nil && o.secret {
			r.problem(address.node, address.path, "the secret option %s must not be in the address, which errors show", name)
		}
	}
	if request := r.need(m, "request"); request.given() {
		l.request = r.request(request, options)
	}
	l.refusal = r.refusal(m.take("refusal"))
	l.expired = r.expression(m.take("expired"))
	who := false
	for _, name := range slices.Sorted(maps.Keys(r.named)) {
		l.options = append(l.options, name)
		if !others[name] {
			l.own = append(l.own, name)
		}
		if o := options[name]; o != nil && o.job {
			r.problem(f.node, f.path, "the option %s is the job; who logs in must not depend on it, as anybody may probe for any", name)
		}
		who = who || options[name] != nil && !options[name].secret && !slices.Contains(l.url.names, name)
	}
	if !who {
		r.problem(f.node, f.path, "no option tells who logs in; put the user's name into one, so that the sessions of different users are kept apart")
	}
	r.take(r.need(m, "take"), &l.take)
	send := m.take("send")
	l.send = r.headers(send, map[string]*option{taken: {name: taken, secret: true}})
	if l.take.token != nil && !send.given() {
		r.problem(f.node, f.path, `send is missing: the headers that the token goes into, such as {Authorization: "Bearer {{token}}"}`)
	}
	if l.take.header != "" && !send.given() {
		l.send = []pair{{l.take.header, template{literals: []string{"", ""}, names: []string{taken}}}}
	}
	r.rest(m)
	return l
}

// take reads where the answer to a login has what is taken.
func (r *reader) take(f field, t *take) {
	if !f.given() {
		return
	}
	m := r.mapping(f)
	header := m.take("header")
	t.header, t.cookie, t.token = r.line(header, 64), r.line(m.take("cookie"), 200), r.expression(m.take("token"))
	if len(m.keys) != 1 {
		r.problem(f.node, f.path, "want one of header, cookie and token")
	}
	if header.given() && !headerName.MatchString(t.header) {
		r.problem(header.node, header.path, "is not the name of a header")
	}
	r.rest(m)
}

// address returns the address that a target logs in at.
func (l *login) address(base *url.URL, v values) (*url.URL, error) {
	text, _ := l.url.expand(v, asIs)
	if text == "" {
		return base, nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%s: want an absolute http or https URL, such as https://HOST:5000", l.named())
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, fmt.Errorf("%s: has to be without user, query and fragment", l.named())
	}
	return u, nil
}

// named says which options the address is made of.
func (l *login) named() string {
	if len(l.url.names) == 0 {
		return "the login's url"
	}
	return "options." + strings.Join(l.url.names, ", options.")
}

// wanted reports whether a target logs in: it does if the options for it have values. Its
// error says which are missing if there are some of them only.
func (l *login) wanted(s *settings) (bool, error) {
	var missing []string
	some := false
	for _, name := range l.options {
		switch has := s.has(name); {
		case !has:
			missing = append(missing, "options."+name)
		case s.written[name] && slices.Contains(l.own, name):
			some = true
		}
	}
	if some && len(missing) > 0 {
		return false, fmt.Errorf("%s is needed for a login, or none of its options", strings.Join(missing, " and "))
	}
	return len(missing) == 0, nil
}

// user says who logs in with these options, for people.
func (l *login) user(given values) string {
	var parts []string
	for _, name := range l.options {
		if value, ok := given[name]; ok && !slices.Contains(l.url.names, name) {
			parts = append(parts, value)
		}
	}
	return strings.Join(parts, "/")
}

// account returns the account that a target with these options logs in with: that of all
// targets with the same options for it, whatever their secrets are.
func (l *login) account(shared *session.Accounts, api string, at *url.URL, given values) *session.Account {
	identity := []string{api, l.text, strings.TrimRight(at.String(), "/")}
	for _, name := range l.options {
		identity = append(identity, name, given[name])
	}
	return shared.Of(identity...)
}

// headers puts what the answer to a login holds into the headers of the questions.
func (l *login) headers(in *scope, resp progress.Response, learn func(token string)) (http.Header, error) {
	var token, where string
	var err error
	header := http.Header{}
	switch {
	case l.take.header != "":
		token, where = resp.Header.Get(l.take.header), "the header "+l.take.header
	case l.take.cookie != "":
		where = "the cookie " + l.take.cookie
		header = session.Header(session.Cookies(resp))
		if c := session.Cookie(resp, l.take.cookie); c != nil {
			token = c.Value
		}
	default:
		where = "what " + l.take.token.key + " looks for"
		token, err = l.take.token.word(in, in.root)
	}
	asked := progress.Asked(resp.Request)
	switch {
	case err != nil:
		return nil, session.Refused(fmt.Sprintf("%sthe answer is not what the description says: %v", asked, err))
	case token == "":
		return nil, session.Refused(fmt.Sprintf("%sHTTP %d without %s; check the options that log in", asked, resp.Status, where))
	case !headerForm.MatchString(token):
		return nil, session.Refused(fmt.Sprintf("%s%s has characters that a header cannot carry", asked, where))
	}
	learn(token)
	for _, h := range l.send {
		value, _ := h.value.expand(values{taken: token}, asIs)
		header.Set(h.name, value)
	}
	return header, nil
}

// judge says whether the answer to a login is one that holds a session.
func (l *login) judge(in *scope, a answer) error {
	if l.refusal != nil {
		if said, err := l.refusal.when.truth(in, in.root); err == nil && said {
			no := session.Refused(fmt.Sprintf("%sHTTP %d, a refusal; check the options that log in", progress.Asked(a.Request), a.Status))
			no.Code, no.Said = l.refusal.words(in)
			return no
		}
	}
	err := progress.StatusError(a.Response)
	switch {
	case err == nil && l.take.token != nil:
		return a.undecoded
	case err == nil:
		return nil
	case a.Status >= 500 || a.Status == http.StatusTooManyRequests:
		return err
	}
	return session.Refused(fmt.Sprintf("%sHTTP %d; check the options that log in, and their rights", progress.Asked(a.Request), a.Status))
}

// wantsLogin says how an answer asks for a login (again); empty: it does not.
func (l *login) wantsLogin(in *scope, a answer) (string, error) {
	if a.Status == http.StatusUnauthorized {
		return "HTTP 401", nil
	}
	expired, err := l.expired.truth(in, in.root)
	if err != nil || !expired {
		return "", err
	}
	return fmt.Sprintf("HTTP %d and what %s looks for", a.Status, l.expired.key), nil
}
