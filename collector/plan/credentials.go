package plan

import (
	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/targets"
)

// secretsOf returns what the texts about a target must not show, as far as the
// configuration of its client says it. What is in files is known when it is sent.
func secretsOf(cfg *targets.Target) *progress.Secrets {
	h := &cfg.HTTP
	fixed := proxySecrets(h.ProxyConfig)
	if a := h.BasicAuth; a != nil {
		fixed = append(fixed, progress.BasicAuth(a.Username, string(a.Password))...)
	}
	if a := h.Authorization; a != nil {
		fixed = append(fixed, string(a.Credentials))
	}
	if a := h.OAuth2; a != nil {
		fixed = append(fixed, string(a.ClientSecret), string(a.ClientCertificateKey))
		fixed = append(fixed, proxySecrets(a.ProxyConfig)...)
	}
	fixed = append(fixed, string(h.BearerToken), string(h.TLSConfig.Key))
	var public []string
	if h.HTTPHeaders != nil {
		for _, header := range h.HTTPHeaders.Headers {
			public = append(public, header.Values...)
			fixed = append(fixed, plain(header.Secrets)...)
		}
	}
	return progress.NewSecrets(fixed, public)
}

// proxySecrets returns what only a proxy is sent, and may repeat in the place of the
// product.
func proxySecrets(p config.ProxyConfig) (found []string) {
	if p.ProxyURL.URL != nil {
		if password, ok := p.ProxyURL.User.Password(); ok {
			found = append(found, progress.BasicAuth(p.ProxyURL.User.Username(), password)...)
		}
	}
	for _, values := range p.ProxyConnectHeader {
		found = append(found, plain(values)...)
	}
	return found
}

func plain(secrets []config.Secret) (values []string) {
	for _, s := range secrets {
		values = append(values, string(s))
	}
	return values
}
