package fetch

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"progress_exporter/collector/progress"

	"github.com/prometheus/common/config"
)

func TestCredentialsAreAddedTogether(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	defer server.Close()
	c, err := New(config.HTTPClientConfig{
		Authorization: &config.Authorization{Type: "Bearer", Credentials: "k"},
		HTTPHeaders:   &config.Headers{Headers: map[string]config.Header{"X-Tenant": {Values: []string{"t"}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	req, err := http.NewRequest(http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(req); err != nil {
		t.Fatal(err)
	}
	if got.Get("Authorization") != "Bearer k" || got.Get("X-Tenant") != "t" {
		t.Errorf("headers %v", got)
	}
}

func TestReferencesAreRefused(t *testing.T) {
	for name, cfg := range map[string]config.HTTPClientConfig{
		"authorization": {Authorization: &config.Authorization{Type: "Bearer", CredentialsRef: "r"}},
		"user":          {BasicAuth: &config.BasicAuth{UsernameRef: "r", Password: "p"}},
		"password":      {BasicAuth: &config.BasicAuth{Username: "u", PasswordRef: "r"}},
	} {
		const want = "http_client_config: a reference to a secret manager (…_ref) cannot be used; use the key that ends in _file"
		if _, err := New(cfg); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A header is read as far as a product may need it, and not to the ten MiB that
// net/http would take.
func TestHeaderIsBounded(t *testing.T) {
	for size, want := range map[int]progress.Reason{maxHeader / 2: "", 2 * maxHeader: progress.TooLarge} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Long", strings.Repeat("x", size))
		}))
		_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), server.URL)
		var got progress.Reason
		if err != nil {
			got = progress.AsError(err).Reason
		}
		if got != want {
			t.Errorf("a header of %d bytes: %v, want reason %q", size, err, want)
		}
		server.Close()
	}
}
