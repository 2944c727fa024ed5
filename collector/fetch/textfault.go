package fetch

import (
	"errors"
	"net/http"
	"strings"

	"progress_exporter/collector/progress"
)

const (
	notHTTP  = "the answer is not HTTP; is the port right, and should the url begin with https:// ?"
	notTLS   = "the answer is not TLS; is the port right, and should the url begin with http:// ?"
	notWhole = "the answer begins as HTTP and does not go on so; is there a proxy before the product that changes it?"
	isTLS    = "the answer is TLS; the url has to begin with https://"
	overHTTP = "the answer to https is HTTP without TLS; is the port right, or should the url begin with http:// ?"
)

// untyped names the failures to which net/http and prometheus/common give no type.
// The texts are those of Go 1.26 and prometheus/common 0.72. They are only looked
// for, never shown.
var untyped = [...]struct {
	text    string
	reason  progress.Reason
	message string
}{
	{"net/http: invalid header field", progress.Internal, "a header or a credential holds a character that HTTP does not allow; is there a line break in the middle of its file?"},
	{"unable to use specified CA cert", progress.TLS, "ca_file of tls_config holds no certificate in PEM form"},
	{"tls: private key does not match public key", progress.TLS, "key_file of tls_config holds another key than that of the certificate in cert_file"},
	{"PEM inputs may have been switched", progress.TLS, "cert_file of tls_config holds a key and no certificate; is it swapped with key_file?"},
	{"tls: found a certificate rather than a key", progress.TLS, "key_file of tls_config holds a certificate and no key; is it swapped with cert_file?"},
	{"tls: failed to parse private key", progress.TLS, "the key in key_file of tls_config cannot be read; if it has a passphrase, put one without there"},
	{"in certificate input", progress.TLS, "cert_file of tls_config holds no certificate in PEM form"},
	{"in key input", progress.TLS, "key_file of tls_config holds no key in PEM form"},
	{"unable to use specified client cert", progress.TLS, "cert_file and key_file of tls_config do not hold a certificate and its key in PEM form"},
	{"server gave HTTP response to HTTPS client", progress.TLS, overHTTP},
	{"server response headers exceeded", progress.TooLarge, "the header of the answer is too large; is this the right url?"},
	{"response header list larger", progress.TooLarge, "the header of the answer is too large; is this the right url?"}, // HTTP/2
	{`malformed HTTP response "\x15\x03`, progress.Decode, isTLS},                                                       // an alert of TLS
	{"malformed HTTP", progress.Decode, notHTTP},
	{"readLoopPeekFailLocked", progress.Decode, notHTTP},                // it spoke before it was asked, as SSH does
	{"HTTP/1.x transport connection broken", progress.Decode, notWhole}, // behind a status line that was good
	{"malformed chunked encoding", progress.Decode, notWhole},
	{"invalid byte in chunk length", progress.Decode, notWhole},
	{"server closed idle connection", progress.Connect, "the product closed the idle connection just when it was used again"},
}

// textFault explains a failure that has no type, by its text.
func (r route) textFault(err error) *progress.Error {
	text := err.Error()
	for _, u := range untyped {
		if strings.Contains(text, u.text) {
			return &progress.Error{Reason: u.reason, Message: u.message}
		}
	}
	if e := handshakeFault(text); e != nil {
		return e
	}
	root := innermost(err).Error()
	handshake := strings.HasPrefix(root, "tls: ") || strings.HasPrefix(root, "x509: ")
	switch {
	case handshake && r.proxied: // the text may be the proxy's own
		return &progress.Error{Reason: progress.TLS, Message: "the handshake through the proxy failed; the logs of the proxy and of the product may say why"}
	case handshake: // a constant of crypto/tls
		return progress.Errorf(progress.TLS, "the handshake failed: %s", progress.Quote(root))
	case r.proxied:
		return proxyFault(text)
	}
	return &progress.Error{Reason: progress.Connect, Message: "the connection broke"}
}

// proxyFault explains why a proxy opened no tunnel. The text is what its status
// line said, so it is compared and never shown.
func proxyFault(text string) *progress.Error {
	for code := 400; code < 600; code++ {
		if text == http.StatusText(code) {
			return progress.Errorf(progress.Connect, "the proxy opened no tunnel: HTTP %d %s; %s", code, text, proxyHint(code))
		}
	}
	return &progress.Error{Reason: progress.Connect, Message: "the proxy opened no tunnel; check proxy_url and the proxy's rules"}
}

// proxyHint is what to do when a proxy opens no tunnel.
func proxyHint(status int) string {
	switch {
	case status == http.StatusProxyAuthRequired:
		return "it wants credentials; put user and password into proxy_url, or set proxy_connect_header"
	case status == http.StatusForbidden:
		return "do its rules allow the host and the port of the url?"
	case status >= 500:
		return "it cannot reach the product, or is in trouble itself; is the product running, and does the proxy know its name?"
	}
	return "check proxy_url and the proxy's rules"
}

func innermost(err error) error {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err
		}
		err = next
	}
}
