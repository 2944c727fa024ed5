package logpresso

import (
	"slices"
	"strings"

	"progress_exporter/collector/progress"
)

// startAnswers decodes them by the names as the vendor writes them.
var startAnswers = progress.NewDecoder[startAnswer]()

// judgement reads the answer. As with every call of the product, the body comes
// before the status: it refuses with HTTP 400 and 500.
func judgement(resp progress.Response) (Installable, error) {
	var a startAnswer
	_, undecoded := startAnswers.Decode(resp, &a)
	s := a.InstallableStatus
	failed := progress.StatusError(resp)
	stopped := a.Result != nil && !*a.Result
	switch {
	case undecoded == nil && a.refuses(resp.Status, s != nil):
		return Installable{}, refusedStart(resp, a.fault)
	case failed != nil:
		return Installable{}, mayHaveBegun(failed, true)
	case undecoded != nil:
		return Installable{}, mayHaveBegun(undecoded, true)
	case s == nil && stopped:
		s = &installableStatus{}
	case s == nil, s.IsValid == nil && !stopped:
		return Installable{}, mayHaveBegun(progress.Errorf(progress.Contract, "the answer does not say whether the package is valid, which the product documents").About(resp.Request), true)
	}
	i := Installable{
		Started: s.IsValid != nil && *s.IsValid && !stopped,
		Reason:  redact(text(s.Reason)),
		AppCode: text(s.AppCode), AppName: text(s.AppName), AppVersion: text(s.AppVersion),
	}
	i.Message = redact(text(a.ErrorMsg))
	return i, nil
}

// Refusal is why the product does not begin an install, where the manual of
// start-install describes it.
type Refusal string

// The refusals of start-install.
const (
	BadToken       Refusal = "bad-token"       // missing or not a GUID
	SessionExpired Refusal = "session-expired" // the install session has expired
	AlreadyStarted Refusal = "already-started" // start-install was called before
	NoPermission   Refusal = "no-permission"   // the API key's role is too low
)

// Error returns the refusal's name.
func (r Refusal) Error() string { return string(r) }

// refusedStart is the product's error answer to start-install. The code
// illegal-state stands for several refusals, which only the text tells apart.
func refusedStart(resp progress.Response, f fault) *progress.Error {
	e := refusal(question{"begin the install", "ADMIN"}, resp, f)
	msg := text(f.ErrorMsg)
	switch {
	case e.Reason == progress.Auth:
		e.Err = NoPermission
	case text(f.ErrorCode) == "invalid-param-type":
		e.Err = BadToken
		e.Message += "; the token has to be the GUID that the upload of the package gave"
	case strings.HasPrefix(msg, "main install session was expired"):
		e.Err = SessionExpired
		e.Message += "; upload the package again and use the token that this upload gives"
	case strings.Contains(msg, "START_INSTALL_APP"):
		e.Err = AlreadyStarted
		e.Message += "; the install of this package has begun before, look at its progress"
	}
	return e
}

// mayHaveBegun adds to a failure that the request was sent, if it was, and that its
// effect is open. It is not open where somebody answered that he does not take it.
func mayHaveBegun(err error, sent bool) *progress.Error {
	e := *progress.AsError(err)
	doubtful := []progress.Reason{progress.Timeout, progress.Connect, progress.HTTP5xx, progress.TooLarge, progress.Decode, progress.Contract, progress.Internal}
	if sent && slices.Contains(doubtful, e.Reason) {
		e.Message += "; the request was sent, so the install may have begun: look at its progress before you try again"
	}
	return &e
}
