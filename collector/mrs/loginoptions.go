package mrs

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"

	"progress_exporter/collector/progress"
)

// casPort is where the manual has the CAS of a cluster with Kerberos, on the host
// of the manager.
const casPort = "20009"

// The types of login.
const (
	loginNone    = "none"
	loginBasic   = "basic"   // none, with the credentials in http_client_config
	loginSession = "session" // a cookie from login_check: cluster without Kerberos
	loginCAS     = "cas"     // a ticket from the CAS first: cluster with Kerberos
)

// loginOptions are what options.login may hold.
type loginOptions struct {
	Type         string          `yaml:"type"`
	Username     string          `yaml:"username"`
	Password     progress.Secret `yaml:"password"`
	PasswordFile string          `yaml:"password_file"`
	CASURL       string          `yaml:"cas_url"`
}

// open checks the options and returns the login; nil if there is none.
func (o loginOptions) open(t progress.Target) (*login, error) {
	switch o.Type {
	case "", loginNone, loginBasic:
		return nil, o.unused()
	case loginSession:
		return newLogin(identity{manager: strings.TrimRight(t.URL.String(), "/"), kind: loginSession}, t.URL, nil), o.unused()
	case loginCAS:
		return o.openCAS(t)
	}
	return nil, fmt.Errorf("options.login.type is %q, want one of none, session, cas, basic", o.Type)
}

// unused reports every option that only the type cas has.
func (o loginOptions) unused() error {
	instead := ""
	if o.Type == loginBasic {
		instead = "; basic_auth in http_client_config has the user"
	}
	var problems []error
	for _, option := range []struct {
		name  string
		given bool
	}{
		{"username", o.Username != ""}, {"password", !o.Password.IsZero()},
		{"password_file", o.PasswordFile != ""}, {"cas_url", o.CASURL != ""},
	} {
		if option.given {
			problems = append(problems, fmt.Errorf("options.login.%s needs the type cas%s", option.name, instead))
		}
	}
	return errors.Join(problems...)
}

func (o loginOptions) openCAS(t progress.Target) (*login, error) {
	var noUser error
	if o.Username == "" {
		noUser = errors.New("options.login.username is needed")
	}
	password, badPassword := t.Credential("login.password", o.Password, o.PasswordFile)
	cas, badCAS := o.casURL(t.URL)
	if err := errors.Join(noUser, badPassword, badCAS); err != nil {
		return nil, err
	}
	id := identity{
		manager: strings.TrimRight(t.URL.String(), "/"), cas: strings.TrimRight(cas.String(), "/"), kind: loginCAS, username: o.Username,
	}
	l := newLogin(id, t.URL, cas)
	l.password = password
	return l, nil
}

// casURL returns the address of the CAS. Behind a gateway it has a prefix of its
// own, which nobody can guess.
func (o loginOptions) casURL(manager *url.URL) (*url.URL, error) {
	if o.CASURL == "" {
		if strings.Trim(manager.Path, "/") != "web" {
			return nil, errors.New("options.login.cas_url is needed, because url does not end in /web: behind a gateway the CAS has a prefix of its own")
		}
		return &url.URL{Scheme: "https", Host: net.JoinHostPort(manager.Hostname(), casPort), Path: "/cas"}, nil
	}
	u, err := url.Parse(o.CASURL)
	switch {
	case err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("options.login.cas_url has to be an absolute http or https URL, such as https://HOST:20009/cas")
	case u.User != nil || u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("options.login.cas_url has to be without user, query and fragment")
	case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/login"):
		return nil, errors.New("options.login.cas_url has to be without /login at its end")
	}
	return u, nil
}
