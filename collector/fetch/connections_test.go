package fetch

import (
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

// firewall is between a client and a server. It forgets the connections that are open
// when it is told so: it takes their packets, lets none pass and closes none.
type firewall struct {
	url    string
	opened atomic.Int32 // connections so far

	mu     sync.Mutex
	forgot int32         // those of them that are forgotten, by their number
	lost   chan struct{} // closed when the newest of those has lost packets to the server
}

func newFirewall(t *testing.T, server *httptest.Server) *firewall {
	f := &firewall{}
	f.url = "https://" + serve(t, func(client net.Conn) {
		number := f.opened.Add(1)
		behind, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Error(err)
			return
		}
		var back sync.WaitGroup
		back.Go(func() { f.pass(behind, client, func() bool { return f.forgets(number, false) }) })
		f.pass(client, behind, func() bool { return f.forgets(number, true) })
		_ = behind.Close()
		back.Wait()
	})
	return f
}

// pass carries what comes from one side to the other, until one of them ends.
func (f *firewall) pass(from, to net.Conn, forgets func() bool) {
	packet := make([]byte, 64<<10)
	for {
		n, err := from.Read(packet)
		if err != nil {
			return
		}
		if !forgets() {
			_, _ = to.Write(packet[:n])
		}
	}
}

// forgets reports whether a packet is lost.
func (f *firewall) forgets(number int32, toServer bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if toServer && number == f.forgot && f.lost != nil {
		close(f.lost)
		f.lost = nil
	}
	return number <= f.forgot
}

// forget returns a context for the read that notices: its time is up when its request
// was lost.
func (f *firewall) forget(t *testing.T) deadline {
	f.mu.Lock()
	defer f.mu.Unlock()
	ctx := newDeadline(t)
	f.forgot, f.lost = f.opened.Load(), ctx.up
	return ctx
}

// secure starts a server of HTTP/2, or of HTTP/1.1 alone, and returns its certificate.
func secure(t *testing.T, http2 bool, handler http.HandlerFunc) (*httptest.Server, string) {
	server := httptest.NewUnstartedServer(handler)
	server.EnableHTTP2 = http2
	server.StartTLS()
	t.Cleanup(server.Close)
	return server, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

func sayProto(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }

// A connection whose packets vanish costs one read, whichever protocol it speaks and
// wherever the certificates come from: the next one opens another.
func TestForgottenConnection(t *testing.T) {
	for name, tc := range map[string]struct{ http2, file bool }{
		"HTTP/1.1": {false, false}, "HTTP/2": {true, false}, "HTTP/2, certificate in a file": {true, true},
	} {
		t.Run(name, func(t *testing.T) {
			server, ca := secure(t, tc.http2, sayProto)
			wall := newFirewall(t, server)
			cfg := config.HTTPClientConfig{EnableHTTP2: true, TLSConfig: config.TLSConfig{CA: ca}}
			if tc.file {
				cfg.TLSConfig = config.TLSConfig{CAFile: file(t, ca)}
			}
			c := newClient(t, cfg)
			want := func(connections int32) {
				t.Helper()
				resp, err := get(t.Context(), c, wall.url)
				if err != nil {
					t.Fatal(err)
				}
				if !strings.HasPrefix(name, strings.TrimSuffix(string(resp.Body), ".0")) || wall.opened.Load() != connections {
					t.Fatalf("%s over connection %d, want %d", resp.Body, wall.opened.Load(), connections)
				}
			}
			want(1)
			want(1)
			for opened := range int32(3) {
				_, err := get(wall.forget(t), c, wall.url)
				wantFault(t, err, wall.url, progress.Timeout, "no answer began in time over a connection that was kept since an earlier read; "+
					"is the product overloaded, the timeout too short, or does a firewall drop kept connections? The next read opens a new one")
				want(opened + 2)
			}
		})
	}
}

// The way to the token endpoint is mended in the same manner.
func TestForgottenConnectionToTheIssuer(t *testing.T) {
	issuer, ca := secure(t, true, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"access_token":"a","expires_in":1}`) // which is over at once
	})
	wall := newFirewall(t, issuer)
	target := httptest.NewServer(http.HandlerFunc(sayProto))
	t.Cleanup(target.Close)
	c := newClient(t, config.HTTPClientConfig{OAuth2: &config.OAuth2{
		ClientID: "c", ClientSecret: "s", TokenURL: wall.url + "/token", TLSConfig: config.TLSConfig{CA: ca},
	}})
	if _, err := get(t.Context(), c, target.URL); err != nil {
		t.Fatal(err)
	}
	_, err := get(wall.forget(t), c, target.URL)
	wantFault(t, err, target.URL, progress.Timeout, "no OAuth2 token from "+wall.url+"/token: no answer in time")
	if _, err := get(t.Context(), c, target.URL); err != nil {
		t.Error(err)
	}
	if got := wall.opened.Load(); got != 2 {
		t.Errorf("%d connections to the issuer, want 2", got)
	}
}

// A read that gives up leaves the others on its connection alone. The next one uses
// another, and the last on the old one closes it.
func TestSilentConnectionThatOthersUse(t *testing.T) {
	entered, answer := make(chan struct{}), make(chan struct{})
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Hang") == "" {
			return
		}
		entered <- struct{}{}
		select {
		case <-answer:
			_, _ = io.WriteString(w, "late")
		case <-r.Context().Done():
		}
	}))
	server.EnableHTTP2 = true
	server.Config.ConnState = countNew(&connections)
	server.StartTLS()
	t.Cleanup(server.Close)
	ca := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	c := newClient(t, config.HTTPClientConfig{EnableHTTP2: true, TLSConfig: config.TLSConfig{CA: ca}})
	if _, err := get(t.Context(), c, server.URL); err != nil { // opens the connection
		t.Fatal(err)
	}
	hang := func(d deadline) (progress.Response, error) {
		req, err := http.NewRequestWithContext(d, http.MethodGet, server.URL, nil)
		if err != nil {
			return progress.Response{}, err
		}
		req.Header.Set("X-Hang", "1")
		return c.Do(req)
	}
	first, second := newDeadline(t), newDeadline(t)
	gaveUp, late := make(chan error, 1), make(chan string, 1)
	go func() { _, err := hang(first); gaveUp <- err }()
	<-entered
	go func() {
		resp, err := hang(second)
		late <- fmt.Sprintf("%s %v", resp.Body, err)
	}()
	<-entered
	close(first.up)
	if err := <-gaveUp; progress.AsError(err).Reason != progress.Timeout {
		t.Errorf("the first: %v", err)
	}
	close(answer)
	if got := <-late; got != "late <nil>" {
		t.Errorf("the second: %s", got)
	}
	if len(c.connections.inUse) != 0 {
		t.Errorf("%d connections are still in use", len(c.connections.inUse))
	}
	if _, err := get(t.Context(), c, server.URL); err != nil || connections.Load() != 2 {
		t.Errorf("%d connections, want 2; %v", connections.Load(), err)
	}
}

// A dead connection that nobody asks, or that is always in use, is found out by pings.
func TestConnectionsArePinged(t *testing.T) {
	got := bare(config.HTTPClientConfig{EnableHTTP2: true}, nil).HTTP2
	if got.SendPingTimeout != pingAfter || got.PingTimeout != pingTimeout || got.MaxReceiveBufferPerStream != streamBuffer {
		t.Errorf("%+v, want a ping after %s, %s for its answer and %d bytes of buffer", *got, pingAfter, pingTimeout, streamBuffer)
	}
}
