package fetch

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// authority signs certificates as old authorities do: with a key of so many bits, and with
// this algorithm.
type authority struct {
	bits      int
	algorithm x509.SignatureAlgorithm
}

// sign returns the certificate of a server that an authority signed, and the authority's own.
func (a authority) sign(t *testing.T) (server tls.Certificate, leaf, ca string) {
	t.Helper()
	t.Setenv("GODEBUG", "rsa1024min=0") // to make the short key, and to sign with it
	defer t.Setenv("GODEBUG", "")
	key, err := rsa.GenerateKey(rand.Reader, a.bits)
	if err != nil {
		t.Fatal(err)
	}
	own, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := func(serial int64, name string) *x509.Certificate {
		return &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, SignatureAlgorithm: a.algorithm,
			NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), BasicConstraintsValid: true}
	}
	parent, child := template(1, "authority"), template(2, "server")
	parent.IsCA, child.IPAddresses = true, []net.IP{net.IPv4(127, 0, 0, 1)}
	parentDER, err := x509.CreateCertificate(rand.Reader, parent, parent, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	childDER, err := x509.CreateCertificate(rand.Reader, child, parent, own.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	text := func(der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
	return tls.Certificate{Certificate: [][]byte{childDER}, PrivateKey: own}, text(childDER), text(parentDER)
}

// An authority that is known may sign in a way that does not count; then it is called unknown.
// What the hints say helps.
func TestAuthorities(t *testing.T) {
	const intermediate = ", or have the product send the intermediate certificates that it may leave out"
	good, _, ca := authority{2048, x509.SHA256WithRSA}.sign(t)
	sha1, sha1Leaf, sha1CA := authority{2048, x509.SHA1WithRSA}.sign(t)
	short, _, shortCA := authority{512, x509.SHA256WithRSA}.sign(t)
	for name, tc := range map[string]struct {
		server  tls.Certificate
		ca      string
		godebug string
		message string // empty: the request succeeds
	}{
		"known":          {good, ca, "", ""},
		"unknown":        {good, "", "", "the certificate is signed by an authority that this host does not know; put its certificate into ca_file of tls_config" + intermediate},
		"another":        {good, sha1CA, "", "the certificate is signed by an authority that is not in ca_file of tls_config, and no other counts then; put its certificate there" + intermediate},
		"SHA-1":          {sha1, sha1CA, "", "the certificate is signed with an algorithm that is no longer accepted, such as SHA-1 or MD5; renew it, or put the certificate itself into ca_file of tls_config"},
		"SHA-1, itself":  {sha1, sha1Leaf, "", ""},
		"short key":      {short, shortCA, "", "the certificate is signed with an RSA key of less than 1024 bits; renew it, or start the exporter with GODEBUG=rsa1024min=0"},
		"short, allowed": {short, shortCA, "rsa1024min=0", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GODEBUG", tc.godebug)
			base := oldServer(t, &tls.Config{Certificates: []tls.Certificate{tc.server}})
			resp, err := get(t.Context(), newClient(t, config.HTTPClientConfig{TLSConfig: config.TLSConfig{CA: tc.ca}}), base)
			if tc.message == "" {
				if err != nil || resp.Status != 204 {
					t.Errorf("HTTP %d, %v", resp.Status, err)
				}
				return
			}
			wantFault(t, err, base, progress.TLS, tc.message)
		})
	}
}

// What is wrong with the files of a client certificate, once they are exchanged, is told file
// by file.
func TestClientCertificateFiles(t *testing.T) {
	one, two := valid(t), valid(t)
	server := valid(t)
	base := tlsServer(t, server, one.cert)
	encrypted := strings.Replace(one.key, "PRIVATE KEY", "ENCRYPTED PRIVATE KEY", 2)
	for name, tc := range map[string]struct{ cert, key, message string }{
		"another key":     {one.cert, two.key, "key_file of tls_config holds another key than that of the certificate in cert_file"},
		"swapped":         {one.key, one.cert, "cert_file of tls_config holds a key and no certificate; is it swapped with key_file?"},
		"the same twice":  {one.cert, one.cert, "key_file of tls_config holds a certificate and no key; is it swapped with cert_file?"},
		"a passphrase":    {one.cert, strings.Replace(encrypted, "M", "N", 1), "the key in key_file of tls_config cannot be read; if it has a passphrase, put one without there"},
		"a key elsewhere": {one.cert, "", "key_file of tls_config holds no key in PEM form"},
		"another block":   {strings.ReplaceAll(one.cert, "CERTIFICATE", "CERTIFICATE REQUEST"), one.key, "cert_file of tls_config holds no certificate in PEM form"},
	} {
		t.Run(name, func(t *testing.T) {
			cert, key := file(t, one.cert), file(t, one.key)
			c := newClient(t, config.HTTPClientConfig{TLSConfig: config.TLSConfig{CA: server.cert, CertFile: cert, KeyFile: key}})
			for path, content := range map[string]string{cert: tc.cert, key: tc.key} {
				if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			_, err := get(t.Context(), c, base)
			wantFault(t, err, base, progress.TLS, tc.message)
		})
	}
}

func TestNamesOfCertificates(t *testing.T) {
	for want, c := range map[string]*x509.Certificate{
		"":              nil,
		`, but for "a"`: {DNSNames: []string{"a"}},
		`, but for "a\n", "b", 192.0.2.1, 2 more`: {DNSNames: []string{"a\n", "b"}, IPAddresses: []net.IP{net.IPv4(192, 0, 2, 1), net.IPv6loopback, net.IPv6unspecified}},
	} {
		if got := namesOf(c); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := namesOf(&x509.Certificate{URIs: nil}); got != "" {
		t.Errorf("%s for no names", got)
	}
}
