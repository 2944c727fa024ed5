package fetch

import (
	"errors"
	"net"
	"net/http"

	"github.com/prometheus/common/config"
)

// Buffers of a connection, in bytes. A request is three to five hundred bytes and an
// answer mostly one or two thousand; with a connection kept to each of a thousand
// targets the usual 4096 each add up.
const (
	readBuffer  = 2048
	writeBuffer = 512
)

// maxHeader is the size of the largest header of an answer, in bytes. The library's
// own bound is 10 MiB, and it stays for targets whose certificates come from files:
// their transports are made where nobody can reach them.
const maxHeader = 256 << 10

// newTransport returns what sends the requests of cfg, without its credentials.
func newTransport(cfg config.HTTPClientConfig) (http.RoundTripper, error) {
	cfg.Authorization, cfg.BasicAuth, cfg.OAuth2, cfg.HTTPHeaders = nil, nil, nil, nil
	cfg.BearerToken, cfg.BearerTokenFile = "", "" // Validate has made an Authorization of them
	cfg.FollowRedirects = false
	rt, err := config.NewRoundTripperFromConfig(cfg, name, config.WithIdleConnTimeout(idleTimeout))
	if t, ok := rt.(*http.Transport); ok { // unless certificates come from files
		t.ReadBufferSize, t.WriteBufferSize, t.MaxResponseHeaderBytes = readBuffer, writeBuffer, maxHeader
		// The library's dialer keeps a trace of every connection, 7 KiB each.
		t.DialContext = (&net.Dialer{}).DialContext
	}
	return rt, err
}

// withCredentials returns a transport that adds the credentials of cfg, all but
// those of OAuth2, in the order in which the library adds them.
func withCredentials(cfg config.HTTPClientConfig, rt http.RoundTripper) http.RoundTripper {
	if a := cfg.Authorization; a != nil {
		rt = config.NewAuthorizationCredentialsRoundTripper(a.Type, secretOf(string(a.Credentials), a.CredentialsFile), rt)
	}
	if b := cfg.BasicAuth; b != nil {
		rt = config.NewBasicAuthRoundTripper(secretOf(b.Username, b.UsernameFile), secretOf(string(b.Password), b.PasswordFile), rt)
	}
	if cfg.HTTPHeaders != nil {
		rt = config.NewHeadersRoundTripper(cfg.HTTPHeaders, rt)
	}
	return rt
}

// secretOf returns the reader of a secret; nil if there is none.
func secretOf(text, file string) config.SecretReader {
	switch {
	case text != "":
		return config.NewInlineSecret(text)
	case file != "":
		return config.NewFileSecret(file)
	}
	return nil
}

// refuseReferences refuses the references to a secret manager that Prometheus'
// block can hold: there is none.
func refuseReferences(cfg config.HTTPClientConfig) error {
	var refs []string
	if a := cfg.Authorization; a != nil {
		refs = append(refs, a.CredentialsRef)
	}
	if b := cfg.BasicAuth; b != nil {
		refs = append(refs, b.UsernameRef, b.PasswordRef)
	}
	for _, ref := range refs {
		if ref != "" {
			return errors.New("a reference to a secret manager (…_ref) cannot be used; use the key that ends in _file")
		}
	}
	return nil
}
