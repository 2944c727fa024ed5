package fetch

import (
	"net/http/httptrace"
	"sync/atomic"

	"progress_exporter/collector/progress"
)

// stage is how far a request has come. Its hooks are called by other goroutines, and
// once more for each request that the first one brings with it, as for a token.
type stage struct {
	resolving atomic.Pointer[string] // the name that DNS was asked for and has not told
	connected atomic.Bool
}

func (s *stage) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn: func(string) {
			s.resolving.Store(nil)
			s.connected.Store(false)
		},
		DNSStart: func(i httptrace.DNSStartInfo) { s.resolving.Store(&i.Host) },
		DNSDone: func(i httptrace.DNSDoneInfo) {
			if i.Err == nil { // else it may be given up because the time is up
				s.resolving.Store(nil)
			}
		},
		GotConn: func(httptrace.GotConnInfo) { s.connected.Store(true) },
	}
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
