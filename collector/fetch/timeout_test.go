package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"sync"
	"testing"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// silentDNS returns a resolver whose server never answers; asked is closed when it
// was asked.
func silentDNS(asked chan struct{}) *net.Resolver {
	var once sync.Once
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		once.Do(func() { close(asked) })
		<-ctx.Done()
		return nil, ctx.Err()
	}}
}

// useResolver makes the resolver that of the process until the test is over.
func useResolver(t *testing.T, r *net.Resolver) {
	usual := net.DefaultResolver
	net.DefaultResolver = r
	t.Cleanup(func() { net.DefaultResolver = usual })
}

func TestDoTimeout(t *testing.T) {
	t.Run("handshake", func(t *testing.T) {
		ctx := newDeadline(t)
		base := "https://" + serve(t, func(conn net.Conn) {
			_, _ = conn.Read(make([]byte, 1))
			close(ctx.up)
			_, _ = io.Copy(io.Discard, conn)
		})
		_, err := get(ctx, newClient(t, config.HTTPClientConfig{}), base)
		wantFault(t, err, base, progress.Timeout, forConnection)
	})
	t.Run("DNS", func(t *testing.T) {
		ctx := newDeadline(t)
		useResolver(t, silentDNS(ctx.up))
		_, err := get(ctx, newClient(t, config.HTTPClientConfig{}), "http://sonar.example.com")
		wantFault(t, err, "http://sonar.example.com", progress.Timeout, `no answer from DNS in time for the name "sonar.example.com"; check this host's DNS`)
	})
	t.Run("header", func(t *testing.T) {
		ctx := newDeadline(t)
		base := "http://" + serve(t, func(conn net.Conn) {
			_ = readRequest(conn)
			close(ctx.up)
			_, _ = io.Copy(io.Discard, conn)
		})
		_, err := get(ctx, newClient(t, config.HTTPClientConfig{}), base)
		wantFault(t, err, base, progress.Timeout, forHeader)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v does not unwrap to context.DeadlineExceeded", err)
		}
	})
	t.Run("body", func(t *testing.T) {
		ctx := newDeadline(t)
		base := "http://" + serve(t, func(conn net.Conn) {
			answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ns3cret")(conn)
			_, _ = io.Copy(io.Discard, conn)
		})
		c := newClient(t, config.HTTPClientConfig{})
		next := c.transport
		c.transport = roundTripper(func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			close(ctx.up)
			return resp, err
		})
		_, err := get(ctx, c, base)
		next.(interface{ CloseIdleConnections() }).CloseIdleConnections()
		wantFault(t, err, base, progress.Timeout, forBody)
	})
}
