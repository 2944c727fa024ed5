// Package fetch is the one place that does HTTP to the products: it sends a
// request, reads the bounded answer, and gives every failure its Reason.
package fetch

import (
	"fmt"
	"maps"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/prometheus/common/config"
	"github.com/prometheus/common/version"

	"progress_exporter/collector/progress"
)

const (
	// name is the dialer's name in the metrics of prometheus/common.
	name = "progress_exporter"

	// idleTimeout keeps a connection over scrape intervals of up to two minutes.
	idleTimeout = 3 * time.Minute
)

// What a read was waiting for when its time was up.
const (
	forConnection = "no connection in time; is the host down, or does a firewall drop the packets?"
	forKept       = "no answer began in time over a connection that was kept since an earlier read; is the product overloaded, the timeout too short, or does a firewall drop kept connections? The next read opens a new one"
	forHeader     = "connected, but the answer did not begin in time; is the product overloaded, or the timeout too short?"
	forBody       = "the answer began, but did not end in time; is the product overloaded, or the timeout too short?"
)

// Client reads one target. It is safe for concurrent use.
type Client struct {
	transport   http.RoundTripper
	route       route
	usual       http.Header // what a request has unless it says otherwise
	now         func() time.Time
	connections connections
	closed      atomic.Bool
}

var _ progress.Fetch = (*Client)(nil).Do

// New builds the client of one target, once per target and plan. It reads the
// files of tls_config, which are read again whenever they change; the files of
// credentials are read at every request. Redirects are never followed, whatever
// cfg says. Answers are dated with the clock now.
func New(cfg config.HTTPClientConfig, now func() time.Time) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("http_client_config: %w", err)
	}
	agent := userAgent()
	c := &Client{
		route: newRoute(cfg.TLSConfig, cfg.ProxyConfig),
		usual: http.Header{"User-Agent": {agent}, "Accept": {"application/json"}},
		now:   now,
	}
	if err := refuseReferences(cfg); err != nil {
		return nil, fmt.Errorf("http_client_config: %w", err)
	}
	transport, err := newTransport(cfg, &c.connections)
	if err != nil {
		return nil, fmt.Errorf("http_client_config: %w", err)
	}
	transport = withCredentials(cfg, transport)
	if cfg.OAuth2 != nil {
		if transport, err = newTokenTransport(cfg.OAuth2, transport, agent, &c.connections); err != nil {
			return nil, fmt.Errorf("http_client_config: oauth2: %w", err)
		}
	}
	c.transport = transport
	return c, nil
}

// Do sends a request and reads the whole answer, of at most MaxBody bytes; it is
// a progress.Fetch. The time it may take is the deadline of the request's
// context. The request is neither changed nor kept. User-Agent and Accept are
// added unless the request has them. Its error is always a *progress.Error.
func (c *Client) Do(req *http.Request) (progress.Response, error) {
	// The transport is called without an http.Client around it: no redirect and
	// no cookie can happen, and no *url.Error prints the query.
	way := &call{connections: &c.connections}
	out := req.WithContext(way.begin(req.Context()))
	out.Header = c.header(req.Header)

	var failed *progress.Error
	defer func() {
		way.over(failed != nil && failed.Reason == progress.Timeout)
		if c.closed.Load() { // nobody will use the connection again
			closeIdle(c.transport)
		}
	}()
	resp, err := c.transport.RoundTrip(out)
	if err != nil {
		failed = c.route.explain(req.Context(), way.waiting(), err).About(req)
		return progress.Response{}, failed
	}
	defer resp.Body.Close()
	body, err := readBody(req.Context(), resp)
	if err != nil {
		failed = c.route.explain(req.Context(), forBody, err).About(req)
		// With the request, whose credentials the header of the answer may repeat.
		return progress.Response{Request: resp.Request}, failed
	}
	return progress.Response{Status: resp.StatusCode, Header: resp.Header, Body: body, Received: c.now(), Request: resp.Request}, nil
}

// Close drops the idle connections. A read that is under way goes on, and its
// connection is dropped when it ends.
func (c *Client) Close() {
	c.closed.Store(true)
	closeIdle(c.transport)
}

// header returns a header with the usual ones added. What it can it shares: no
// RoundTripper changes the request that it is given.
func (c *Client) header(of http.Header) http.Header {
	if len(of) == 0 {
		return c.usual
	}
	h := maps.Clone(c.usual)
	maps.Copy(h, of)
	return h
}

func closeIdle(transport http.RoundTripper) {
	if t, ok := transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
}

func userAgent() string {
	if version.Version == "" {
		return name + "/dev"
	}
	return name + "/" + version.Version
}
