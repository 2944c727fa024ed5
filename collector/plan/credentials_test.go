package plan

import (
	"net/url"
	"testing"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/targets"
)

// Whatever secret the configuration of a client holds, a product's text that has it is
// shown without it.
func TestConfiguredSecrets(t *testing.T) {
	proxy := func(password string) config.ProxyConfig {
		return config.ProxyConfig{
			ProxyURL:           config.URL{URL: &url.URL{Scheme: "http", Host: "proxy", User: url.UserPassword("user", password)}},
			ProxyConnectHeader: config.ProxyHeader{"X-Proxy": {config.Secret("canary of " + password)}},
		}
	}
	s := secretsOf(&targets.Target{HTTP: config.HTTPClientConfig{
		BasicAuth:     &config.BasicAuth{Username: "user", Password: "canary-basic"},
		Authorization: &config.Authorization{Credentials: "canary-authorization"},
		BearerToken:   "canary-bearer",
		TLSConfig:     config.TLSConfig{Key: "canary-tls-key"},
		ProxyConfig:   proxy("canary-proxy"),
		OAuth2:        &config.OAuth2{ClientSecret: "canary-client", ClientCertificateKey: "canary-certificate", ProxyConfig: proxy("canary-issuer")},
		HTTPHeaders: &config.Headers{Headers: map[string]config.Header{
			"X-Key": {Secrets: []config.Secret{"canary-header"}, Values: []string{"no-canary"}},
		}},
	}})
	for said, want := range map[string]string{
		"canary-basic": "<redacted>", "user:canary-basic": "<redacted>", "dXNlcjpjYW5hcnktYmFzaWM=": "<redacted>=",
		"canary-authorization": "<redacted>", "canary-bearer": "<redacted>", "canary-tls-key": "<redacted>",
		"canary-proxy": "<redacted>", "user:canary-proxy": "<redacted>", "canary of canary-proxy": "<redacted>",
		"canary-client": "<redacted>", "canary-certificate": "<redacted>", "canary-issuer": "<redacted>",
		"canary-header": "<redacted>", "no-canary": "no-canary", "user": "user",
	} {
		if got := s.Text(said, 99); got != want {
			t.Errorf("%s is shown as %s, want %s", said, got, want)
		}
	}
	if got := secretsOf(&targets.Target{}).Text("user", 99); got != "user" {
		t.Errorf("without secrets: %s", got)
	}
}
