package mrs

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/session"
)

func TestLoginRefuses(t *testing.T) {
	const (
		user      = "options.login.username is needed"
		password  = "options.login.password or options.login.password_file is needed"
		absolute  = "options.login.cas_url has to be an absolute http or https URL, such as https://HOST:20009/cas"
		bare      = "options.login.cas_url has to be without user, query and fragment"
		noLogin   = "options.login.cas_url has to be without /login at its end"
		needCAS   = "options.login.cas_url is needed, because url does not end in /web: behind a gateway the CAS has a prefix of its own"
		basicAuth = "; basic_auth in http_client_config has the user"
	)
	for _, tc := range []struct{ name, url, login, want string }{
		{"unknown type", "", "{type: CAS}", `options.login.type is "CAS", want one of none, session, cas, basic`},
		{"unknown key", "", "{type: cas, user: x}", "yaml: unmarshal errors:\n  line 2: field user not found in type mrs.loginOptions"},
		{"cas alone", "", "{type: cas}", user + "\n" + password},
		{"two passwords", "", "{type: cas, username: ops, password: hunter2, password_file: f}", "options.login.password and options.login.password_file are both set; keep one"},
		{"relative", "", "{type: cas, username: ops, password: hunter2, cas_url: /cas}", absolute},
		{"other scheme", "", "{type: cas, username: ops, password: hunter2, cas_url: 'ftp://h/cas'}", absolute},
		{"no host", "", "{type: cas, username: ops, password: hunter2, cas_url: 'https:///cas'}", absolute},
		{"no URL", "", "{type: cas, username: ops, password: hunter2, cas_url: 'https://[/cas'}", absolute},
		{"user", "", "{type: cas, username: ops, password: hunter2, cas_url: 'https://u:hunter2@h/cas'}", bare},
		{"query", "", "{type: cas, username: ops, password: hunter2, cas_url: 'https://h/cas?service=x'}", bare},
		{"empty query", "", "{type: cas, username: ops, password: hunter2, cas_url: 'https://h/cas?'}", bare},
		{"fragment", "", "{type: cas, username: ops, password: hunter2, cas_url: 'https://h/cas#x'}", bare},
		{"login page", "", "{type: cas, username: ops, password: hunter2, cas_url: 'https://h/cas/login/'}", noLogin},
		{"gateway", "https://gw.example.com:9022/mrsmanager", "{type: cas, username: ops, password: hunter2}", needCAS},
		{"all of cas", "https://gw.example.com:9022/mrsmanager", "{type: cas}", user + "\n" + password + "\n" + needCAS},
		{"none", "", "{username: ops, password: hunter2}", "options.login.username needs the type cas\noptions.login.password needs the type cas"},
		{"session", "", "{type: session, password_file: f, cas_url: 'https://h/cas'}", "options.login.password_file needs the type cas\noptions.login.cas_url needs the type cas"},
		{"basic", "", "{type: basic, username: ops}", "options.login.username needs the type cas" + basicAuth},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, "command_id: 214\nlogin: "+tc.login)
			if tc.url != "" {
				var err error
				if tg.URL, err = url.Parse(tc.url); err != nil {
					t.Fatal(err)
				}
			}
			s, err := API(time.Now).Open(tg)
			if err == nil {
				t.Fatalf("got a source %T, want an error", s)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoginAddresses(t *testing.T) {
	const cas = "login: {type: cas, username: ops, password: hunter2"
	for _, tc := range []struct {
		name, url, options string
		want               []string // check, page, service
	}{
		{"port of the manual", "https://192.0.2.10:28443/web", cas + "}",
			[]string{"https://192.0.2.10:28443/web/v1/access/login_check", "https://192.0.2.10:20009/cas/login", "https://192.0.2.10:28443/web/cas_security_check.htm"}},
		{"IPv6", "https://[2001:db8::1]:28443/web/", cas + "}",
			[]string{"https://[2001:db8::1]:28443/web/v1/access/login_check", "https://[2001:db8::1]:20009/cas/login", "https://[2001:db8::1]:28443/web/cas_security_check.htm"}},
		{"gateway", "https://gw.example.com/gateway/mrsweb/mrsmanager", cas + ", cas_url: 'https://gw.example.com/mrscas/'}",
			[]string{"https://gw.example.com/gateway/mrsweb/mrsmanager/v1/access/login_check", "https://gw.example.com/mrscas/login", "https://gw.example.com/gateway/mrsweb/mrsmanager/cas_security_check.htm"}},
		{"session", "https://192.0.2.10:28443/web", "login: {type: session}",
			[]string{"https://192.0.2.10:28443/web/v1/access/login_check", "", "https://192.0.2.10:28443/web/cas_security_check.htm"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, "command_id: 214\n"+tc.options)
			var err error
			if tg.URL, err = url.Parse(tc.url); err != nil {
				t.Fatal(err)
			}
			l := openTarget(t, API(time.Now), tg).(command).login
			if diff := cmp.Diff(tc.want, []string{l.check, l.page, l.service}); diff != "" {
				t.Errorf("addresses (-want +got):\n%s", diff)
			}
		})
	}
}

// Which targets share a session.
func TestAccounts(t *testing.T) {
	api := API(time.Now)
	of := func(address, login string) *session.Account {
		tg := target(t, "command_id: 214\nlogin: "+login)
		var err error
		if tg.URL, err = url.Parse(address); err != nil {
			t.Fatal(err)
		}
		return openTarget(t, api, tg).(command).account
	}
	const web = "https://192.0.2.10:28443/web"
	first := of(web, "{type: cas, username: ops, password: hunter2}")
	for _, tc := range []struct {
		name, url, login string
		same             bool
	}{
		{"itself", web, "{type: cas, username: ops, password: hunter2}", true},
		{"another password", web + "/", "{type: cas, username: ops, password_file: f, cas_url: 'https://192.0.2.10:20009/cas/'}", true},
		{"another user", web, "{type: cas, username: ana, password: hunter2}", false},
		{"another manager", "https://192.0.2.11:28443/web", "{type: cas, username: ops, password: hunter2, cas_url: 'https://192.0.2.10:20009/cas'}", false},
		{"another CAS", web, "{type: cas, username: ops, password: hunter2, cas_url: 'https://192.0.2.11:20009/cas'}", false},
		{"another type", web, "{type: session}", false},
		{"none", web, "{type: none}", false},
	} {
		if got := of(tc.url, tc.login) == first; got != tc.same {
			t.Errorf("%s: same account %v, want %v", tc.name, got, tc.same)
		}
	}
}
