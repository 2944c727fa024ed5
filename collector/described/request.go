package described

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
)

// request is how a product is asked, with placeholders for the options of a target.
type request struct {
	method  string
	path    template
	query   []pair
	headers []pair
	basic   []template // user and password; empty: none
	form    []pair
	body    body // nil: none
	accept  []int
	options map[string]*option
}

// pair is an entry of a query or a header.
type pair struct {
	name  string
	value template
}

var (
	headerName = regexp.MustCompile("^[0-9A-Za-z!#$%&'*+.^_`|~-]{1,64}$")
	pathForm   = regexp.MustCompile(`^(/([0-9A-Za-z._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*)*$`)
	headerForm = regexp.MustCompile(`^[\t -~\x80-\xff]*$`) // what a header can carry
)

// notOurs are headers that belong to the connection.
var notOurs = []string{"Host", "Connection", "Content-Length", "Transfer-Encoding", "Te", "Trailer", "Upgrade", "Expect", "Accept-Encoding", "Proxy-Authorization", "User-Agent"}

// request reads how a product is asked.
func (r *reader) request(f field, options map[string]*option) *request {
	m := r.mapping(f)
	q := &request{options: options}
	path := r.need(m, "path")
	q.path = r.template(path, options)
	r.checkPath(path, q.path, options)
	q.query = r.pairs(m.take("query"), options)
	q.headers = r.headers(m.take("headers"), options)
	if basic := m.take("basic_auth"); basic.given() {
		inner := r.mapping(basic)
		q.basic = []template{r.template(r.need(inner, "username"), options), r.template(r.need(inner, "password"), options)}
		r.rest(inner)
	}
	form, b := m.take("form"), m.take("body")
	q.form = r.pairs(form, options)
	if b.given() {
		q.body = r.body(b, options, 0)
	}
	if form.given() && b.given() {
		r.problem(form.node, form.path, "want a form or a body, not both")
	}
	q.method = r.method(m.take("method"), q.body != nil || form.given())
	for _, item := range r.list(m.take("accept")) {
		status, err := strconv.Atoi(r.text(item))
		if err != nil || status < 400 || status > 599 {
			r.problem(item.node, item.path, "want an HTTP status from 400 to 599 whose body is an answer as well")
		}
		q.accept = append(q.accept, status)
	}
	r.rest(m)
	return q
}

// headers reads what is sent as headers.
func (r *reader) headers(f field, options map[string]*option) []pair {
	headers := r.pairs(f, options)
	for _, h := range headers {
		at := field{f.node, f.path + "." + h.name}
		switch {
		case !headerName.MatchString(h.name):
			r.problem(at.node, at.path, "is not the name of a header")
		case slices.Contains(notOurs, textproto.CanonicalMIMEHeaderKey(h.name)):
			r.problem(at.node, at.path, "is a header that the exporter sets")
		case slices.ContainsFunc(h.value.literals, func(s string) bool { return !headerForm.MatchString(s) }):
			r.problem(at.node, at.path, "has characters that a header cannot carry")
		}
	}
	return headers
}

func (r *reader) method(f field, hasBody bool) string {
	switch method := r.text(f); {
	case !f.given() && hasBody, method == http.MethodPost:
		return http.MethodPost
	case !f.given(), method == http.MethodGet && !hasBody:
		return http.MethodGet
	case method == http.MethodGet:
		r.problem(f.node, f.path, "GET has no body")
	default:
		r.problem(f.node, f.path, "want GET or POST")
	}
	return http.MethodGet
}

// checkPath makes sure that a path is one, and that it is always whole and never holds a
// secret: errors show it.
func (r *reader) checkPath(f field, t template, options map[string]*option) {
	if !f.given() {
		return
	}
	literal := strings.Join(t.literals, "x")
	switch {
	case !strings.HasPrefix(literal, "/"):
		r.problem(f.node, f.path, "has to begin with /")
	case strings.Contains(literal, "?"):
		r.problem(f.node, f.path, "what follows ? belongs into query")
	case !pathForm.MatchString(literal):
		r.problem(f.node, f.path, "has characters that a path cannot carry; write them as %%20")
	case slices.ContainsFunc(strings.Split(literal, "/"), func(s string) bool { return s == "." || s == ".." }):
		r.problem(f.node, f.path, "must not hold . or .. between slashes")
	}
	for _, name := range t.names {
		switch o := options[name]; {
		case o == nil: // said before
		case o.secret:
			r.problem(f.node, f.path, "the secret option %s must not be in the path, which errors show; use headers, query or body", name)
		case !o.required && !o.job && o.fallback == "":
			r.problem(f.node, f.path, "the option %s has to be required or to have a default, as the path is nothing without it", name)
		}
	}
}

func (r *reader) pairs(f field, options map[string]*option) []pair {
	var pairs []pair
	for _, entry := range r.mapping(f).all() {
		if entry.given() && r.is(entry, yaml.ScalarNode) {
			pairs = append(pairs, pair{strings.TrimPrefix(entry.path, f.path+"."), r.template(entry, options)})
		}
	}
	return pairs
}

// accepts reports whether an answer with this status is one that the expressions read.
func (q *request) accepts(status int) bool {
	return status >= 200 && status < 300 || slices.Contains(q.accept, status)
}

// question is a request with everything in its place. It can be asked again and again.
type question struct {
	method, address string
	header          http.Header
	body            []byte
}

// ask makes the request.
func (q *question) ask(ctx context.Context) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, q.method, q.address, bytes.NewReader(q.body))
	if err != nil {
		return nil, progress.Errorf(progress.Internal, "cannot make the request, check the target's url: %w", err)
	}
	req.Header = maps.Clone(q.header)
	return req, nil
}

// idempotencyKey is what net/http takes for the promise that a POST may be repeated.
const idempotencyKey = "X-Idempotency-Key"

// question puts the values of options into the request to a target.
func (q *request) question(base *url.URL, v values) (*question, error) {
	path, _ := q.path.expand(v, func(name, value string) string {
		if q.options[name].kind == kindPath {
			return segments(value)
		}
		return url.PathEscape(value)
	})
	address := base.JoinPath(path)
	address.RawQuery = encoded(q.query, v)
	header := http.Header{"Accept": {"application/json"}}
	content, err := q.content(v, header)
	if err != nil {
		return nil, err
	}
	for _, h := range q.headers {
		value, ok := h.value.expand(v, asIs)
		if !ok {
			continue
		}
		if !headerForm.MatchString(value) {
			return nil, progress.Errorf(progress.Internal, "the header %s would have characters that it cannot carry; check the file of its secret", h.name)
		}
		header.Set(h.name, value)
	}
	if q.method == http.MethodPost {
		// This POST only reads. With the key net/http repeats it when the product has
		// closed a kept connection meanwhile; a nil value is never sent.
		header[idempotencyKey] = nil
	}
	return &question{q.method, address.String(), header, content}, nil
}

// content returns what a request holds, and adds to its header what it is.
func (q *request) content(v values, header http.Header) ([]byte, error) {
	if len(q.basic) > 0 {
		user, hasUser := q.basic[0].expand(v, asIs)
		password, hasPassword := q.basic[1].expand(v, asIs)
		if hasUser && hasPassword {
			header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
		}
	}
	switch {
	case len(q.form) > 0:
		header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
		return []byte(encoded(q.form, v)), nil
	case q.body != nil:
		header["Content-Type"] = []string{"application/json"}
		value, _ := q.body(v)
		content, err := json.Marshal(value)
		if err != nil {
			return nil, progress.Errorf(progress.Internal, "cannot write the request: %w", err)
		}
		return content, nil
	}
	return nil, nil
}

// encoded returns pairs as a query or a form has them.
func encoded(pairs []pair, v values) string {
	all := url.Values{}
	for _, p := range pairs {
		if value, ok := p.value.expand(v, asIs); ok {
			all.Set(p.name, value)
		}
	}
	return all.Encode()
}
