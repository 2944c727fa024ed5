package mrs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// identity says whose session it is. Targets with the same one share it.
type identity struct{ manager, cas, kind, username string }

// account returns the account with this identity.
func (id identity) account(shared *session.Accounts) *session.Account {
	return shared.Of("mrs", id.manager, id.cas, id.kind, id.username)
}

// login is how a session is opened. It follows the page "API Calling Process" of
// the MRS Manager API (MapReduce Service API reference,
// https://docs.otc.t-systems.com/mapreduce-service/api-ref/).
type login struct {
	identity
	check    string // address of login_check
	page     string // address of the CAS's login page; empty for the type session
	service  string // what the CAS is asked to let the user into
	password progress.Credential
}

// newLogin returns the login without its password. The type session has no CAS.
func newLogin(id identity, manager, cas *url.URL) *login {
	l := &login{
		identity: id,
		check:    manager.JoinPath("v1/access/login_check").String(),
		service:  manager.JoinPath("cas_security_check.htm").String(),
		password: func() (string, error) { return "", nil },
	}
	if cas != nil {
		l.page = cas.JoinPath("login").String()
	}
	return l
}

// inSession returns the login as the account makes it.
func (l *login) inSession() session.Login {
	return session.Login{User: l.username, Address: l.manager, Password: l.password, Open: l.logIn}
}

// logIn opens a session: with the ticket of a login before, if one is left over from it
// and still good, else with a new one. A ticket is good for a session as soon as the
// manager answers again, without the password.
func (l *login) logIn(ctx context.Context, fetch progress.Fetch, t *session.Trial) (http.Header, error) {
	if t.Ticket != nil {
		cookies, err := l.openWith(ctx, fetch, t)
		if t.Ticket != nil || err == nil {
			return cookies, err
		}
	}
	if l.page != "" {
		var err error
		if t.Ticket, err = l.ticket(ctx, browser{fetch: fetch, accept: "text/html"}, t); err != nil {
			return nil, err
		}
	}
	return l.openWith(ctx, fetch, t)
}

// openWith is open with the trial's ticket, which is used up unless the manager gave no
// answer.
func (l *login) openWith(ctx context.Context, fetch progress.Fetch, t *session.Trial) (http.Header, error) {
	cookies, err := l.open(ctx, fetch, t.Ticket)
	var why session.Refusal
	if err == nil || errors.As(err, &why) {
		t.Ticket = nil
	}
	return cookies, err
}

// newPassword is the refusal of a password that has to be changed first.
func newPassword() error {
	return session.Refused("the manager wants the user to change the password first, as at a first login; do so in the manager's web page")
}

// open asks the manager for a session, with the CAS's ticket if there is a CAS, and
// returns the header with its cookies. No password is sent. Its error is a
// session.Refusal or a *progress.Error.
func (l *login) open(ctx context.Context, fetch progress.Fetch, ticket *http.Cookie) (http.Header, error) {
	manager := browser{fetch: fetch}
	if ticket != nil {
		manager.cookies = session.Header([]*http.Cookie{ticket})
	}
	resp, err := manager.get(ctx, l.check)
	if err != nil {
		return nil, err
	}
	if wantsNewPassword(resp) {
		return nil, newPassword()
	}
	if how := wantsLogin(resp); how != "" {
		if l.page == "" {
			return nil, session.Refused("login_check answers with " + how + "; does the cluster have Kerberos? Then it needs options.login.type cas")
		}
		return nil, session.Refused("login_check answers with " + how + " although the CAS gave a ticket; does options.login.cas_url belong to the same manager, and may the user log in to it?")
	}
	if err := failed(resp); err != nil {
		return nil, err
	}
	if cookies := session.Header(session.Cookies(resp)); len(cookies) > 0 {
		return cookies, nil
	}
	if err := progress.DecodeJSON(resp, &struct{}{}); err != nil {
		return nil, err
	}
	return nil, progress.Errorf(progress.Contract, "the answer sets no cookie; if the manager needs no session, options.login.type none will do").About(resp.Request)
}

// ticket asks the CAS for a ticket: its login page, then the form on it.
func (l *login) ticket(ctx context.Context, cas browser, t *session.Trial) (*http.Cookie, error) {
	page, err := cas.get(ctx, l.page)
	if err != nil {
		return nil, err
	}
	if err := failed(page); err != nil {
		return nil, err
	}
	token := hiddenField(page.Body, "lt")
	if token == "" {
		return nil, progress.Errorf(progress.Contract, "the page has no form with a hidden field lt, so it is no login page of a CAS; check options.login.cas_url, or is there a proxy before it?").About(page.Request)
	}
	cas.cookies = session.Header(session.Cookies(page))
	resp, err := cas.post(t.Watch(ctx), l.page+"?"+url.Values{"service": {l.service}}.Encode(), url.Values{
		"username": {l.username}, "password": {t.Password}, "lt": {token}, "_eventId": {"submit"}, "submit": {"Login"},
	})
	if err != nil {
		return nil, err
	}
	return l.judge(resp)
}

// judge takes the ticket out of the CAS's answer to the form. A wrong password is
// no HTTP error but the login page again. An answer that is neither a ticket nor an
// outage is a refusal.
func (l *login) judge(resp progress.Response) (*http.Cookie, error) {
	if resp.Status >= 500 || resp.Status == http.StatusTooManyRequests {
		return nil, failed(resp)
	}
	switch {
	case wantsNewPassword(resp):
		return nil, newPassword()
	case bytes.Contains(resp.Body, []byte("cannot be determined to be authentic")):
		return nil, session.Refused("user or password is wrong, or the account is locked; check username and password of options.login, then the account in the manager")
	}
	if ticket := session.Cookie(resp, "CASTGC"); ticket != nil {
		return ticket, nil
	}
	if hiddenField(resp.Body, "lt") != "" {
		return nil, session.Refused("the CAS shows its login page again, without saying why; check username and password of options.login")
	}
	return nil, session.Refused(fmt.Sprintf("the CAS answers HTTP %d without a ticket (cookie CASTGC); check username and password of options.login, and its cas_url", resp.Status))
}

// wantsNewPassword reports whether an answer leads to the page modify_password.html,
// as the manual says of a first login. A login page may link to it as well.
func wantsNewPassword(resp progress.Response) bool {
	const page = "modify_password"
	return strings.Contains(resp.Header.Get("Location"), page) ||
		bytes.Contains(resp.Body, []byte(page)) && progress.IsHTML(resp) && hiddenField(resp.Body, "lt") == ""
}

// failed returns what is wrong with the status of an answer: a refusal if it is 401
// or 403, else the reason of the status; nil for 2xx.
func failed(resp progress.Response) error {
	if resp.Status == http.StatusUnauthorized || resp.Status == http.StatusForbidden {
		return session.Refused(fmt.Sprintf("%sHTTP %d; check options.login and http_client_config", progress.Asked(resp.Request), resp.Status))
	}
	if err := progress.StatusError(resp); err != nil {
		return err
	}
	return nil
}
