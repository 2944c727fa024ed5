package ses

import (
	"fmt"
	"net/http"
	"time"

	"progress_exporter/collector/progress"
)

// The gateway's codes beside HTTP 401, as the page
// https://api-gov.ncloud-docs.com/docs/api-call-lgc-errorhandling lists them.
const (
	codeAuthentication = "200"
	codePermission     = "210"
)

// maxClockError is by how much the clock of a request may differ from the
// gateway's.
const maxClockError = 5 * time.Minute

// asked is what the product was asked for, and when, so that an error can say it.
type asked struct {
	what  string // it was to do
	check string // what may be wrong if it refuses
	at    time.Time
}

// asked is the question for the upgrade of the cluster.
func (c *cluster) asked() asked {
	a := asked{what: "tell the upgrade of the cluster " + c.question.ServiceGroupInstanceNo, at: c.now()}
	if !c.listed {
		a.check = "; are options.service_group_instance_no and the region the right ones?"
	}
	return a
}

// refusal is an error of the service itself, or one that comes with a good HTTP status.
func (a asked) refusal(said complaint, status int) *progress.Error {
	e := progress.Errorf(progress.APIError, "the product refused to %s, HTTP %d%s", a.what, status, a.check)
	e.Code, e.Said = said.code, said.text
	return e
}

// explain adds what the body says to what the HTTP status says. A body of the
// service itself shows that the service answered: its error is its own, unless the
// status speaks of credentials or of too many requests.
func (a asked) explain(failed *progress.Error, resp progress.Response, said complaint) *progress.Error {
	if said.made {
		failed.Code, failed.Said = said.code, said.text
	}
	switch failed.Reason {
	case progress.Auth:
		failed.Message += authHint(said.code) + clockHint(resp.Header, a.at)
	case progress.HTTP4xx, progress.HTTP5xx:
		if said.service && said.code != "" {
			own := a.refusal(said, resp.Status)
			own.RetryAfter = failed.RetryAfter
			return own.About(resp.Request)
		}
	}
	return failed
}

// authHint says what the gateway's code makes likely. Only the code separates a
// wrong key from a missing right.
func authHint(code string) string {
	switch code {
	case codeAuthentication:
		return "; code 200 is a wrong access key or secret key, or a clock that is off: check options.access_key, options.secret_key and the clock of this machine"
	case codePermission:
		return "; code 210 is a key without the right, or an account that is not subscribed to the API: check the permissions of the sub account in the portal"
	}
	return ""
}

// clockHint says that the clock here differs from the product's, if its header Date
// tells so.
func clockHint(h http.Header, now time.Time) string {
	theirs, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return ""
	}
	off := now.Sub(theirs).Round(time.Minute)
	if off.Abs() < maxClockError {
		return ""
	}
	side := "ahead of"
	if off < 0 {
		side = "behind"
	}
	return fmt.Sprintf("; the clock of this machine is about %.0f minutes %s the product's, which allows %.0f: set it right (NTP)",
		off.Abs().Minutes(), side, maxClockError.Minutes())
}
