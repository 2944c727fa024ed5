package fetch

import (
	"strings"

	"progress_exporter/collector/progress"
)

// Old TLS that Go leaves out unless GODEBUG asks for it. The settings and what they
// cost are in docs/faq.md; those named are of Go 1.26.
const oldTLS = "docs/faq.md has the GODEBUG settings for old TLS"

// ownCertificate is what to do where a server wants a certificate and none is set.
const ownCertificate = "set cert_file and key_file of tls_config"

// alerts explains what a server says when it breaks off TLS, by the texts of
// crypto/tls. The texts with and without a client certificate in tls_config differ
// where that certificate is what the server judges.
var alerts = [...]struct{ text, without, with string }{
	{
		text:    "tls: handshake failure",
		without: "it accepts nothing that was offered, or wants a client certificate; " + oldTLS + ", or " + ownCertificate,
		with:    "it accepts nothing that was offered, or not the certificate of cert_file; " + oldTLS,
	},
	{
		text:    "tls: protocol version not supported",
		without: "it speaks none of the TLS versions that are allowed here, 1.2 and later unless tls_config says otherwise; check min_version and max_version of tls_config",
	},
	{
		text:    "tls: insufficient security level",
		without: "it finds what was offered too weak; check max_version of tls_config",
	},
	{
		text:    "tls: unrecognized name",
		without: "it has no certificate for the name it was asked by; check the host in url, or set server_name of tls_config",
	},
	{text: "tls: certificate required", without: "it wants a client certificate; " + ownCertificate, with: "it got none that fits; " + clientAuthority},
	{text: "tls: bad certificate", without: "it may want a client certificate; " + ownCertificate, with: notAccepted},
	{text: "tls: unsupported certificate", without: notOurs, with: notAccepted},
	{text: "tls: unknown certificate", without: notOurs, with: notAccepted},
	{text: "tls: unknown certificate authority", without: notOurs, with: "it does not know who signed the certificate of cert_file; " + clientAuthority},
	{text: "tls: revoked certificate", without: notOurs, with: "the certificate of cert_file is revoked; renew it"},
	{text: "tls: expired certificate", without: notOurs, with: "the certificate of cert_file is expired, by the clock of the product; renew it, or check that clock"},
	{text: "tls: access denied", without: "it may want a client certificate, or refuse this host", with: "it refuses this host, or the certificate of cert_file"},
}

const (
	clientAuthority = "check which authorities the product accepts"
	notAccepted     = "it does not accept the certificate of cert_file; its log may say why"
	notOurs         = "it refuses a client certificate, but tls_config has none; is something between that has its own?"
)

// alertFault explains that a server broke off TLS, by the text of its alert.
func (r route) alertFault(alert error) *progress.Error {
	hint := "its log may say why"
	for _, a := range alerts {
		if a.text != alert.Error() {
			continue
		}
		if hint = a.without; r.hasCertificate && a.with != "" {
			hint = a.with
		}
	}
	return progress.Errorf(progress.TLS, "the product broke off TLS: %w; %s", alert, hint)
}

// handshakes are the failures that we notice ourselves during a handshake and that
// have no type, by a piece of their text in Go 1.26.
var handshakes = [...]struct{ text, message string }{
	{"tls: server selected unsupported protocol version 30", "the product chose a TLS version that is not allowed here, 1.2 and later unless tls_config says otherwise; check min_version and max_version of tls_config"},
	{"tls: server chose an unconfigured cipher suite", "the product chose a cipher suite that was not offered; if it knows no newer one, " + oldTLS},
	{"tls: certificate used with invalid signature algorithm", "the product signed the handshake in a way that was not offered, which may be SHA-1; if it knows no newer one, " + oldTLS},
	{"x509: negative serial number", "the certificate has a negative serial number, which is not allowed; renew it, or start the exporter with GODEBUG=x509negativeserial=1"},
	{"-bit keys are insecure", "the certificate has an RSA key of less than 1024 bits; renew it with a longer one, or start the exporter with GODEBUG=rsa1024min=0"},
	{"tls: server sent certificate containing RSA key larger than", "the certificate has an RSA key of more than 8192 bits; renew it with a shorter one, or start the exporter with GODEBUG=tlsmaxrsasize=BITS"},
}

// handshakeFault explains a failure that we notice ourselves during a handshake; nil
// if the text is none that is known.
func handshakeFault(text string) *progress.Error {
	for _, h := range handshakes {
		if strings.Contains(text, h.text) {
			return &progress.Error{Reason: progress.TLS, Message: h.message}
		}
	}
	return nil
}
