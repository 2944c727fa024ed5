package fetch

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// issuer is a token endpoint that numbers its tokens.
func issuer(t *testing.T, grant string, issued *atomic.Int32) *config.OAuth2 {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if got := r.FormValue("grant_type"); got != grant {
			t.Errorf("grant_type %q, want %q", got, grant)
		}
		if got := r.FormValue("resource"); got != "sonar" {
			t.Errorf("resource %q, want the one of endpoint_params", got)
		}
		if got := r.UserAgent(); got != "progress_exporter/dev" {
			t.Errorf("the token was asked for by %q", got)
		}
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(w, `{"access_token":"token-%d","token_type":"Bearer","expires_in":3600}`, issued.Add(1))
	}))
	t.Cleanup(server.Close)
	return &config.OAuth2{ClientID: "ops", TokenURL: server.URL + "/token?k=" + secret, GrantType: grant,
		EndpointParams: map[string]string{"resource": "sonar"}}
}

func TestDoOAuth2(t *testing.T) {
	server := echo(t)
	var issued atomic.Int32
	oauth := issuer(t, "client_credentials", &issued)
	oauth.ClientSecretFile = file(t, secret)
	c := newClient(t, config.HTTPClientConfig{OAuth2: oauth})
	var sent []string
	ask := func() {
		resp, err := get(t.Context(), c, server.URL)
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, resp.Header.Get("Got-Authorization"))
	}
	ask()
	ask()
	if err := os.WriteFile(oauth.ClientSecretFile, []byte("rotated"), 0o600); err != nil {
		t.Fatal(err)
	}
	ask()
	if diff := cmp.Diff([]string{"Bearer token-1", "Bearer token-1", "Bearer token-2"}, sent); diff != "" {
		t.Errorf("Authorization (-want +sent):\n%s", diff)
	}
	if err := os.Remove(oauth.ClientSecretFile); err != nil {
		t.Fatal(err)
	}
	_, err := get(t.Context(), c, server.URL)
	wantFault(t, err, server.URL, progress.Internal, "no OAuth2 token from "+endpoint(oauth)+": the product was not asked: a file with credentials cannot be read: open "+
		oauth.ClientSecretFile+": no such file or directory")
}

// endpoint is the token_url as it may be shown.
func endpoint(oauth *config.OAuth2) string {
	return oauth.TokenURL[:len(oauth.TokenURL)-len("?k="+secret)]
}

func rsaKey(t *testing.T) config.Secret {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return config.Secret(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

func TestDoOAuth2JWT(t *testing.T) {
	server := echo(t)
	var issued atomic.Int32
	oauth := issuer(t, jwtBearer, &issued)
	oauth.ClientCertificateKey = rsaKey(t)
	resp, err := get(t.Context(), newClient(t, config.HTTPClientConfig{OAuth2: oauth}), server.URL)
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Got-Authorization"); got != "Bearer token-1" {
		t.Errorf("sent %q, want the token", got)
	}

	oauth.ClientCertificateKey = secret
	_, err = get(t.Context(), newClient(t, config.HTTPClientConfig{OAuth2: oauth}), server.URL)
	wantFault(t, err, server.URL, progress.Internal, "no OAuth2 token from "+endpoint(oauth)+": client_certificate_key is not an RSA key in PEM form")
}

// The secret for a token is in no request to the product, which may know it all the same.
func TestOAuth2SecretIsHidden(t *testing.T) {
	server := echo(t)
	var issued atomic.Int32
	oauth := issuer(t, "client_credentials", &issued)
	oauth.ClientSecretFile = file(t, "canary-client")
	c := newClient(t, config.HTTPClientConfig{OAuth2: oauth})
	secrets := progress.NewSecrets(nil, nil)
	for _, canary := range []string{"canary-client", "canary-rotated"} {
		if err := os.WriteFile(oauth.ClientSecretFile, []byte(canary), 0o600); err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := secrets.Watch(c.Do)(req); err != nil {
			t.Fatal(err)
		}
		if got := secrets.Text("ops has "+canary, 99); got != "ops has <redacted>" {
			t.Errorf("the product says %q", got)
		}
		if got, want := secrets.Text(base64.StdEncoding.EncodeToString([]byte("ops:"+canary)), 99), "<redacted>"; strings.TrimRight(got, "=") != want {
			t.Errorf("as basic authentication: %q", got)
		}
	}
}

func TestDoOAuth2Faults(t *testing.T) {
	tests := map[string]struct{ answer, message string }{
		"refused": {
			"HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 57\r\n\r\n" + `{"error":"invalid_client","error_description":"s3cret  "}`,
			`HTTP 401 Unauthorized "invalid_client"; check client_id of oauth2 and its secret`,
		},
		"redirect": {
			"HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://192.0.2.1/s3cret\r\nContent-Length: 6\r\n\r\ns3cret",
			"HTTP 302 Found; check client_id of oauth2 and its secret",
		},
		"not a token": {
			"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: 6\r\n\r\ns3cret",
			"its answer holds no token; check token_url",
		},
		"not HTTP": {"s3cret\r\n", notHTTP},
		"another protocol": {
			"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: s3cret\r\n\r\n",
			"HTTP 101: the server switches to another protocol, which was not asked for; is this the right url?",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			addr := serve(t, answer(test.answer))
			oauth := &config.OAuth2{ClientID: "ops", ClientSecret: secret, TokenURL: "http://" + addr + "/token?k=" + secret}
			_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{OAuth2: oauth}), "http://192.0.2.1")
			wantFault(t, err, "http://192.0.2.1", progress.Auth, "no OAuth2 token from http://"+addr+"/token: "+test.message)
		})
	}
}

func TestDoOAuth2ClosesTheBody(t *testing.T) {
	oauth := &config.OAuth2{ClientID: "ops", ClientSecretFile: "/nowhere/secret", TokenURL: "http://192.0.2.1"}
	body := &closer{Reader: strings.NewReader("{}")}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://192.0.2.1", body)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newClient(t, config.HTTPClientConfig{OAuth2: oauth}).Do(req); progress.AsError(err).Reason != progress.Internal {
		t.Errorf("got %v, want the reason internal", err)
	}
	if !body.closed {
		t.Error("the body of the request was not closed")
	}
}

type closer struct {
	io.Reader
	closed bool
}

func (c *closer) Close() error { c.closed = true; return nil }

// A token endpoint that hangs costs one read its time, whoever waits for whom.
func TestDoOAuth2Timeout(t *testing.T) {
	for _, grant := range []string{"client_credentials", jwtBearer} {
		t.Run(grant, func(t *testing.T) {
			ctx := newDeadline(t)
			addr := serve(t, func(conn net.Conn) {
				_ = readRequest(conn)
				close(ctx.up)
				_, _ = io.Copy(io.Discard, conn)
			})
			oauth := &config.OAuth2{ClientID: "ops", ClientSecret: secret, TokenURL: "http://" + addr + "/token?k=" + secret, GrantType: grant}
			oauth.ClientCertificateKey = rsaKey(t)
			c := newClient(t, config.HTTPClientConfig{OAuth2: oauth})
			want := "no OAuth2 token from http://" + addr + "/token: no answer in time"
			for range 2 { // the second one has no time to begin with
				_, err := get(ctx, c, "http://192.0.2.1")
				wantFault(t, err, "http://192.0.2.1", progress.Timeout, want)
			}
			c.transport.(*tokenTransport).turn <- struct{}{} // somebody else's turn
			_, err := get(ctx, c, "http://192.0.2.1")
			wantFault(t, err, "http://192.0.2.1", progress.Timeout, want)
		})
	}
}
