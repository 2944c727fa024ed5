package fetch

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// textFile is a file with a credential or with certificates. Unlike the library's own
// reader it takes no byte order mark for a part of them.
type textFile string

var _ config.SecretReader = textFile("")

// Fetch reads the file, at every call.
func (f textFile) Fetch(context.Context) (string, error) {
	content, err := os.ReadFile(string(f))
	if err != nil {
		return "", fmt.Errorf("unable to read file %s: %w", string(f), err)
	}
	text, err := progress.FileText(content)
	if err != nil {
		return "", &encodingError{string(f), err}
	}
	return text, nil
}

// Description names the file.
func (f textFile) Description() string { return "file " + string(f) }

// Immutable says that the file may change.
func (textFile) Immutable() bool { return false }

// encodingError is a file whose text cannot be read.
type encodingError struct {
	path  string
	cause error
}

// Error names the file.
func (e *encodingError) Error() string { return e.path + " " + e.cause.Error() }

// Unwrap returns the cause.
func (e *encodingError) Unwrap() error { return e.cause }

// withoutFiles returns a TLS block without its files, and what is read of them at once:
// the library's own reader does not know a byte order mark.
func withoutFiles(c config.TLSConfig) (config.TLSConfig, error) {
	if c.CAFile != "" {
		ca, err := textFile(c.CAFile).Fetch(context.Background())
		if err != nil {
			return c, fmt.Errorf("unable to read CA cert: %w", err)
		}
		if ca == "" {
			return c, fmt.Errorf("unable to use specified CA cert file %s", c.CAFile)
		}
		c.CA, c.CAFile = ca, ""
	}
	c.Cert, c.CertFile, c.Key, c.KeyFile = "", "", "", ""
	return c, nil
}

// clientCertificate returns the reader of the certificate with which the client shows who
// it is; nil if there is none. It reads its files at every handshake, and once now.
func clientCertificate(c config.TLSConfig) (func(*tls.CertificateRequestInfo) (*tls.Certificate, error), error) {
	cert, key := secretOf(c.Cert, c.CertFile), secretOf(string(c.Key), c.KeyFile)
	if cert == nil || key == nil {
		return nil, nil
	}
	read := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
		certText, err := cert.Fetch(context.Background())
		if err != nil {
			return nil, fmt.Errorf("unable to read specified client cert: %w", err)
		}
		keyText, err := key.Fetch(context.Background())
		if err != nil {
			return nil, fmt.Errorf("unable to read specified client key: %w", err)
		}
		pair, err := tls.X509KeyPair([]byte(certText), []byte(keyText))
		if err != nil {
			return nil, fmt.Errorf("unable to use specified client cert (%s) & key (%s): %w", cert.Description(), key.Description(), err)
		}
		return &pair, nil
	}
	_, err := read(nil)
	return read, err
}

// headers adds the headers of a configuration, as the library does, but for the byte
// order mark of a file.
type headers struct {
	config *config.Headers
	next   http.RoundTripper
}

// RoundTrip sends a copy of req with the headers.
func (h headers) RoundTrip(req *http.Request) (*http.Response, error) {
	req = req.Clone(req.Context())
	for name, header := range h.config.Headers {
		for _, v := range header.Values {
			req.Header.Add(name, v)
		}
		for _, v := range header.Secrets {
			req.Header.Add(name, string(v))
		}
		for _, path := range header.Files {
			v, err := textFile(path).Fetch(req.Context())
			if err != nil {
				if req.Body != nil {
					_ = req.Body.Close()
				}
				return nil, err
			}
			req.Header.Add(name, v)
		}
	}
	return h.next.RoundTrip(req)
}

// CloseIdleConnections drops the idle connections.
func (h headers) CloseIdleConnections() { closeIdle(h.next) }
