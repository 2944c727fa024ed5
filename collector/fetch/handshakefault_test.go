package fetch

import (
	"bufio"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// oldServer shakes hands as old appliances do, and has nothing to say.
func oldServer(t *testing.T, conf *tls.Config) (base string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(time.Minute))
			server := tls.Server(conn, conf)
			if server.Handshake() == nil {
				if _, err := http.ReadRequest(bufio.NewReader(server)); err == nil { // an answer before it would be none
					_, _ = io.WriteString(server, "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
				}
			}
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return "https://" + l.Addr().String()
}

// rsaCertificate returns a certificate for 127.0.0.1 that signs itself, changed by change.
func rsaCertificate(t *testing.T, change func(*x509.Certificate)) (tls.Certificate, string) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "127.0.0.1"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	if change != nil {
		change(template)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// What different servers break off for has the same name in TLS: the hint has all of it.
func TestHandshakesWithOldServers(t *testing.T) {
	usual, ca := rsaCertificate(t, nil)
	nameless, nobody := rsaCertificate(t, func(c *x509.Certificate) { c.IPAddresses = nil })
	const (
		offered = "the product broke off TLS: tls: handshake failure; it accepts nothing that was offered, or "
		old     = "docs/faq.md has the GODEBUG settings for old TLS"
		version = "the product broke off TLS: tls: protocol version not supported; it speaks none of the TLS versions that are allowed here, " +
			"1.2 and later unless tls_config says otherwise; check min_version and max_version of tls_config"
	)
	for name, tc := range map[string]struct {
		conf    *tls.Config
		ca      string
		client  bool // with a certificate of its own
		message string
	}{
		"RSA key exchange": {&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}, ca, false,
			offered + "wants a client certificate; " + old + ", or set cert_file and key_file of tls_config"},
		"the same, asked with a certificate": {&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}}, ca, true,
			offered + "not the certificate of cert_file; " + old},
		"3DES": {&tls.Config{MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA}}, ca, false,
			offered + "wants a client certificate; " + old + ", or set cert_file and key_file of tls_config"},
		"TLS 1.1":                        {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, ca, false, version},
		"no such name":                   {&tls.Config{Certificates: []tls.Certificate{nameless}}, nobody, false, `the certificate has no subject alternative names, and the common name does not count; renew it with "127.0.0.1" as such a name`},
		"a client certificate is wanted": {&tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}, ca, false, offered + "wants a client certificate; " + old + ", or set cert_file and key_file of tls_config"},
	} {
		t.Run(name, func(t *testing.T) {
			if tc.conf.Certificates == nil {
				tc.conf.Certificates = []tls.Certificate{usual}
			}
			base := oldServer(t, tc.conf)
			cfg := config.HTTPClientConfig{TLSConfig: config.TLSConfig{CA: tc.ca}}
			if tc.client {
				id := valid(t)
				cfg.TLSConfig.CertFile, cfg.TLSConfig.KeyFile = file(t, id.cert), file(t, id.key)
			}
			_, err := get(t.Context(), newClient(t, cfg), base)
			wantFault(t, err, base, progress.TLS, tc.message)
		})
	}
	for setting, conf := range map[string]*tls.Config{
		"tlsrsakex=1": {MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_GCM_SHA256}},
		"tls3des=1":   {MaxVersion: tls.VersionTLS12, CipherSuites: []uint16{tls.TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA}},
	} {
		t.Setenv("GODEBUG", setting)
		conf.Certificates = []tls.Certificate{usual}
		base := oldServer(t, conf)
		if resp, err := get(t.Context(), newClient(t, config.HTTPClientConfig{TLSConfig: config.TLSConfig{CA: ca}}), base); err != nil || resp.Status != 204 {
			t.Errorf("with GODEBUG=%s, as docs/faq.md says: HTTP %d, %v", setting, resp.Status, err)
		}
	}
	base := oldServer(t, &tls.Config{Certificates: []tls.Certificate{usual}, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11})
	if resp, err := get(t.Context(), newClient(t, config.HTTPClientConfig{TLSConfig: config.TLSConfig{CA: ca, MinVersion: config.TLSVersion(tls.VersionTLS10)}}), base); err != nil || resp.Status != 204 {
		t.Errorf("with min_version: HTTP %d, %v", resp.Status, err)
	}
}

// A certificate that somebody else made, of which Go's own cannot be.
func TestFaultsOfCertificates(t *testing.T) {
	for text, want := range map[string]string{
		"tls: failed to parse certificate from server: x509: negative serial number":                      "the certificate has a negative serial number, which is not allowed; renew it, or start the exporter with GODEBUG=x509negativeserial=1",
		"tls: invalid signature by the server certificate: crypto/rsa: 512-bit keys are insecure (see x)": "the certificate has an RSA key of less than 1024 bits; renew it with a longer one, or start the exporter with GODEBUG=rsa1024min=0",
		"tls: server sent certificate containing RSA key larger than 8192 bits":                           "the certificate has an RSA key of more than 8192 bits; renew it with a shorter one, or start the exporter with GODEBUG=tlsmaxrsasize=BITS",
		"tls: server selected unsupported protocol version 302":                                           "the product chose a TLS version that is not allowed here, 1.2 and later unless tls_config says otherwise; check min_version and max_version of tls_config",
		"tls: server chose an unconfigured cipher suite":                                                  "the product chose a cipher suite that was not offered; if it knows no newer one, docs/faq.md has the GODEBUG settings for old TLS",
		"tls: certificate used with invalid signature algorithm":                                          "the product signed the handshake in a way that was not offered, which may be SHA-1; if it knows no newer one, docs/faq.md has the GODEBUG settings for old TLS",
	} {
		if e := handshakeFault(text); e == nil || e.Reason != progress.TLS || e.Message != want {
			t.Errorf("%s: %v, want %s", text, e, want)
		}
	}
	if e := handshakeFault("tls: something else"); e != nil {
		t.Errorf("%v for what is not known", e)
	}
}
