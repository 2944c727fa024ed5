package ses

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
)

// complaint is what an error answer says.
type complaint struct {
	made    bool
	service bool // by the service itself, not by the gateway before it
	code    string
	text    string
}

// complaint returns what is wrong according to the answer. A code 0 that comes with
// nothing but a message other than SUCCESS is an error as well: the page of
// rollingUpgradePreCheck says that its result is null when the check fails, and
// that the reason is in the message.
func (a *answer[Result]) complaint() complaint {
	switch {
	case a.Error != nil:
		return complaint{true, false, string(a.Error.ErrorCode), a.Error.text()}
	case a.ResponseError != nil:
		return complaint{true, false, string(a.ResponseError.ReturnCode), a.ResponseError.ReturnMessage}
	case a.Code.wrong(),
		a.Result == nil && a.Message != "" && !strings.EqualFold(a.Message, "SUCCESS"):
		return complaint{true, true, string(a.Code), a.Message}
	}
	return complaint{}
}

// maxFieldErrors bounds the fields that an error names; the request has two.
const maxFieldErrors = 5

// text returns what the gateway says in one line.
func (e *gatewayError) text() string {
	said := ""
	add := func(separator, text string) {
		if said != "" && text != "" {
			said += separator
		}
		said += text
	}
	add("", e.Message)
	add(": ", cmp.Or(e.Details, e.Detail))
	for i, f := range e.FieldErrors {
		if i == maxFieldErrors {
			add("; ", fmt.Sprintf("and %d more fields", len(e.FieldErrors)-i))
			break
		}
		add("; ", f.Field)
		add(": ", f.Message)
	}
	return said
}

// headerComplaint returns what the gateway says in its headers, which counts where the body of
// a failed request says nothing. No page of the vendor has them: a client that somebody wrote
// (sjk4425/ncloud-mcp-server, src/client/ncloud-client.ts) looks for them then.
func headerComplaint(h http.Header) complaint {
	code, text := strings.TrimSpace(h.Get("X-Ncp-Apigw-Error-Code")), strings.TrimSpace(h.Get("X-Ncp-Apigw-Error-Message"))
	return complaint{code != "" || text != "", false, code, text}
}
