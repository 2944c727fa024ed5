package recording

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"progress_exporter/collector/confidential"
	"progress_exporter/collector/progress"
)

// Exchange is a question and its answer, which has no status if none came.
type Exchange struct {
	Request  *http.Request
	Response progress.Response
	Err      *progress.Error // why none came, as it may be shown; nil if that is not known
}

// Answers returns the answers of one read as they may be kept. Taken out are the
// secrets of the target, however they are spelled, what was sent as a credential or set
// as a cookie, values of queries and forms that may be credentials, and the values of
// fields whose names say that they are secret. HTML is not kept at all, because a login
// page may hold secrets in fields with any name. Of a question that was asked again, as
// after a new login, the last answer is kept. A question without an answer is left out,
// unless several hosts were asked, which need not all be silent.
func Answers(secrets *progress.Secrets, passed []Exchange) []Answer {
	r := newRedactor(secrets, passed)
	var answers []Answer
	place := map[string]int{}
	several := slices.ContainsFunc(passed, func(x Exchange) bool { return x.Request.URL.Host != passed[0].Request.URL.Host })
	for _, x := range passed {
		if x.Response.Status == 0 && (!several || x.Err == nil) {
			continue
		}
		answer := r.answer(x)
		if several {
			answer.Host = r.text(x.Request.URL.Host)
		}
		question := x.Request.Method + " " + x.Request.URL.String() + "\n" + content(x.Request)
		if i, again := place[question]; again {
			answers[i] = answer
			continue
		}
		place[question] = len(answers)
		answers = append(answers, answer)
	}
	return answers
}

// redactor takes out of a read what must not be kept.
type redactor struct {
	secrets *progress.Secrets // and what was sent beside them
	values  *progress.Secrets // what may be a credential, but only where a value stands
	crowded int               // more cookies than are known as secrets; 0: there were not
}

func newRedactor(secrets *progress.Secrets, passed []Exchange) *redactor {
	r := &redactor{}
	var sent, asked []string
	for _, x := range passed {
		sent = append(sent, progress.Credentials(x.Request)...)
		if x.Response.Request != nil {
			sent = append(sent, progress.Credentials(x.Response.Request)...)
		}
		sent = append(sent, progress.CookieValues(x.Response.Header)...)
		if n := len(x.Response.Header["Set-Cookie"]); n > progress.MaxCookies {
			r.crowded = n
		}
		form, _ := url.ParseQuery(content(x.Request))
		for _, values := range []url.Values{x.Request.URL.Query(), form} {
			for name, list := range values {
				for _, v := range list {
					switch {
					case confidential.Name(name):
						sent = append(sent, v)
					case mayBeCredential(v):
						asked = append(asked, v)
					}
				}
			}
		}
	}
	r.secrets = secrets.With(sent...)
	r.values = progress.NewSecrets(asked, nil)
	return r
}

// content returns the form that a request sends, and for what tells questions apart
// whatever else it does.
func content(req *http.Request) string {
	if req.GetBody == nil {
		return ""
	}
	body, err := req.GetBody()
	if err != nil {
		return ""
	}
	text, _ := io.ReadAll(io.LimitReader(body, 1<<20))
	return string(text)
}

// word matches values that are no credentials: a name of a field, a state, a list of
// them, a short number.
var word = regexp.MustCompile(`^[A-Za-z_.,:*\[\]-]{1,24}$|^[0-9.,:-]{1,12}$`)

// mayBeCredential reports whether the value of a query could be one.
func mayBeCredential(v string) bool { return len(v) >= 8 && !word.MatchString(v) }

// keptHeaders are the headers of an answer that its readers look at.
var keptHeaders = []string{"Content-Type", "Retry-After", "Date"}

func (r *redactor) answer(x Exchange) Answer {
	a := Answer{
		Method: x.Request.Method, Path: r.text(x.Request.URL.Path), Status: x.Response.Status,
		Header: map[string]string{},
	}
	if x.Response.Status == 0 {
		a.Failure = r.failure(x.Err)
		return a
	}
	for _, name := range keptHeaders {
		if v := x.Response.Header.Get(name); v != "" {
			a.Header[name] = progress.Cut(r.text(v), 200)
		}
	}
	if v := x.Response.Header.Get("Location"); v != "" {
		if u, err := url.Parse(v); err == nil {
			a.Header["Location"] = r.text(progress.Cut(progress.Address(u), 1000))
		}
	}
	body := r.body(x.Response)
	if json.Valid(body) {
		a.JSON = body
	} else {
		a.Text = strings.ToValidUTF8(string(body), "\uFFFD")
	}
	return a
}

// body returns the body of an answer as it may be kept.
func (r *redactor) body(resp progress.Response) []byte {
	switch {
	case progress.IsHTML(resp) || !json.Valid(resp.Body) && progress.HasForm(resp.Body):
		return fmt.Appendf(nil, "<html><!-- %d bytes that may hold credentials and were not recorded --></html>", len(resp.Body))
	case r.crowded > 0:
		return fmt.Appendf(nil, "%d bytes that were not recorded, because one of %d cookies could be in them", len(resp.Body), r.crowded)
	}
	if !json.Valid(resp.Body) {
		return []byte(confidential.Text(r.text(string(resp.Body))))
	}
	known := func(s string) string { return s }
	if r.secrets.Whole(string(resp.Body)) != string(resp.Body) {
		known = r.secrets.Whole
	}
	body := confidential.JSON(resp.Body, known, r.values.Whole)
	if text := r.secrets.Whole(string(body)); text != string(body) { // it goes over more than one text
		return []byte(confidential.Text(text))
	}
	return body
}

// text takes secrets out of a text.
func (r *redactor) text(s string) string { return r.values.Whole(r.secrets.Whole(s)) }

// failure returns why a read failed. What failed already has no secret in it, but was
// not told what a query holds.
func (r *redactor) failure(err *progress.Error) *Failure {
	return &Failure{Reason: string(err.Reason), Code: r.text(err.Code), Message: r.text(err.Message)}
}
