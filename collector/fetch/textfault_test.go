package fetch

import (
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

func TestDoNotHTTP(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	for name, text := range map[string]string{
		"another protocol": "SSH-2.0-s3cret\r\n",
		"TLS alert":        "\x15\x03\x01\x00\x02\x02\x46",
		"status code":      "HTTP/1.1 s3cret OK\r\n\r\n",
		"header":           ok + "s3cret\r\n\r\n",
		"content length":   ok + "Content-Length: s3cret\r\n\r\n",
		"encoding":         ok + "Transfer-Encoding: s3cret\r\n\r\n",
		"chunk length":     ok + "Transfer-Encoding: chunked\r\n\r\ns3cret\r\n",
		"chunk end":        ok + "Transfer-Encoding: chunked\r\n\r\n1\r\ns3cret\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			base := "http://" + serve(t, answer(text))
			_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), base)
			message := notWhole
			switch name {
			case "TLS alert":
				message = isTLS
			case "another protocol", "status code":
				message = notHTTP
			}
			wantFault(t, err, base, progress.Decode, message)
		})
	}
}

func TestDoLargeHeader(t *testing.T) {
	base := "http://" + serve(t, func(conn net.Conn) {
		answer("HTTP/1.1 200 OK\r\n")(conn)
		for err := error(nil); err == nil; {
			_, err = io.WriteString(conn, "X-Key: "+strings.Repeat(secret, 999)+"\r\n")
		}
	})
	_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), base)
	wantFault(t, err, base, progress.TooLarge, "the header of the answer is too large; is this the right url?")
}

func TestDoLineBreakInCredentials(t *testing.T) {
	cfg := config.HTTPClientConfig{Authorization: &config.Authorization{CredentialsFile: file(t, secret+"\n"+secret)}}
	_, err := get(t.Context(), newClient(t, cfg), "http://192.0.2.1")
	wantFault(t, err, "http://192.0.2.1", progress.Internal, "a header or a credential holds a character that HTTP does not allow; is there a line break in the middle of its file?")
}

func TestDoProxyRefuses(t *testing.T) {
	for status, message := range map[string]string{
		"403 Forbidden":                     "the proxy opened no tunnel: HTTP 403 Forbidden; do its rules allow the host and the port of the url?",
		"407 Proxy Authentication Required": "the proxy opened no tunnel: HTTP 407 Proxy Authentication Required; it wants credentials; put user and password into proxy_url, or set proxy_connect_header",
		"400 Bad Request":                   "the proxy opened no tunnel: HTTP 400 Bad Request; check proxy_url and the proxy's rules",
		"503 Service Unavailable":           "the proxy opened no tunnel: HTTP 503 Service Unavailable; it cannot reach the product, or is in trouble itself; is the product running, and does the proxy know its name?",
		"502 s3cret":                        "the proxy opened no tunnel; check proxy_url and the proxy's rules",
	} {
		t.Run(status, func(t *testing.T) {
			proxy := serve(t, answer("HTTP/1.1 "+status+"\r\nX-Key: s3cret\r\n\r\ns3cret"))
			cfg := config.HTTPClientConfig{ProxyConfig: config.ProxyConfig{ProxyURL: config.URL{
				URL: &url.URL{Scheme: "http", Host: proxy, User: url.UserPassword("ops", secret)}}}}
			_, err := get(t.Context(), newClient(t, cfg), "https://sonar.example.com")
			wantFault(t, err, "https://sonar.example.com", progress.Connect, message)
		})
	}
}

func TestDoHandshakeFails(t *testing.T) {
	id := valid(t)
	cert, err := tls.X509KeyPair([]byte(id.cert), []byte(id.key))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}, MaxVersion: tls.VersionTLS12}
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	cfg := config.HTTPClientConfig{TLSConfig: config.TLSConfig{CA: id.cert, MinVersion: tls.VersionTLS13}}
	_, err = get(t.Context(), newClient(t, cfg), server.URL)
	wantFault(t, err, server.URL, progress.TLS, "the product broke off TLS: tls: protocol version not supported; it speaks none of the TLS versions that are allowed here, 1.2 and later unless tls_config says otherwise; check min_version and max_version of tls_config")
}

func TestTextFault(t *testing.T) {
	tests := map[string]struct {
		route   route
		err     string // at the end of a chain
		reason  progress.Reason
		message string
	}{
		"handshake": {
			err:    "tls: unexpected message",
			reason: progress.TLS, message: `the handshake failed: "tls: unexpected message"`,
		},
		"certificate that cannot be read": {
			err:    "x509: malformed certificate",
			reason: progress.TLS, message: `the handshake failed: "x509: malformed certificate"`,
		},
		"handshake through a proxy": {
			route: route{proxied: true}, err: "tls: s3cret",
			reason: progress.TLS, message: "the handshake through the proxy failed; the logs of the proxy and of the product may say why",
		},
		// A race with the server's own idle timeout, which no test can win.
		"idle connection": {
			err:    "http: server closed idle connection",
			reason: progress.Connect, message: "the product closed the idle connection just when it was used again",
		},
		"an http.Client's wording": {
			err:    "http: server gave HTTP response to HTTPS client",
			reason: progress.TLS, message: overHTTP,
		},
		"no status line": {
			err:    `malformed HTTP response "s3cret"`,
			reason: progress.Decode, message: notHTTP,
		},
		"it spoke first": {
			err:    "readLoopPeekFailLocked: s3cret",
			reason: progress.Decode, message: notHTTP,
		},
		"unknown": {err: secret, reason: progress.Connect, message: "the connection broke"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := test.route.textFault(&url.Error{Op: "Get", URL: "https://192.0.2.1", Err: errors.New(test.err)})
			if e.Reason != test.reason || e.Message != test.message {
				t.Errorf("got  %s: %s\nwant %s: %s", e.Reason, e.Message, test.reason, test.message)
			}
		})
	}
}
