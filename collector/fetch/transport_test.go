package fetch

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

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
	}, time.Now)
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
	if !slices.Equal(got["Authorization"], []string{"Bearer k"}) || !slices.Equal(got["X-Tenant"], []string{"t"}) {
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
		if _, err := New(cfg, time.Now); err == nil || err.Error() != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A header is read as far as a product may need it, and not to the ten MiB that
// net/http would take.
func TestHeaderIsBounded(t *testing.T) {
	for name, proto := range map[string]bool{"HTTP/1.1": false, "HTTP/2": true} {
		for _, inFile := range []bool{false, true} {
			for size, want := range map[int]progress.Reason{maxHeader / 2: "", 2 * maxHeader: progress.TooLarge} {
				server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					for range size / 1024 {
						w.Header().Add("X-Long", strings.Repeat("x", 1024))
					}
					w.Header().Set("X-Proto", r.Proto)
				}))
				server.EnableHTTP2 = proto
				server.StartTLS()
				ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
				certificates := config.TLSConfig{CA: ca}
				if inFile {
					certificates = config.TLSConfig{CAFile: file(t, ca)}
				}
				c := newClient(t, config.HTTPClientConfig{EnableHTTP2: proto, TLSConfig: certificates})
				resp, err := get(t.Context(), c, server.URL)
				var got progress.Reason
				if err != nil {
					got = progress.AsError(err).Reason
				} else if !strings.HasPrefix(resp.Header.Get("X-Proto"), name) {
					t.Errorf("asked by %s, want %s", resp.Header.Get("X-Proto"), name)
				}
				if got != want {
					t.Errorf("%s, a header of %d bytes: %v, want reason %q", name, size, err, want)
				}
				c.Close()
				server.Close()
			}
		}
	}
}

// A connection is kept over a scrape interval of two minutes.
func TestIdleTimeout(t *testing.T) {
	if got := bare(config.HTTPClientConfig{}, nil).IdleConnTimeout; got <= 2*time.Minute {
		t.Errorf("idle connections end after %v", got)
	}
}
