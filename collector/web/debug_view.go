package web

import (
	"bytes"
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"progress_exporter/collector/plan"
	"progress_exporter/collector/scrape"
)

//go:embed debug.gohtml
var debugTemplate string

// debugView is what the debug view shows: a page for a browser, and text for all others.
type debugView struct {
	Style    template.CSS
	Subject  string // which target, of which product
	Read     string // when, and for how long
	Sections []*debugSection
}

// debugSection is a part of the view, which is written before it is sent.
type debugSection struct {
	Title string
	bytes.Buffer
}

// Text returns what the section shows.
func (s *debugSection) Text() string { return strings.Trim(s.String(), "\n") + "\n" }

func newDebugView(t *plan.Target, o *scrape.Reading) *debugView {
	v := &debugView{Style: template.CSS(Style()), Subject: fmt.Sprintf("target %s of api %s", strconv.QuoteToGraphic(t.Target), t.API.Name)}
	if t.Job != "" {
		v.Subject += ", job " + strconv.QuoteToGraphic(t.Job)
	}
	v.Read = fmt.Sprintf("read at %s, took %s, timeout %s", o.Started.UTC().Format(time.RFC3339Nano), round(o.Duration), t.Timeout)
	return v
}

// section adds a section below the others.
func (v *debugView) section(title string) *debugSection {
	s := &debugSection{Title: title}
	v.Sections = append(v.Sections, s)
	return s
}

// send answers with a page who says to understand HTML, as browsers do.
func (v *debugView) send(w http.ResponseWriter, asked http.Header, page *template.Template) {
	setPageHeader(w.Header(), pagePolicy(string(v.Style)))
	w.Header().Set("Vary", "Accept")
	if strings.Contains(asked.Get("Accept"), "text/html") {
		_ = page.Execute(w, v) // fails only for a client that is gone
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = v.text().WriteTo(w)
}

// text returns the view for a terminal.
func (v *debugView) text() *bytes.Buffer {
	var out bytes.Buffer
	fmt.Fprintf(&out, "%s\n%s\n", v.Subject, v.Read)
	for _, s := range v.Sections {
		_, _ = io.WriteString(&out, "\n"+strings.ToUpper(s.Title)+"\n\n"+s.Text())
	}
	return &out
}
