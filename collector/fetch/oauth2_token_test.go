package fetch

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// What a request for a token was waiting for is said as of any other request, and a
// connection to the token endpoint is none to the target.
func TestDoOAuth2Waiting(t *testing.T) {
	t.Run("DNS of the token endpoint", func(t *testing.T) {
		ctx := newDeadline(t)
		oauth := &config.OAuth2{ClientID: "ops", ClientSecret: secret, TokenURL: "http://login.example.com/token"}
		c := newClient(t, config.HTTPClientConfig{OAuth2: oauth})
		useResolver(t, silentDNS(ctx.up))
		_, err := get(ctx, c, "http://192.0.2.1")
		wantFault(t, err, "http://192.0.2.1", progress.Timeout, `no OAuth2 token from http://login.example.com/token: no answer from DNS in time for the name "login.example.com"; check this host's DNS`)
	})
	t.Run("connection to the target", func(t *testing.T) {
		ctx := newDeadline(t)
		token := `{"access_token":"t","token_type":"Bearer","expires_in":60}`
		addr := serve(t, answer(fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(token), token)))
		oauth := &config.OAuth2{ClientID: "ops", ClientSecret: secret, TokenURL: "http://" + addr + "/token"}
		c := newClient(t, config.HTTPClientConfig{OAuth2: oauth})
		c.transport.(*tokenTransport).target.(*renewable).transport().DialContext = func(dial context.Context, _, _ string) (net.Conn, error) {
			close(ctx.up)
			<-dial.Done()
			return nil, dial.Err()
		}
		_, err := get(ctx, c, "http://192.0.2.1")
		wantFault(t, err, "http://192.0.2.1", progress.Timeout, forConnection)
	})
}

// idle counts how often its idle connections were dropped.
type idle struct {
	http.RoundTripper
	dropped int
}

func (i *idle) CloseIdleConnections() { i.dropped++ }

func TestOAuth2ClosesBothWays(t *testing.T) {
	target, issuer := &idle{}, &idle{}
	(&tokenTransport{target: target, issuer: issuer}).CloseIdleConnections()
	if target.dropped != 1 || issuer.dropped != 1 {
		t.Errorf("dropped %d times to the target and %d times to the token endpoint, want 1 and 1", target.dropped, issuer.dropped)
	}
}

// The way to the token endpoint is its own, not the target's.
func TestOAuth2Route(t *testing.T) {
	server := echo(t)
	ca := file(t, valid(t).cert)
	oauth := &config.OAuth2{ClientID: "ops", ClientSecret: secret, TokenURL: "https://192.0.2.1/token?k=" + secret, TLSConfig: config.TLSConfig{CAFile: ca}}
	c := newClient(t, config.HTTPClientConfig{OAuth2: oauth})
	if err := os.Remove(ca); err != nil {
		t.Fatal(err)
	}
	_, err := get(t.Context(), c, server.URL)
	wantFault(t, err, server.URL, progress.Auth, "no OAuth2 token from https://192.0.2.1/token: a file of tls_config cannot be read: open "+ca+": no such file or directory")
}

func TestOAuth2TokenRunsOut(t *testing.T) {
	server := echo(t)
	var issued atomic.Int32
	oauth := issuer(t, "client_credentials", &issued)
	oauth.ClientSecret = secret
	c := newClient(t, config.HTTPClientConfig{OAuth2: oauth})
	for _, want := range []string{"Bearer token-1", "Bearer token-2"} {
		resp, err := get(t.Context(), c, server.URL)
		if err != nil {
			t.Fatal(err)
		}
		if got := resp.Header.Get("Got-Authorization"); got != want {
			t.Errorf("sent %q, want %q", got, want)
		}
		c.transport.(*tokenTransport).token.Expiry = time.Now()
	}
}

// What the configuration says about the token is in the request for it.
func TestOAuth2TokenRequest(t *testing.T) {
	server := echo(t)
	key := string(rsaKey(t))
	var form url.Values
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		form = r.Form
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
	}))
	defer endpoint.Close()
	for name, tc := range map[string]struct {
		cfg config.OAuth2
		iss string
	}{
		"client_credentials": {config.OAuth2{ClientSecret: secret}, ""},
		"JWT":                {config.OAuth2{GrantType: jwtBearer, ClientCertificateKeyFile: file(t, key)}, "ops"},
		"JWT of an issuer":   {config.OAuth2{GrantType: jwtBearer, ClientCertificateKeyFile: file(t, key), Iss: "somebody"}, "somebody"},
	} {
		cfg := tc.cfg
		cfg.ClientID, cfg.TokenURL, cfg.Scopes = "ops", endpoint.URL, []string{"read", "more"}
		if _, err := get(t.Context(), newClient(t, config.HTTPClientConfig{OAuth2: &cfg}), server.URL); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		scope, claims := form.Get("scope"), jwt.MapClaims{}
		if tc.iss != "" {
			if _, _, err := jwt.NewParser().ParseUnverified(form.Get("assertion"), claims); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if iss, err := claims.GetIssuer(); err != nil || iss != tc.iss {
				t.Errorf("%s: issuer %q, %v; want %q", name, iss, err, tc.iss)
			}
		}
		if scope != "read more" && claims["scope"] != "read more" {
			t.Errorf("%s: scope %q in the form, %v in the claims; want read more", name, scope, claims["scope"])
		}
	}
}

func TestOAuth2NoKeyAndNoTime(t *testing.T) {
	oauth := &config.OAuth2{ClientID: "ops", TokenURL: "http://192.0.2.1/token", GrantType: jwtBearer, ClientCertificateKey: config.Secret(valid(t).key)}
	_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{OAuth2: oauth}), "http://192.0.2.2")
	wantFault(t, err, "http://192.0.2.2", progress.Internal, "no OAuth2 token from http://192.0.2.1/token: client_certificate_key is not an RSA key in PEM form")

	over, cancel := context.WithCancel(t.Context())
	cancel()
	oauth = &config.OAuth2{ClientID: "ops", TokenURL: "http://192.0.2.1/token", ClientSecret: secret}
	_, err = get(over, newClient(t, config.HTTPClientConfig{OAuth2: oauth}), "http://192.0.2.2")
	wantFault(t, err, "http://192.0.2.2", progress.Internal, "no OAuth2 token from http://192.0.2.1/token: the read was cancelled: context canceled")
}
