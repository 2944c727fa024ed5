package mrs

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"progress_exporter/collector/progress"
)

// browser asks the manager or its CAS, with the cookies that it has. It keeps none
// by itself and follows no redirect.
type browser struct {
	fetch   progress.Fetch
	cookies []*http.Cookie
	accept  string // empty: JSON
}

// get asks for a page. The manual wants a Content-Type on every request.
func (b browser) get(ctx context.Context, address string) (progress.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return progress.Response{}, badAddress(err)
	}
	req.Header.Set("Content-Type", "application/json")
	return b.send(req)
}

// post sends a form.
func (b browser) post(ctx context.Context, address string, form url.Values) (progress.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return progress.Response{}, badAddress(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(req)
}

func (b browser) send(req *http.Request) (progress.Response, error) {
	if b.accept != "" {
		req.Header.Set("Accept", b.accept)
	}
	for _, c := range b.cookies {
		req.AddCookie(c)
	}
	return b.fetch(req)
}

func badAddress(err error) error {
	return progress.Errorf(progress.Internal, "cannot make the request, check the target's url and options.login.cas_url: %w", err)
}

// cookies returns the cookies that an answer sets, as they are sent back. A name
// that is set twice counts with its last value; one without a value is taken back.
func cookies(resp progress.Response) []*http.Cookie {
	var set []*http.Cookie
	seen := map[string]bool{}
	for _, c := range setCookies(resp) {
		if seen[c.Name] {
			continue
		}
		seen[c.Name] = true
		if last := lastCookie(resp, c.Name); last != nil {
			set = append(set, last)
		}
	}
	return set
}

// lastCookie returns the last cookie of that name that an answer sets, for the
// manual contradicts itself on how many tickets there are; nil if it has no value.
func lastCookie(resp progress.Response, name string) *http.Cookie {
	var last *http.Cookie
	for _, c := range setCookies(resp) {
		if c.Name == name {
			last = c
		}
	}
	if last == nil || last.Value == "" || last.MaxAge < 0 {
		return nil
	}
	return last
}

func setCookies(resp progress.Response) []*http.Cookie {
	return (&http.Response{Header: resp.Header}).Cookies()
}

// What is looked for on a page. Attributes may come in any order and quotes.
var (
	inputTag  = regexp.MustCompile(`(?is)<input\b((?:"[^"]*"|'[^']*'|[^'">])*)>`)
	attribute = regexp.MustCompile(`([a-zA-Z_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
)

// hiddenField returns the value of the first hidden input with this name on a
// page; empty if there is none.
func hiddenField(page []byte, name string) string {
	for _, tag := range inputTag.FindAllSubmatch(page, -1) {
		given := map[string]string{}
		for _, a := range attribute.FindAllSubmatch(tag[1], -1) {
			value := string(a[2]) + string(a[3]) + string(a[4]) // one of them
			given[strings.ToLower(string(a[1]))] = html.UnescapeString(value)
		}
		if strings.EqualFold(given["type"], "hidden") && given["name"] == name {
			return given["value"]
		}
	}
	return ""
}
