package session

import (
	"net/http"
	"slices"

	"progress_exporter/collector/progress"
)

// Bounds of the cookies of one answer: what a browser has to take at least (RFC 6265,
// 6.1). A product sets one or two.
const (
	maxCookies = 50
	maxCookie  = 4096 // name, value and attributes, in bytes
)

// Cookies returns the cookies that an answer sets, as they are sent back, the last
// ones of so many and none that is larger. A name that is set twice counts with its
// last value; one without a value is taken back. What rules a browser has about paths and
// domains is not asked: products want a ticket of one address sent to another.
func Cookies(resp progress.Response) []*http.Cookie {
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

// Cookie returns the cookie of that name that an answer sets; nil if there is none.
func Cookie(resp progress.Response, name string) *http.Cookie {
	for _, c := range Cookies(resp) {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Header returns the header that sends cookies back; empty without any.
func Header(cookies []*http.Cookie) http.Header {
	r := http.Request{Header: http.Header{}}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r.Header
}
