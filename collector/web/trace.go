package web

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"progress_exporter/collector/confidential"
	"progress_exporter/collector/progress"
)

// How much of an answer a person is shown, in bytes.
const (
	traceBody   = 2048
	tracedBody  = 64 << 10 // that is looked at: what is taken out of it makes it shorter
	traceHeader = 200      // of a header's value
)

// maxIndented is how many objects and lists a body may have to be laid out: one in another,
// thousands of them would make many lines of spaces.
const maxIndented = 200

// shownHeaders are the headers whose values explain a read; of all others only the
// name is shown, because they may hold a credential.
var shownHeaders = []string{"Accept", "Content-Type", "Content-Length", "Content-Encoding", "Date", "Retry-After", "Server", "User-Agent", "X-Language"}

// exchange is one request and what came of it.
type exchange struct {
	request  *http.Request
	response progress.Response
	err      error
	began    time.Time
	took     time.Duration
}

// trace looks over the shoulder of one read, which may outlive who asked for it.
type trace struct {
	mu        sync.Mutex
	exchanges []exchange
	known     *progress.Secrets // of the target
	secrets   []string          // what was sent or set beside it that must not be shown
	cookies   int               // the most that an answer sets
}

// soFar returns what has passed until now.
func (tr *trace) soFar() *trace {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	return &trace{exchanges: slices.Clone(tr.exchanges), known: tr.known, secrets: slices.Clone(tr.secrets), cookies: tr.cookies}
}

// watch returns a fetch that remembers what passes through it.
func (tr *trace) watch(fetch progress.Fetch) progress.Fetch {
	return func(req *http.Request) (progress.Response, error) {
		began := time.Now()
		resp, err := fetch(req)
		resp.Body = slices.Clone(resp.Body)
		tr.mu.Lock()
		defer tr.mu.Unlock()
		tr.hide(req)
		tr.secrets = append(tr.secrets, progress.Credentials(cmp.Or(resp.Request, req))...)
		tr.cookies = max(tr.cookies, len(resp.Header["Set-Cookie"]))
		tr.secrets = append(tr.secrets, progress.CookieValues(resp.Header)...)
		tr.exchanges = append(tr.exchanges, exchange{req, resp, err, began, time.Since(began)})
		return resp, err
	}
}

// hide remembers what may be a credential in a request beside its headers: the values
// in its query and in its form.
func (tr *trace) hide(req *http.Request) {
	forms := []url.Values{req.URL.Query()}
	if req.GetBody != nil && strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		if body, err := req.GetBody(); err == nil {
			text, _ := io.ReadAll(body)
			form, _ := url.ParseQuery(string(text))
			forms = append(forms, form)
		}
	}
	for _, form := range forms {
		for _, values := range form {
			tr.secrets = append(tr.secrets, values...)
		}
	}
}

// write shows the exchanges to a person. Only the last answer's body is shown: the
// ones before it may belong to a login.
func (tr *trace) write(w io.Writer) {
	secrets := tr.known.With(tr.secrets...)
	for i := range tr.exchanges {
		writeExchange(w, secrets, &tr.exchanges[i], i == len(tr.exchanges)-1, tr.cookies)
		fmt.Fprintln(w)
	}
}

func writeExchange(w io.Writer, secrets *progress.Secrets, x *exchange, last bool, cookies int) {
	fmt.Fprintf(w, "> %s %s\n", x.request.Method, address(x.request.URL))
	writeHeader(w, "> ", secrets, x.request.Header)
	if x.err != nil {
		fmt.Fprintf(w, "! after %s: %s\n", round(x.took), secrets.Error(x.err))
		return
	}
	fmt.Fprintf(w, "< HTTP %d %s after %s\n", x.response.Status, http.StatusText(x.response.Status), round(x.took))
	writeHeader(w, "< ", secrets, x.response.Header)
	body := string(x.response.Body)
	if !last {
		fmt.Fprintf(w, "%d bytes that are not shown: an answer before the last one may belong to a login\n", len(body))
		return
	}
	if progress.IsHTML(x.response) || progress.HasForm(x.response.Body) {
		fmt.Fprintf(w, "an HTML page of %d bytes, which may hold a form with credentials and is not shown\n", len(body))
		return
	}
	if cookies > progress.MaxCookies {
		fmt.Fprintf(w, "%d bytes that are not shown, because one of %d cookies could be in them\n", len(body), cookies)
		return
	}
	body = secrets.Text(withoutCredentials(body[:min(len(body), tracedBody)]), traceBody)
	fmt.Fprintf(w, "%s\n", escape(indented(strings.TrimSpace(body))))
}

// withoutCredentials takes out what fields hold whose names say that it is a credential,
// such as the token in the answer to a login.
func withoutCredentials(body string) string {
	if !json.Valid([]byte(body)) {
		return confidential.Text(body)
	}
	same := func(s string) string { return s }
	return string(confidential.JSON([]byte(body), same, same))
}

// indented returns JSON with a line for each value, and every other text as it is, such as
// a body that was cut.
func indented(body string) string {
	var out bytes.Buffer
	if strings.Count(body, "[")+strings.Count(body, "{") > maxIndented || json.Indent(&out, []byte(body), "", "  ") != nil {
		return body
	}
	return out.String()
}

func writeHeader(w io.Writer, prefix string, secrets *progress.Secrets, h http.Header) {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		value := "<redacted>"
		switch {
		case slices.Contains(shownHeaders, name):
			value = escape(secrets.Text(strings.Join(h[name], ", "), traceHeader))
		case name == "Location":
			value = "elsewhere"
			if u, err := url.Parse(h.Get(name)); err == nil {
				value = escape(secrets.Text(address(u), traceHeader))
			}
		}
		if len(h[name]) > 0 {
			fmt.Fprintf(w, "%s%s: %s\n", prefix, escape(secrets.Text(name, traceHeader)), value)
		}
	}
}

// address returns a URL as it may be shown: without userinfo and fragment, and of
// its query the names only.
func address(u *url.URL) string {
	shown := (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
	sep := "?"
	names := make([]string, 0)
	for name := range u.Query() {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		shown += sep + url.QueryEscape(name) + "=<redacted>"
		sep = "&"
	}
	return shown
}

// escape makes control characters visible, but for line ends and tabs.
func escape(s string) string {
	quoted := strings.Builder{}
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if r == '\n' || r == '\t' || r >= ' ' && r != 0x7f && (r < 0x80 || r > 0x9f) {
			quoted.WriteRune(r)
		} else {
			fmt.Fprintf(&quoted, `\x%02x`, r)
		}
	}
	return quoted.String()
}

func round(d time.Duration) time.Duration { return d.Round(10 * time.Microsecond) }
