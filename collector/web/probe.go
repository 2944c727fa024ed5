package web

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"unicode"
	"unicode/utf8"

	"progress_exporter/collector/plan"
	"progress_exporter/collector/sanitize"
)

// Probe answers /probe?target=NAME[&job=ID][&debug=true]: one configured target,
// read now. There is no way to make it call another host: target is a name, and
// job only replaces the target's job key.
//
// Probes that wait cost next to nothing, so that only those of one target or job are
// bounded; a debug view keeps all that passes, and is bounded together with the others.
func (h *Handlers) Probe() http.Handler {
	debug := h.newGate()
	page := template.Must(template.New("debug").Parse(debugTemplate))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p, err := h.parseProbe(r.URL)
		if err != nil {
			var wrong *wrongProbe
			errors.As(err, &wrong)
			http.Error(w, wrong.Error(), wrong.status)
			return
		}
		handler := handlerProbe
		if p.debug {
			handler = handlerDebug
		}
		leaveRead, err := h.reader.Enter(p.target)
		if err != nil {
			h.refuse(w, handler, err)
			return
		}
		defer leaveRead()
		askers, done := h.askers.of(p.target)
		defer done()
		list := []*plan.Target{p.target}
		timeout := h.timeout(r.Header, list)
		r, leave, ok := h.enter(askers, handler, w, r, timeout)
		if !ok {
			return
		}
		defer leave()
		if p.debug {
			r, leave, ok := h.enter(debug, handler, w, r, timeout)
			if !ok {
				return
			}
			defer leave()
			h.serveDebug(w, r, p.target, page)
			return
		}
		h.serve(w, r, list, nil)
	})
}

// probe is what a request to /probe asks for.
type probe struct {
	target *plan.Target
	debug  bool
}

// wrongProbe is a request that cannot be answered, and why.
type wrongProbe struct {
	status int
	text   string
}

// Error returns the text for the one who asked.
func (e *wrongProbe) Error() string { return e.text }

func badProbe(format string, args ...any) error {
	return &wrongProbe{http.StatusBadRequest, fmt.Sprintf(format, args...)}
}

// parseProbe finds the target and the job of a request.
func (h *Handlers) parseProbe(u *url.URL) (*probe, error) {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, badProbe("The query of the address is malformed.")
	}
	for _, name := range []string{"target", "job", "debug"} {
		if len(query[name]) > 1 {
			return nil, badProbe("The parameter %s is given %d times; give it once.", name, len(query[name]))
		}
	}
	name := query.Get("target")
	if name == "" {
		return nil, badProbe("The parameter target is missing: the name of a configured target.")
	}
	t, ok := h.plan().ByName[name]
	if !ok {
		return nil, &wrongProbe{http.StatusNotFound, fmt.Sprintf("No target is called %s. Targets are probed by their name in the configuration, never by an address.", strconv.QuoteToGraphic(sanitize.LabelValue(name)))}
	}
	p := &probe{target: t}
	if query.Has("debug") {
		if p.debug, err = strconv.ParseBool(query.Get("debug")); err != nil {
			return nil, badProbe("The parameter debug is true or false.")
		}
	}
	if !query.Has("job") {
		return p, nil
	}
	switch job := query.Get("job"); {
	case job == "":
		return nil, badProbe("The parameter job is empty; leave it out to ask for the job in the configuration.")
	case len(job) > sanitize.MaxLabelValue || !utf8.ValidString(job) || !printable(job):
		return nil, badProbe("The parameter job has to be printable text of at most %d bytes.", sanitize.MaxLabelValue)
	default:
		if p.target, err = t.Probe(job); err != nil {
			return nil, badProbe("The parameter job does not fit target %s: %v", strconv.QuoteToGraphic(name), err)
		}
		if err := h.reader.Find(p.target); err != nil {
			return nil, &wrongProbe{http.StatusNotFound, fmt.Sprintf("Target %s has no job %s: %v", strconv.QuoteToGraphic(name), strconv.QuoteToGraphic(job), err)}
		}
	}
	return p, nil
}

func printable(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
