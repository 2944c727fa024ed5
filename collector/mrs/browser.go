package mrs

import (
	"context"
	"net/http"
	"net/url"
	"slices"
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

// Bounds of the cookies of one answer: what a browser has to take at least (RFC 6265,
// 6.1). A manager sets one or two.
const (
	maxCookies = 50
	maxCookie  = 4096 // name, value and attributes, in bytes
)

// cookies returns the cookies that an answer sets, as they are sent back, the last
// ones of so many and none that is larger. A name that is set twice counts with its
// last value, for the manual contradicts itself on how many tickets there are; one
// without a value is taken back. What rules a browser has about paths and domains is
// not asked: the manual wants the CAS's ticket sent to the manager.
func cookies(resp progress.Response) []*http.Cookie {
	var set []*http.Cookie
	for _, line := range resp.Header["Set-Cookie"] {
		if len(line) > maxCookie {
			continue
		}
		c, err := http.ParseSetCookie(line)
		if err != nil {
			continue
		}
		at := slices.IndexFunc(set, func(old *http.Cookie) bool { return old.Name == c.Name })
		gone := c.Value == "" || c.MaxAge < 0
		switch {
		case gone && at >= 0:
			set = slices.Delete(set, at, at+1)
		case gone:
		case at >= 0:
			set[at] = c
		default:
			if len(set) == maxCookies {
				set = slices.Delete(set, 0, 1)
			}
			set = append(set, c)
		}
	}
	return set
}

// cookie returns the cookie of that name that an answer sets; nil if there is none.
func cookie(resp progress.Response, name string) *http.Cookie {
	for _, c := range cookies(resp) {
		if c.Name == name {
			return c
		}
	}
	return nil
}
