package fetch

import (
	"context"
	"net"
	"net/http/httptrace"
	"sync/atomic"

	"progress_exporter/collector/progress"
)

// stage is how far a request has come, and the context that lets the transport tell. Its
// hooks are called by other goroutines, and once more for each request that the first one
// brings with it, as for a token. They lie in it, for there is one for each request.
type stage struct {
	context.Context
	hooks     httptrace.ClientTrace
	resolving atomic.Pointer[string] // the name that DNS was asked for and has not told
	connected atomic.Bool
}

// begin returns the context of a request.
func (s *stage) begin(ctx context.Context) context.Context {
	s.Context = ctx
	s.hooks.GetConn, s.hooks.GotConn = s.getConn, s.gotConn
	return httptrace.WithClientTrace(s, &s.hooks)
}

type stageKey struct{}

// Value returns the stage itself for its key.
func (s *stage) Value(key any) any {
	if key == (stageKey{}) {
		return s
	}
	return s.Context.Value(key)
}

func (s *stage) getConn(string) {
	s.resolving.Store(nil)
	s.connected.Store(false)
}

func (s *stage) gotConn(httptrace.GotConnInfo) { s.connected.Store(true) }

// dial connects as net.Dialer does, and tells the stage of the request what DNS is asked
// for. As hooks of the request the same would be made ready for each, and most find a
// connection that was kept.
func dial(ctx context.Context, network, address string) (net.Conn, error) {
	if s, ok := ctx.Value(stageKey{}).(*stage); ok {
		ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
			DNSStart: func(i httptrace.DNSStartInfo) { s.resolving.Store(&i.Host) },
			DNSDone: func(i httptrace.DNSDoneInfo) {
				if i.Err == nil { // else it may be given up because the time is up
					s.resolving.Store(nil)
				}
			},
		})
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// waiting says what the request was waiting for when its time was up, if that was
// before the answer began.
func (s *stage) waiting() string {
	if s.connected.Load() {
		return forHeader
	}
	if name := s.resolving.Load(); name != nil {
		return forDNS(*name)
	}
	return forConnection
}

func forDNS(name string) string {
	return "no answer from DNS in time for the name " + progress.Quote(name) + "; check this host's DNS"
}
