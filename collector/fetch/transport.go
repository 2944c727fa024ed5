package fetch

import (
	"crypto/tls"
	"errors"
	"net/http"
	"time"

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
// own bound is 10 MiB.
const maxHeader = 256 << 10

// HTTP/2. A connection that is silent for so long is asked for a sign of life, and
// closed if it gives none: reads that overlap on a dead one, and the first read after
// a pause, need not find out by themselves.
const (
	pingAfter   = 15 * time.Second
	pingTimeout = 5 * time.Second

	// streamBuffer is how much of an answer the transport takes in before the read asks
	// for it, in bytes. The library's own is 4 MiB.
	streamBuffer = 64 << 10
)

// newTransport returns what sends the requests of cfg, without its credentials. It is
// the one of prometheus/common but for its bounds, and for its dialer, which keeps a
// trace of every connection, 7 KiB each. Certificates in files are read again whenever
// they change.
func newTransport(cfg config.HTTPClientConfig, of *connections) (http.RoundTripper, error) {
	if err := cfg.TLSConfig.Validate(); err != nil {
		return nil, err
	}
	inline, err := withoutFiles(cfg.TLSConfig)
	if err != nil {
		return nil, err
	}
	certificates, err := config.NewTLSConfig(&inline)
	if err != nil {
		return nil, err
	}
	if certificates.GetClientCertificate, err = clientCertificate(cfg.TLSConfig); err != nil {
		return nil, err
	}
	made := func(certificates *tls.Config) (http.RoundTripper, error) {
		return &renewable{of: of, made: func() *http.Transport { return bare(cfg, certificates) }}, nil
	}
	c := cfg.TLSConfig
	if c.CAFile == "" && c.CertFile == "" && c.KeyFile == "" {
		return made(certificates)
	}
	return config.NewTLSRoundTripper(certificates, config.TLSRoundTripperSettings{
		CA: secretOf(c.CA, c.CAFile), Cert: secretOf(c.Cert, c.CertFile), Key: secretOf(string(c.Key), c.KeyFile),
	}, made)
}

// bare returns a transport without connections.
func bare(cfg config.HTTPClientConfig, certificates *tls.Config) *http.Transport {
	t := &http.Transport{
		Proxy:                  cfg.Proxy(),
		ProxyConnectHeader:     cfg.GetProxyConnectHeader(),
		MaxIdleConnsPerHost:    1000, // a target has one host
		TLSClientConfig:        certificates,
		DisableCompression:     true,
		IdleConnTimeout:        idleTimeout,
		TLSHandshakeTimeout:    10 * time.Second,
		ExpectContinueTimeout:  time.Second,
		DialContext:            dial,
		ReadBufferSize:         readBuffer,
		WriteBufferSize:        writeBuffer,
		MaxResponseHeaderBytes: maxHeader,
	}
	if cfg.EnableHTTP2 {
		t.Protocols = &http.Protocols{}
		t.Protocols.SetHTTP1(true)
		t.Protocols.SetHTTP2(true)
		t.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout, MaxReceiveBufferPerStream: streamBuffer}
	}
	return t
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
		rt = headers{cfg.HTTPHeaders, rt}
	}
	return rt
}

// secretOf returns the reader of a secret; nil if there is none.
func secretOf(text, file string) config.SecretReader {
	switch {
	case text != "":
		return config.NewInlineSecret(text)
	case file != "":
		return textFile(file)
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
