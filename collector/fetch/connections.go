package fetch

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httptrace"
	"sync"
)

// connections are the HTTP/2 connections of a client that are in use. net/http gives
// one up when it breaks, not when its packets vanish: a firewall that forgets it would
// blind the target for as long as pings take to find out. So a request that got no
// answer in time ends its use, as with HTTP/1.1: the next one opens another, and it is
// closed as soon as nobody waits for an answer over it.
type connections struct {
	mu      sync.Mutex
	inUse   map[net.Conn]*connection
	renewed int // how often one was given up
}

// renewable is a transport that is replaced by a new one, without connections, when one
// of them was given up: a transport would use it for a moment after it was closed.
type renewable struct {
	of   *connections
	made func() *http.Transport

	mu      sync.Mutex
	current *http.Transport
	renewed int
}

// RoundTrip sends a request.
func (r *renewable) RoundTrip(req *http.Request) (*http.Response, error) {
	return r.transport().RoundTrip(req)
}

// CloseIdleConnections drops the idle connections.
func (r *renewable) CloseIdleConnections() { r.transport().CloseIdleConnections() }

func (r *renewable) transport() *http.Transport {
	renewed := r.of.times()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.current == nil || r.renewed != renewed {
		if r.current != nil {
			r.current.CloseIdleConnections()
		}
		r.current, r.renewed = r.made(), renewed
	}
	return r.current
}

func (all *connections) times() int {
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.renewed
}

// connection is one of them: how many requests are under way over it, and whether one
// had no answer in time.
type connection struct {
	requests int
	silent   bool
}

// take takes note of a request that begins.
func (all *connections) take(conn net.Conn) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.inUse == nil {
		all.inUse = map[net.Conn]*connection{}
	}
	if all.inUse[conn] == nil {
		all.inUse[conn] = &connection{}
	}
	all.inUse[conn].requests++
}

// leave takes note of a request that is over.
func (all *connections) leave(conn net.Conn, silent bool) {
	all.mu.Lock()
	defer all.mu.Unlock()
	of := all.inUse[conn]
	of.requests--
	if silent {
		of.silent = true
		all.renewed++
	}
	if of.requests > 0 {
		return
	}
	delete(all.inUse, conn)
	if of.silent {
		_ = conn.Close()
	}
}

// call is what is known of the way of one request. Its callbacks may come from
// another goroutine.
type call struct {
	stage
	connections *connections

	mu   sync.Mutex
	kept bool     // the connection is of an earlier request
	conn net.Conn // nil unless it speaks HTTP/2
}

// begin returns the context of the request.
func (c *call) begin(ctx context.Context) context.Context {
	c.Context = ctx
	c.hooks.GetConn = func(address string) {
		c.getConn(address)
		c.set(httptrace.GotConnInfo{}) // that of a token is no longer what is waited for
	}
	c.hooks.GotConn = func(info httptrace.GotConnInfo) {
		c.gotConn(info)
		c.set(info)
	}
	return httptrace.WithClientTrace(&c.stage, &c.hooks)
}

func (c *call) set(got httptrace.GotConnInfo) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		c.connections.leave(c.conn, false)
	}
	c.kept, c.conn = got.Reused, nil
	if t, ok := got.Conn.(*tls.Conn); ok && t.ConnectionState().NegotiatedProtocol == "h2" {
		c.conn = t.NetConn() // which closes at once, and says nothing before
		c.connections.take(c.conn)
	}
}

// over ends the call; silent says that there was no answer in time.
func (c *call) over(silent bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil {
		c.connections.leave(c.conn, silent)
		c.conn = nil
	}
}

// waiting says what the request was waiting for when its time was up, if that was before
// the answer began.
func (c *call) waiting() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept {
		return forKept
	}
	return c.stage.waiting()
}
