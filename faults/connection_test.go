package faults

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"progress_exporter/collector/progress"
)

// connectionFaults are those before and below HTTP, and on this side of it.
func connectionFaults() []fault {
	return []fault{
		{name: "a file of credentials is missing", want: reason(progress.Internal), start: func(t *testing.T, _ product, _ http.Handler) site {
			s := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				t.Errorf("%s was asked for, without credentials", r.URL.Path)
			}))
			s.key = "/nowhere/api.key"
			return s
		}},
		// tcpmux: nobody listens there, and no test ever gets the port from the system.
		{name: "connection refused", want: reason(progress.Connect), start: nobody("http://127.0.0.1:1")},
		// A label of more than 63 bytes: no resolver has to be asked.
		{name: "the name does not resolve", want: reason(progress.DNS), start: nobody("http://" + strings.Repeat("n", 64) + ".example.com")},
		{name: "hangs before TLS", want: reason(progress.Timeout), hangs: true, start: speaking("https", func(conn net.Conn) { _, _ = io.Copy(io.Discard, conn) })},
		{name: "reset before the answer", want: reason(progress.Connect), start: speaking("http", reset(""))},
		{name: "reset in the body", want: reason(progress.Connect), start: speaking("http", reset("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\":\""+marker))},
		{name: "closed as soon as it is open", want: reason(progress.Connect), note: "the connection was closed, or broke", start: speaking("http", func(net.Conn) {})},
		{name: "closed before the answer", want: reason(progress.Connect), start: speaking("http", says(""))},
		{name: "truncated: less than Content-Length", want: reason(progress.Connect), start: speaking("http", says("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"a\":\""+marker))},
		{name: "truncated: no last chunk", want: reason(progress.Connect), start: speaking("http", says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n16\r\n{\"a\":\""+marker))},
		{name: "not HTTP", want: reason(progress.Decode), start: speaking("http", says("-ERR "+marker+"\r\n"))},
		{name: "not HTTP, and speaks first", want: reason(progress.Decode), start: speaking("http", func(conn net.Conn) {
			_, _ = io.WriteString(conn, "SSH-2.0-"+marker+"\r\n")
			_, _ = io.Copy(io.Discard, conn)
		})},
		{name: "chunks that are none", want: reason(progress.Decode), start: speaking("http", says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"+marker+"\r\n"))},
		{name: "HTTP 101, another protocol", want: reason(progress.Decode), start: speaking("http", func(conn net.Conn) {
			says("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: " + marker + "\r\n\r\n")(conn)
			_, _ = io.Copy(io.Discard, conn)
		})},
		{name: "endless header", want: reason(progress.TooLarge), start: speaking("http", endlessHeader)},
	}
}

// nobody plays an address at which there is nothing.
func nobody(url string) func(*testing.T, product, http.Handler) site {
	return func(*testing.T, product, http.Handler) site { return site{url: url} }
}

// speaking plays a server that does with every connection what it likes.
func speaking(scheme string, serve func(net.Conn)) func(*testing.T, product, http.Handler) site {
	return func(t *testing.T, _ product, _ http.Handler) site {
		return site{url: scheme + "://" + listen(t, serve)}
	}
}

// says reads a request, says text and closes.
func says(text string) func(net.Conn) {
	return func(conn net.Conn) {
		if readRequest(conn) == nil {
			_, _ = io.WriteString(conn, text)
		}
	}
}

// reset reads a request, says text and resets the connection.
func reset(text string) func(net.Conn) {
	return func(conn net.Conn) {
		says(text)(conn)
		_ = conn.(*net.TCPConn).SetLinger(0)
	}
}

func endlessHeader(conn net.Conn) {
	says("HTTP/1.1 200 OK\r\n")(conn)
	lines := strings.Repeat("X-Line: "+strings.Repeat("x", 1000)+"\r\n", 64)
	for err := error(nil); err == nil; {
		_, err = io.WriteString(conn, lines)
	}
}

// readRequest leaves nothing unread, which would turn a close into a reset.
func readRequest(conn net.Conn) error {
	req, err := http.ReadRequest(bufio.NewReader(conn))
	if err == nil {
		_, err = io.Copy(io.Discard, req.Body)
	}
	return err
}

// listen serves every connection to the address that it returns, and closes it
// then.
func listen(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	var mu sync.Mutex
	var open []net.Conn
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			open = append(open, conn)
			mu.Unlock()
			running.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		mu.Lock()
		for _, conn := range open {
			conn.Close()
		}
		mu.Unlock()
		running.Wait()
	})
	return listener.Addr().String()
}
