package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"progress_exporter/collector/enginetest"
)

// A browser gets a page with links, and whoever does not ask for one the same as text.
func TestDebugViewForWhomever(t *testing.T) {
	e := serveJobs(t, "", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintf(w, `{"state": %q}`, hostile) })
	ask := func(accept string) (http.Header, string) {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/probe?target=a&debug=true", nil)
		r.Header.Set("Accept", accept)
		e.Probe().ServeHTTP(w, r)
		return w.Result().Header, w.Body.String()
	}
	header, page := ask("text/html,application/xhtml+xml,*/*;q=0.8")
	for _, want := range []string{"<title>target &#34;a&#34; of api jobs", `<a href="./">progress_exporter</a> <a href="targets">Targets</a>`,
		"<h2>What was asked and came back</h2>\n<pre>&gt; GET http://", "<h2>What it means</h2>\n<pre>state ", "<h2>The series</h2>\n<pre># HELP ", "&lt;script&gt;alert(1)"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s on\n%s", want, page)
		}
	}
	if strings.Contains(page, "<script") || header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(header.Get("Content-Security-Policy"), "default-src 'none'") || header.Get("Vary") != "Accept" {
		t.Errorf("header %v of\n%s", header, page)
	}
	for _, accept := range []string{"", "*/*"} { // as curl
		if header, text := ask(accept); header.Get("Content-Type") != "text/plain; charset=utf-8" || !strings.HasPrefix(text, `target "a" of api jobs`) {
			t.Errorf("Accept %q: header %v of\n%s", accept, header, text)
		}
	}
}

// Each part of the view has its heading between two blank lines, whatever it holds.
func TestDebugViewIsSpaced(t *testing.T) {
	e := serveJobs(t, ", min_interval: 1h", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{}`) })
	for _, read := range []string{"the first", "one without a request"} {
		_, text := enginetest.Ask(e.Probe(), "/probe?target=a&debug=true")
		for _, heading := range []string{"WHAT WAS ASKED AND CAME BACK", "WHAT IT MEANS", "THE SERIES"} {
			before, after, ok := strings.Cut(text, "\n\n"+heading+"\n\n")
			if !ok || strings.HasSuffix(before, "\n") || strings.HasPrefix(after, "\n") {
				t.Errorf("%s: %s does not stand between two blank lines in\n%s", read, heading, text)
			}
		}
	}
}
