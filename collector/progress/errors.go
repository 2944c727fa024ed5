package progress

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reason says why a read failed. The set is closed: it is a label.
type Reason string

// The reasons for a failed read.
const (
	Timeout     Reason = "timeout"      // no answer in time
	DNS         Reason = "dns"          // the host's name did not resolve
	Connect     Reason = "connect"      // no connection, or it broke
	TLS         Reason = "tls"          // certificate or handshake
	Auth        Reason = "auth"         // credentials are wanted or were refused, or there is no OAuth2 token
	RateLimited Reason = "rate_limited" // HTTP 429
	HTTP4xx     Reason = "http_4xx"     // any other HTTP 4xx
	HTTP5xx     Reason = "http_5xx"     // HTTP 5xx that is not the product's own answer
	Redirect    Reason = "redirect"     // HTTP 3xx; never followed
	TooLarge    Reason = "too_large"    // the body exceeds the limit
	Decode      Reason = "decode"       // the body is not the format it should be (JSON)
	Contract    Reason = "contract"     // well-formed, but not what the product documents
	APIError    Reason = "api"          // the product answered with its own error
	Internal    Reason = "internal"     // not the product: a file of credentials cannot be used, no file can be opened any more, or a fault of the exporter
)

// Reasons returns every reason.
func Reasons() []Reason {
	return []Reason{Timeout, DNS, Connect, TLS, Auth, RateLimited, HTTP4xx, HTTP5xx,
		Redirect, TooLarge, Decode, Contract, APIError, Internal}
}

// Error is a failed read. A product says what happened in words of its own, and puts
// what it was told beside them, as it came: Secrets.Error makes one text of the two,
// without secrets.
type Error struct {
	Reason     Reason
	Code       string        // what the product's error answer calls it; empty if it has no name
	Message    string        // why it failed and what to do
	Said       string        // the product's own text: whole, neither in quotes nor without secrets; empty once it is part of Message
	RetryAfter time.Duration // how long the product asks to be left alone; 0 if it does not
	Err        error         // the cause, if there is one worth unwrapping

	asked string // what was asked of whom, with which the message begins
}

// Error returns the message, led by the reason and the product's code. What the product
// said is in it only once it is fit to be shown.
func (e *Error) Error() string {
	s := string(e.Reason)
	if e.Code != "" {
		s += " " + strconv.QuoteToGraphic(Cut(e.Code, 64))
	}
	return s + ": " + e.Message
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf returns an Error with a formatted message; a %w verb sets the cause.
func Errorf(reason Reason, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Reason: reason, Message: err.Error(), Err: errors.Unwrap(err)}
}

// About leads the message with what was asked of whom, and returns e. Without a request
// it changes nothing.
func (e *Error) About(req *http.Request) *Error {
	e.asked = Asked(req)
	e.Message = e.asked + e.Message
	return e
}

// Asked says what was asked of whom, as a message begins, and never with the query;
// nothing without a request.
func Asked(req *http.Request) string {
	if req == nil {
		return ""
	}
	return req.Method + " " + Address(req.URL) + ": "
}

// What is kept of an error at most, in bytes.
const (
	maxMessage = 1000
	maxSaid    = 200
	maxCode    = 128
	maxCause   = 4 << 10 // the stack of a fault of ours
)

// Error returns a failure as it may be shown and kept: without secrets, bounded, and
// with what the product said in quotes at its end. Of the cause nothing stays but the
// text of a fault of ours: a cause may hold on to an answer, or to a certificate.
func (s *Secrets) Error(err error) *Error {
	from := AsError(err)
	asked := ""
	if strings.HasPrefix(from.Message, from.asked) {
		asked = from.asked // ours, and an address that no secret is in
	}
	free := s.free()
	own := free.from(minInWords)
	e := &Error{
		Reason:     from.Reason,
		Code:       Cut(free.redact(from.Code), maxCode),
		Message:    Cut(asked, maxMessage) + Cut(own.redact(from.Message[len(asked):]), maxMessage),
		RetryAfter: from.RetryAfter,
	}
	if from.Said != "" {
		e.Message += "; the product says " + Quote(Cut(free.redact(from.Said), maxSaid))
	}
	if from.Reason == Internal && from.Err != nil {
		e.Err = errors.New(Cut(own.redact(from.Err.Error()), maxCause))
	}
	return e
}

// Address returns a URL as an error may show it: without userinfo, query and
// fragment, which may hold secrets.
func Address(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path, RawPath: u.RawPath}).String()
}

// AsError returns the Error inside err. An error that carries none is Internal:
// only a fault of the exporter has no reason.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Reason: Internal, Message: err.Error(), Err: err}
}

// StatusError classifies an HTTP status that the product's own error model does
// not explain. It is nil for 2xx.
func StatusError(resp Response) *Error {
	if resp.Status >= 200 && resp.Status < 300 {
		return nil
	}
	e := &Error{Message: fmt.Sprintf("HTTP %d %s", resp.Status, http.StatusText(resp.Status))}
	switch {
	case resp.Status >= 300 && resp.Status < 400:
		e.Reason = Redirect
		e.Message += leads(resp, &e.Said) + "; redirects are never followed, put the final address into url"
	case resp.Status == http.StatusUnauthorized, resp.Status == http.StatusForbidden:
		e.Reason = Auth
		e.Message += "; check the target's credentials and their rights"
	case resp.Status == http.StatusTooManyRequests:
		e.Reason = RateLimited
		e.Message += "; raise the target's min_interval"
	case resp.Status == http.StatusBadRequest && wantsTLS(resp.Body):
		e.Reason = HTTP4xx
		e.Message += "; the port wants TLS, so the url has to begin with https://"
	case resp.Status >= 400 && resp.Status < 500:
		e.Reason = HTTP4xx
		e.Message += "; check the target's url and options"
	case resp.Status >= 500:
		e.Reason = HTTP5xx
		e.Message += "; the product or a proxy before it is in trouble"
	default:
		e.Reason = Contract
		e.Message += "; not a final HTTP status"
	}
	e.RetryAfter = RetryAfter(resp.Header, resp.Received)
	return e.About(resp.Request)
}

// tlsWanted is how servers answer plain HTTP on a port for TLS: Go, nginx, Apache, Tomcat.
var tlsWanted = [...]string{"HTTP request to an HTTPS server", "HTTP request was sent to HTTPS port", "plain HTTP to an SSL-enabled server port", "requires TLS"}

// wantsTLS reports whether a body says that its port is one for TLS.
func wantsTLS(body []byte) bool {
	const enough = 4 << 10 // of a page; these have some hundred bytes
	body = body[:min(len(body), enough)]
	return slices.ContainsFunc(tlsWanted[:], func(text string) bool { return bytes.Contains(body, []byte(text)) })
}

// RetryAfter returns how long the header Retry-After asks to wait, in either of
// its forms (RFC 9110, 10.2.3), at most one hour; 0 if it is absent or unreadable.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	v := h.Get("Retry-After")
	if v == "" {
		return 0
	}
	var d time.Duration
	if s, err := strconv.ParseUint(v, 10, 31); err == nil {
		d = time.Duration(s) * time.Second
	} else if at, err := http.ParseTime(v); err == nil {
		d = at.Sub(now)
	}
	return min(max(d, 0), time.Hour)
}

// Cut shortens s to at most n bytes on a rune boundary and marks the cut.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	const mark = "…"
	for n -= len(mark); n > 0 && s[n]&0xc0 == 0x80; n-- {
	}
	return s[:max(n, 0)] + mark
}

// Quote returns a product's free text as it may stand in a message or a log line:
// cut, in quotes, and with control characters escaped.
func Quote(s string) string { return strconv.QuoteToGraphic(Cut(s, 200)) }
