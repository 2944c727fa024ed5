package fetch

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/golang-jwt/jwt/v5"
	"github.com/prometheus/common/config"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"progress_exporter/collector/progress"
)

// jwtBearer is the grant type of RFC 7523, the only one beside client_credentials.
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// tokenTransport adds an OAuth2 token to the requests to a target. It stands in
// for the one of prometheus/common, which asks for tokens without a deadline: an
// endpoint that hangs would hang the target for ever.
type tokenTransport struct {
	conf   *config.OAuth2
	secret config.SecretReader
	target http.RoundTripper
	issuer http.RoundTripper // to the token endpoint
	route  route             // to the token endpoint

	turn   chan struct{} // holds a value while somebody uses what follows
	client clientcredentials.Config
	token  *oauth2.Token
}

func newTokenTransport(conf *config.OAuth2, target http.RoundTripper, agent string, of *connections) (*tokenTransport, error) {
	way := config.HTTPClientConfig{TLSConfig: conf.TLSConfig, ProxyConfig: conf.ProxyConfig, EnableHTTP2: true}
	issuer, err := newTransport(way, of)
	if err != nil {
		return nil, err
	}
	return &tokenTransport{
		conf:   conf,
		secret: clientSecret(conf),
		target: target,
		issuer: config.NewUserAgentRoundTripper(agent, issuer),
		route:  newRoute(conf.TLSConfig, conf.ProxyConfig),
		turn:   make(chan struct{}, 1),
		client: clientcredentials.Config{
			ClientID:       conf.ClientID,
			TokenURL:       conf.TokenURL,
			Scopes:         conf.Scopes,
			EndpointParams: params(conf),
		},
	}, nil
}

func clientSecret(conf *config.OAuth2) config.SecretReader {
	text, file := conf.ClientSecret, conf.ClientSecretFile
	if conf.GrantType == jwtBearer {
		text, file = conf.ClientCertificateKey, conf.ClientCertificateKeyFile
	}
	if file != "" {
		return textFile(file)
	}
	return config.NewInlineSecret(string(text))
}

func params(conf *config.OAuth2) url.Values {
	v := url.Values{}
	for key, value := range conf.EndpointParams {
		v.Set(key, value)
	}
	return v
}

// RoundTrip sends a copy of req with the token.
func (t *tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	var reached stage
	token, err := t.current(reached.begin(req.Context()))
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, t.explain(req.Context(), &reached, err)
	}
	req = req.Clone(req.Context())
	token.SetAuthHeader(req)
	return t.target.RoundTrip(req)
}

// CloseIdleConnections drops the idle connections to both servers.
func (t *tokenTransport) CloseIdleConnections() {
	closeIdle(t.issuer)
	closeIdle(t.target)
}

// current returns the token, a new one if it has run out or its secret has changed.
func (t *tokenTransport) current(ctx context.Context) (*oauth2.Token, error) {
	select {
	case t.turn <- struct{}{}:
		defer func() { <-t.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	secret, err := t.secret.Fetch(ctx)
	if err != nil {
		return nil, err
	}
	progress.Reveal(ctx, t.client.ClientID, secret)
	if t.token.Valid() && secret == t.client.ClientSecret {
		return t.token, nil
	}
	t.client.ClientSecret = secret
	issuer := &http.Client{
		Transport:     bounded{ctx, t.issuer},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	t.token, err = t.source(context.WithValue(ctx, oauth2.HTTPClient, issuer)).Token()
	return t.token, err
}

func (t *tokenTransport) source(ctx context.Context) oauth2.TokenSource {
	if t.conf.GrantType != jwtBearer {
		return t.client.TokenSource(ctx)
	}
	algorithm, ok := jwt.GetSigningMethod(t.conf.SignatureAlgorithm).(*jwt.SigningMethodRSA)
	if !ok {
		algorithm = jwt.SigningMethodRS256
	}
	iss := t.conf.Iss
	if iss == "" {
		iss = t.conf.ClientID
	}
	signed := config.JwtGrantTypeConfig{
		PrivateKey:       []byte(t.client.ClientSecret),
		PrivateKeyID:     t.conf.ClientCertificateKeyID,
		Scopes:           t.conf.Scopes,
		TokenURL:         t.conf.TokenURL,
		SigningAlgorithm: algorithm,
		Iss:              iss,
		Subject:          t.conf.ClientID,
		Audience:         t.conf.Audience,
		PrivateClaims:    t.conf.Claims,
		EndpointParams:   t.client.EndpointParams,
	}
	return signed.TokenSource(ctx)
}

// explain says why there is no token. The reason is Auth unless the read ran out
// of time or was cancelled.
func (t *tokenTransport) explain(ctx context.Context, reached *stage, err error) *progress.Error {
	var (
		refused *oauth2.RetrieveError
		network *url.Error
		file    *fs.PathError
		text    *encodingError
	)
	from := "no OAuth2 token from the token_url"
	if u, err := url.Parse(t.conf.TokenURL); err == nil {
		from = "no OAuth2 token from " + progress.Address(u)
	}
	switch {
	case ctx.Err() != nil, errors.As(err, &network), errors.As(err, &file), errors.As(err, &text):
		waiting := "no answer in time"
		if name := reached.resolving.Load(); name != nil {
			waiting = forDNS(*name)
		}
		e := t.route.explain(ctx, waiting, err)
		if e.Reason != progress.Timeout && e.Reason != progress.Internal {
			e.Reason = progress.Auth
		}
		e.Message = from + ": " + e.Message
		return e
	case errors.As(err, &refused):
		status := refused.Response.StatusCode
		code := ""
		if slices.Contains(oauthErrors, refused.ErrorCode) {
			code = " " + strconv.Quote(refused.ErrorCode)
		}
		return progress.Errorf(progress.Auth, "%s: HTTP %d %s%s; %s", from, status, http.StatusText(status), code, tokenHint(status, refused.ErrorCode))
	case errors.Is(err, jwt.ErrKeyMustBePEMEncoded), errors.Is(err, jwt.ErrNotRSAPrivateKey):
		return progress.Errorf(progress.Internal, "%s: client_certificate_key is not an RSA key in PEM form", from)
	}
	return progress.Errorf(progress.Auth, "%s: its answer holds no token; check token_url", from)
}

// tokenHint is what to do when an endpoint gives no token, by its status and code.
func tokenHint(status int, code string) string {
	switch {
	case code == "invalid_scope":
		return "check scopes of oauth2"
	case code == "unauthorized_client", code == "unsupported_grant_type":
		return "check grant_type of oauth2, and what the client is allowed to do"
	case status >= 500, code == "server_error", code == "temporarily_unavailable":
		return "it, or a proxy before it, is in trouble"
	case status == http.StatusNotFound:
		return "check token_url"
	case status == http.StatusTooManyRequests:
		return "it is asked too often"
	}
	return "check client_id of oauth2 and its secret"
}

// oauthErrors are the codes of RFC 6749 (5.2, and 4.1.2.1). No other is shown: an
// endpoint may put what it was sent in the place of a code.
var oauthErrors = []string{"invalid_request", "invalid_client", "invalid_grant", "unauthorized_client",
	"unsupported_grant_type", "invalid_scope", "access_denied", "server_error", "temporarily_unavailable"}

// bounded ends every request with ctx, which the JWT grant does not do by itself.
type bounded struct {
	ctx  context.Context
	next http.RoundTripper
}

// RoundTrip sends a copy of req that lives as long as the read.
func (b bounded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := b.next.RoundTrip(req.WithContext(b.ctx))
	if err != nil {
		return nil, err
	}
	if err := refuseUpgrade(resp); err != nil {
		_ = resp.Body.Close()
		return nil, err
	}
	return resp, nil
}
