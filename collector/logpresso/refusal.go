package logpresso

import (
	"net/http"
	"regexp"
	"strings"

	"progress_exporter/collector/progress"
)

// guidLike is any text long enough to hold the digits of a GUID, wherever it
// stands and whatever surrounds it: the product's messages may quote tokens.
var guidLike = regexp.MustCompile(`[0-9A-Fa-f-]{32,}`)

// question is one of the product's calls, in the words of its errors.
type question struct {
	purpose string // what the product was asked to do
	role    string // the lowest role of an API key that the manual lets do it
}

// refuses reports whether an answer is the product's own error; answered is whether it
// holds what was asked for. The manual has the statuses 400 and 500. 429, 502 and 503
// come from a proxy, whatever their body is, and count by their status alone.
func (f fault) refuses(status int, answered bool) bool {
	switch {
	case text(f.ErrorCode) == "":
		return false
	case status == http.StatusOK:
		return !answered
	}
	return status >= 400 && status <= 500 && status != http.StatusTooManyRequests
}

// refusal is the product's own error answer. Its reason is Auth if the status is 401 or
// 403, or if the message is the one that the manual gives for a missing permission. The
// error code cannot decide it, because illegal-state has many causes.
func refusal(q question, resp progress.Response, f fault) *progress.Error {
	msg := text(f.ErrorMsg)
	e := progress.Errorf(progress.APIError, "the product refused to %s, HTTP %d", q.purpose, resp.Status)
	e.Code, e.Said = redact(text(f.ErrorCode)), redact(msg)
	if failed := progress.StatusError(resp); failed != nil {
		e.RetryAfter = failed.RetryAfter
	}
	if resp.Status == http.StatusUnauthorized || resp.Status == http.StatusForbidden || strings.Contains(msg, "no-permission") {
		e.Reason = progress.Auth
		e.Message += "; check the API key in http_client_config, it needs the role " + q.role + " or above"
	}
	return e.About(resp.Request)
}

// redact takes out of a product's text what may be a token, be it another session's.
func redact(s string) string { return guidLike.ReplaceAllLiteralString(s, "<redacted>") }
