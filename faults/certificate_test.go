package faults

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

var (
	past   = time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	future = time.Date(2101, 2, 3, 4, 5, 6, 0, time.UTC)
)

// certificateFaults are those of TLS.
func certificateFaults() []fault {
	const here = "127.0.0.1"
	return []fault{
		{name: "certificate of another host", want: reason(progress.TLS), start: secured(certificate{past, future, "other.example.com"}, true, nil)},
		{name: "expired certificate", want: reason(progress.TLS), start: secured(certificate{past, past.Add(time.Hour), here}, true, nil)},
		{name: "certificate of the future", want: reason(progress.TLS), start: secured(certificate{future, future.Add(time.Hour), here}, true, nil)},
		{name: "unknown CA", want: reason(progress.TLS), start: secured(certificate{past, future, here}, false, nil)},
		{name: "no common TLS version", want: reason(progress.TLS), start: secured(certificate{past, future, here}, true, func(c *tls.Config) { c.MaxVersion = tls.VersionTLS11 })},
		{name: "wants a client certificate", want: reason(progress.TLS), start: secured(certificate{past, future, here}, true, func(c *tls.Config) { c.ClientAuth = tls.RequireAnyClientCert })},
		{name: "HTTP where https is asked for", want: reason(progress.TLS), start: func(t *testing.T, _ product, _ http.Handler) site {
			return site{url: strings.Replace(serve(t, send(http.StatusOK, marker)).url, "http:", "https:", 1)}
		}},
		// What Go's servers answer; a server that sends a TLS alert is not HTTP.
		{name: "https where HTTP is asked for", want: reason(progress.HTTP4xx), start: func(t *testing.T, p product, good http.Handler) site {
			s := secured(certificate{past, future, here}, false, nil)(t, p, good)
			s.url = strings.Replace(s.url, "https:", "http:", 1)
			return s
		}},
	}
}

// certificate is what a server shows.
type certificate struct {
	begin, end time.Time
	host       string
}

// secured plays a server with TLS, and a client that trusts its certificate or not.
// Change makes the server odder still.
func secured(c certificate, trusted bool, change func(*tls.Config)) func(*testing.T, product, http.Handler) site {
	return func(t *testing.T, _ product, good http.Handler) site {
		t.Helper()
		pair, text := c.sign(t)
		server := httptest.NewUnstartedServer(good)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		server.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
		if change != nil {
			change(server.TLS)
		}
		server.StartTLS()
		t.Cleanup(server.Close)
		s := site{url: server.URL}
		if trusted {
			s.ca = text
		}
		return s
	}
}

// sign makes the certificate, signed by itself, and its text.
func (c certificate) sign(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: c.begin, NotAfter: c.end, IsCA: true, BasicConstraintsValid: true,
	}
	if ip := net.ParseIP(c.host); ip != nil {
		template.IPAddresses = []net.IP{ip}
	} else {
		template.DNSNames = []string{c.host}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, text
}
