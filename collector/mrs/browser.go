package mrs

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

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

// Bounds of what is looked for on a page: a login page has half a dozen inputs, and
// the longest values take some kilobytes.
const (
	maxInputs = 200
	maxInput  = 8 << 10 // in bytes
)

// hiddenField returns the value of the first hidden input with this name on a
// page; empty if there is none. A tag is read wherever one begins, whatever stands
// around it, so that no text before a form hides it.
func hiddenField(page []byte, name string) string {
	for range maxInputs {
		at := indexInput(page)
		if at < 0 {
			return ""
		}
		page = page[at:]
		given, length := readTag(page[:min(len(page), maxInput)])
		if strings.EqualFold(given["type"], "hidden") && given["name"] == name {
			return given["value"]
		}
		page = page[length:]
	}
	return ""
}

// inputTag is how an input begins.
var inputTag = regexp.MustCompile(`(?i)<input\b`)

func indexInput(page []byte) int {
	if at := inputTag.FindIndex(page); at != nil {
		return at[0]
	}
	return -1
}

// readTag returns the attributes of the tag with which a text begins, and its length.
func readTag(text []byte) (given map[string]string, length int) {
	z := html.NewTokenizer(bytes.NewReader(text))
	if kind := z.Next(); kind != html.StartTagToken && kind != html.SelfClosingTagToken {
		return nil, len("<input")
	}
	length = len(z.Raw())
	given = map[string]string{}
	for more := true; more; {
		var key, value []byte
		if key, value, more = z.TagAttr(); given[string(key)] == "" {
			given[string(key)] = string(value)
		}
	}
	return given, length
}
