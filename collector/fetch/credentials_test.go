package fetch

import (
	"net/http"
	"net/http/httptest"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

func TestDoRedirect(t *testing.T) {
	var called atomic.Bool
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called.Store(true) }))
	defer other.Close()
	server := httptest.NewServer(http.RedirectHandler(other.URL, http.StatusFound))
	defer server.Close()

	resp, err := get(t.Context(), newClient(t, config.DefaultHTTPClientConfig), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != http.StatusFound || resp.Header.Get("Location") != other.URL {
		t.Errorf("got HTTP %d to %q, want 302 to %q", resp.Status, resp.Header.Get("Location"), other.URL)
	}
	if called.Load() {
		t.Error("the redirect was followed")
	}
}

func TestDoCredentials(t *testing.T) {
	server := echo(t)
	path := file(t, "")
	tests := map[string]struct {
		cfg    config.HTTPClientConfig
		before string
		after  string // the file has been rotated
	}{
		"basic_auth": {
			cfg:    config.HTTPClientConfig{BasicAuth: &config.BasicAuth{Username: "ops", PasswordFile: path}},
			before: "Basic b3BzOmZpcnN0", after: "Basic b3BzOnNlY29uZA==",
		},
		"basic_auth's user": {
			cfg:    config.HTTPClientConfig{BasicAuth: &config.BasicAuth{UsernameFile: path, Password: "pw"}},
			before: "Basic Zmlyc3Q6cHc=", after: "Basic c2Vjb25kOnB3",
		},
		"authorization": {
			cfg:    config.HTTPClientConfig{Authorization: &config.Authorization{CredentialsFile: path}},
			before: "Bearer first", after: "Bearer second",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, test.cfg)
			for _, want := range []string{test.before, test.after} {
				content := "first\n"
				if want == test.after {
					content = "second\n"
				}
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
				resp, err := get(t.Context(), c, server.URL)
				if err != nil {
					t.Fatal(err)
				}
				if got := resp.Header.Get("Got-Authorization"); got != want {
					t.Errorf("sent %q, want %q", got, want)
				}
			}
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
			_, err := get(t.Context(), c, server.URL)
			wantFault(t, err, server.URL, progress.Internal, "the product was not asked: a file with credentials cannot be read: open "+path+": no such file or directory")
		})
	}
}

func TestNewRefuses(t *testing.T) {
	tests := map[string]struct {
		cfg  config.HTTPClientConfig
		want string
	}{
		"two credentials": {
			config.HTTPClientConfig{BasicAuth: &config.BasicAuth{Password: secret}, Authorization: &config.Authorization{Credentials: secret}},
			"http_client_config: at most one of basic_auth, oauth2 & authorization must be configured",
		},
		"missing CA": {
			config.HTTPClientConfig{TLSConfig: config.TLSConfig{CAFile: "/nowhere/ca.pem"}},
			"http_client_config: unable to read CA cert: unable to read file /nowhere/ca.pem: open /nowhere/ca.pem: no such file or directory",
		},
		"missing CA of oauth2": {
			config.HTTPClientConfig{OAuth2: &config.OAuth2{ClientID: "ops", TokenURL: "https://192.0.2.1", ClientSecret: secret, TLSConfig: config.TLSConfig{CA: secret}}},
			"http_client_config: oauth2: unable to use specified CA cert inline",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := New(test.cfg, time.Now); err == nil || err.Error() != test.want {
				t.Errorf("got  %v\nwant %s", err, test.want)
			}
		})
	}
}
