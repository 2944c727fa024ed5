package fetch

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// identity is a certificate that signs itself, and its key.
type identity struct{ cert, key string }

func newIdentity(t *testing.T, begin, end time.Time, host string) identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: begin, NotAfter: end,
		IsCA: true, BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return identity{
		cert: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		key:  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: keyDER})),
	}
}

// valid returns an identity that is good for 127.0.0.1 now.
func valid(t *testing.T) identity {
	return newIdentity(t, time.Now().Add(-time.Hour), time.Now().Add(time.Hour), "127.0.0.1")
}

// tlsServer answers 204 to clients that accept it; a client with a certificate is
// asked for, if clients is set.
func tlsServer(t *testing.T, id identity, clients string) (base string) {
	t.Helper()
	cert, err := tls.X509KeyPair([]byte(id.cert), []byte(id.key))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
	if clients != "" {
		server.TLS.ClientAuth = tls.RequireAndVerifyClientCert
		server.TLS.ClientCAs = x509.NewCertPool()
		server.TLS.ClientCAs.AppendCertsFromPEM([]byte(clients))
	}
	server.StartTLS()
	t.Cleanup(server.Close)
	return server.URL
}

func TestDoCertificates(t *testing.T) {
	past, future := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC), time.Date(2101, 2, 3, 4, 5, 6, 0, time.UTC)
	tests := map[string]struct {
		id      identity
		trusted bool
		message string
	}{
		"unknown authority": {valid(t), false, "the certificate is signed by an authority that this host does not know; put its certificate into ca_file of tls_config, or have the product send the intermediate certificates that it may leave out"},
		"wrong host":        {newIdentity(t, past, future, "other.example.com"), true, `the certificate is not for "127.0.0.1", but for "other.example.com"; check the url, or set server_name of tls_config`},
		"expired":           {newIdentity(t, past, past.Add(time.Hour), "127.0.0.1"), true, "the certificate expired at 2001-02-03T05:05:06Z; renew it, unless the clock of this host is wrong"},
		"not yet valid":     {newIdentity(t, future, future.Add(time.Hour), "127.0.0.1"), true, "the certificate is valid from 2101-02-03T04:05:06Z on; is the clock of this host right, or was that of its authority wrong?"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			base := tlsServer(t, test.id, "")
			var cfg config.HTTPClientConfig
			if test.trusted {
				cfg.TLSConfig.CA = test.id.cert
			}
			_, err := get(t.Context(), newClient(t, cfg), base)
			wantFault(t, err, base, progress.TLS, test.message)
			if !errors.As(err, new(x509.UnknownAuthorityError)) && !errors.As(err, new(x509.HostnameError)) && !errors.As(err, new(x509.CertificateInvalidError)) {
				t.Errorf("%v does not unwrap to what crypto/x509 says", err)
			}
		})
	}
}

func TestDoClientCertificate(t *testing.T) {
	server, client := valid(t), valid(t)
	base := tlsServer(t, server, client.cert)
	ca, cert, key := file(t, server.cert), file(t, client.cert), file(t, client.key)
	cfg := config.HTTPClientConfig{EnableHTTP2: true, TLSConfig: config.TLSConfig{CAFile: ca}}
	_, err := get(t.Context(), newClient(t, cfg), base)
	wantFault(t, err, base, progress.TLS, "the product broke off TLS: tls: certificate required; it wants a client certificate; set cert_file and key_file of tls_config")

	cfg.TLSConfig.CertFile, cfg.TLSConfig.KeyFile = cert, key
	c := newClient(t, cfg)
	resp, err := get(t.Context(), c, base)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Status != http.StatusNoContent {
		t.Errorf("HTTP %d, want 204", resp.Status)
	}

	for _, broken := range []struct{ path, message string }{
		{ca, "ca_file of tls_config holds no certificate in PEM form"},
		{cert, "cert_file of tls_config holds no certificate in PEM form"},
		{key, "key_file of tls_config holds no key in PEM form"},
	} {
		good, err := os.ReadFile(broken.path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(broken.path, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err = get(t.Context(), c, base)
		wantFault(t, err, base, progress.TLS, broken.message)
		if err := os.WriteFile(broken.path, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}

	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	_, err = get(t.Context(), c, base)
	wantFault(t, err, base, progress.TLS, "a file of tls_config cannot be read: open "+key+": no such file or directory")
}

func TestDoMixedSchemes(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	base := "https" + plain.URL[len("http"):]
	_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), base)
	wantFault(t, err, base, progress.TLS, overHTTP)

	// Go's own server, like others, answers plain HTTP in plain HTTP.
	resp, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), "http"+tlsServer(t, valid(t), "")[len("https"):])
	if err != nil || resp.Status != http.StatusBadRequest {
		t.Errorf("got HTTP %d and %v, want 400", resp.Status, err)
	}
}

func TestTLSFault(t *testing.T) {
	tests := map[string]struct {
		err     error
		message string
	}{
		"other failure of verification": {
			&tls.CertificateVerificationError{Err: x509.InsecureAlgorithmError(x509.SHA1WithRSA)},
			`the certificate cannot be verified: "x509: cannot verify signature: insecure algorithm SHA1-RSA"`,
		},
		"other flaw of the certificate": {
			&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}},
			`the certificate is not valid: "x509: certificate is not authorized to sign other certificates"`,
		},
		"flaw of a certificate that is at hand": {
			&tls.CertificateVerificationError{Err: x509.CertificateInvalidError{Reason: x509.TooManyIntermediates, Cert: &x509.Certificate{}}},
			`the certificate is not valid: "x509: too many intermediates for path length constraint"`,
		},
		"our own alert": {
			&net.OpError{Op: "local error", Err: tls.AlertError(47)},
			"TLS failed: tls: illegal parameter",
		},
		"alert through a proxy": {
			&net.OpError{Op: "proxyconnect", Err: &net.OpError{Op: "remote error", Err: tls.AlertError(40)}},
			"the product broke off TLS: tls: handshake failure; it accepts nothing that was offered, or wants a client certificate; docs/faq.md has the GODEBUG settings for old TLS, or set cert_file and key_file of tls_config",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := route{}.tlsFault(test.err)
			if e == nil || e.Reason != progress.TLS || e.Message != test.message {
				t.Errorf("got  %v\nwant %s", e, test.message)
			}
		})
	}
	if e := (route{}).tlsFault(errors.New("tls: looks like it")); e != nil {
		t.Errorf("got %v for no TLS error", e)
	}
}
