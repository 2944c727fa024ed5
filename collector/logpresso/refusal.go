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

// refusal is the product's own error answer. It counts as Auth where the status
// says so or where the message is the one that the manual gives for a missing
// permission; the error code does not tell, illegal-state has many causes.
func refusal(status int, failed *progress.Error, a answer) *progress.Error {
	msg := text(a.ErrorMsg)
	e := progress.Errorf(progress.APIError, "the product refused to tell the install's progress, HTTP %d: %s", status, progress.Quote(redact(msg)))
	e.Code = redact(*a.ErrorCode)
	if failed != nil {
		e.RetryAfter = failed.RetryAfter
	}
	if status == http.StatusUnauthorized || status == http.StatusForbidden || strings.Contains(msg, "no-permission") {
		e.Reason = progress.Auth
		e.Message += "; check the API key in http_client_config, it needs the role MEMBER or above"
	}
	return e
}

// redact takes out of a product's text what may be a token.
func redact(s string) string { return guidLike.ReplaceAllLiteralString(s, "<redacted>") }
