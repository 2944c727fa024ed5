package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"

	"github.com/prometheus/common/config"

	"progress_exporter/collector/progress"
)

func TestDoNetworkFaults(t *testing.T) {
	reset := func(conn net.Conn) { _ = conn.(*net.TCPConn).SetLinger(0) }
	tests := map[string]struct {
		serve   func(net.Conn)
		reason  progress.Reason
		message string
	}{
		"reset before the header": {
			serve:  func(conn net.Conn) { _ = readRequest(conn); reset(conn) },
			reason: progress.Connect, message: "the connection broke: connection reset by peer; does the product restart, or does a proxy or a firewall close connections?",
		},
		"reset in the body": {
			serve:  func(conn net.Conn) { answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ns3cret")(conn); reset(conn) },
			reason: progress.Connect, message: "the connection broke: connection reset by peer; does the product restart, or does a proxy or a firewall close connections?",
		},
		"closed before the header": {
			serve:  answer(""),
			reason: progress.Connect, message: "the connection was closed before the answer: EOF; is the port right, and does the product restart?",
		},
		"another protocol": {
			serve: func(conn net.Conn) {
				answer("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: s3cret\r\n\r\n")(conn)
				_, _ = io.Copy(io.Discard, conn)
			},
			reason: progress.Decode, message: "HTTP 101: the server switches to another protocol, which was not asked for; is this the right url?",
		},
		"closed in the header": {
			serve:  answer("HTTP/1.1 200 OK\r\nX-Key: s3cret"),
			reason: progress.Connect, message: "the connection was closed before the answer: EOF; is the port right, and does the product restart?",
		},
		"truncated body": {
			serve:  answer("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ns3cret"),
			reason: progress.Connect, message: "the connection was closed in the middle of the answer: unexpected EOF",
		},
		"truncated chunks": {
			serve:  answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ns3cret\r\n"),
			reason: progress.Connect, message: "the connection was closed in the middle of the answer: unexpected EOF",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			base := "http://" + serve(t, test.serve)
			_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), base)
			wantFault(t, err, base, test.reason, test.message)
		})
	}
}

func TestDoNoConnection(t *testing.T) {
	base := "http://" + unused(t)
	_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), base)
	wantFault(t, err, base, progress.Connect, "no connection to ADDR: connection refused; is the product running, and is the port right?")
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("%v does not unwrap to ECONNREFUSED", err)
	}

	proxy := unused(t)
	cfg := config.HTTPClientConfig{ProxyConfig: config.ProxyConfig{ProxyURL: config.URL{
		URL: &url.URL{Scheme: "http", Host: proxy, User: url.UserPassword("ops", secret)}}}}
	_, err = get(t.Context(), newClient(t, cfg), "https://192.0.2.1")
	wantFault(t, err, "https://192.0.2.1", progress.Connect, "no connection to the proxy at "+proxy+": connection refused; check proxy_url")
}

func TestDoUnknownName(t *testing.T) {
	host := strings.Repeat("a", 64) + ".invalid" // no label has 64 bytes, so nobody is asked
	_, err := get(t.Context(), newClient(t, config.HTTPClientConfig{}), "http://"+host)
	wantFault(t, err, "http://"+host, progress.DNS, fmt.Sprintf("the name %q does not resolve (no such host); check the url, or proxy_url, and this host's DNS", host))
}

func TestDoCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errors.New(secret))
	_, err := get(ctx, newClient(t, config.HTTPClientConfig{}), "http://192.0.2.1")
	wantFault(t, err, "http://192.0.2.1", progress.Internal, "the read was cancelled: context canceled")
}

func TestRouteExplain(t *testing.T) {
	dial := func(err error) error {
		return &net.OpError{Op: "dial", Net: "tcp", Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 443}, Err: err}
	}
	tests := map[string]struct {
		err     error
		reason  progress.Reason
		message string
	}{
		"DNS timeout": {
			err:    dial(&net.DNSError{Err: "i/o timeout", Name: "sonar.example.com", IsTimeout: true}),
			reason: progress.Timeout, message: `no answer from DNS in time for the name "sonar.example.com"; check this host's DNS`,
		},
		"DNS": {
			err:    dial(&net.DNSError{Err: "server misbehaving", Name: "sonar.example.com", IsTemporary: true}),
			reason: progress.DNS, message: `the name "sonar.example.com" does not resolve (server misbehaving); check the url, or proxy_url, and this host's DNS`,
		},
		"no route": {
			err:    dial(os.NewSyscallError("connect", syscall.EHOSTUNREACH)),
			reason: progress.Connect, message: "no connection to 192.0.2.1:443: no route to host; is the host up, is there a route to it, and does a firewall let this host through?",
		},
		"a firewall here": {
			err:    dial(os.NewSyscallError("connect", syscall.EPERM)),
			reason: progress.Connect, message: "no connection to 192.0.2.1:443: operation not permitted; does a firewall or a policy of this host forbid it?",
		},
		"no local ports": {
			err:    dial(os.NewSyscallError("connect", syscall.EADDRNOTAVAIL)),
			reason: progress.Connect, message: "no connection to 192.0.2.1:443: cannot assign requested address; are the local ports of this host used up?",
		},
		"kernel's timeout": {
			err:    dial(os.NewSyscallError("connect", syscall.ETIMEDOUT)),
			reason: progress.Timeout, message: forHeader,
		},
		"I/O deadline": {
			err:    &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded},
			reason: progress.Timeout, message: forHeader,
		},
		"another deadline":     {err: context.DeadlineExceeded, reason: progress.Timeout, message: forHeader},
		"another cancellation": {err: context.Canceled, reason: progress.Internal, message: "the read was cancelled: context canceled"},
		"broken pipe": {
			err:    &net.OpError{Op: "write", Err: os.NewSyscallError("write", syscall.EPIPE)},
			reason: progress.Connect, message: "the connection broke: broken pipe; does the product restart, or does a proxy or a firewall close connections?",
		},
		"no connection to nowhere": {
			err:    &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)},
			reason: progress.Connect, message: "the connection broke: connection refused",
		},
		"no file descriptors": {
			err:    dial(os.NewSyscallError("socket", syscall.EMFILE)),
			reason: progress.Internal, message: "too many open files; raise the limit of open files of this exporter",
		},
		"no file descriptors on this host": {
			err:    dial(os.NewSyscallError("socket", syscall.ENFILE)),
			reason: progress.Internal, message: "too many open files in system; raise the limit of open files of this host (sysctl fs.file-max)",
		},
		"no file descriptor for DNS": {
			err:    dial(&net.DNSError{Err: "dial udp 192.0.2.1:53: socket: too many open files", Name: "sonar.example.com"}),
			reason: progress.Internal, message: "too many open files; raise the limit of open files of this exporter",
		},
		"no file descriptor for a file": {
			err:    fmt.Errorf("unable to read: %w", &fs.PathError{Op: "open", Path: "password", Err: syscall.EMFILE}),
			reason: progress.Internal, message: "too many open files; raise the limit of open files of this exporter",
		},
		"unknown": {
			err:    &url.Error{Op: "Get", URL: "http://ops:s3cret@192.0.2.1/?token=s3cret", Err: errors.New(secret)},
			reason: progress.Connect, message: "the connection broke",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := route{}.explain(t.Context(), forHeader, test.err)
			if e.Reason != test.reason || e.Message != test.message {
				t.Errorf("got  %s: %s\nwant %s: %s", e.Reason, e.Message, test.reason, test.message)
			}
		})
	}
}

// What the configuration says of the way tells whose file it is, and whose words.
func TestNewRoute(t *testing.T) {
	r := newRoute(config.TLSConfig{CAFile: "ca", CertFile: "cert", KeyFile: "key"}, config.ProxyConfig{})
	for path, want := range map[string]progress.Reason{"ca": progress.TLS, "cert": progress.TLS, "key": progress.TLS, "password": progress.Internal} {
		if got := r.fileFault(path, fs.ErrNotExist).Reason; got != want {
			t.Errorf("%s cannot be read: %s, want %s", path, got, want)
		}
	}
	proxy := config.URL{URL: &url.URL{Scheme: "http", Host: "192.0.2.1:3128"}}
	for _, tc := range []struct {
		cfg  config.ProxyConfig
		want bool
	}{{config.ProxyConfig{}, false}, {config.ProxyConfig{ProxyURL: proxy}, true}, {config.ProxyConfig{ProxyFromEnvironment: true}, true}} {
		if got := newRoute(config.TLSConfig{}, tc.cfg).proxied; got != tc.want {
			t.Errorf("%+v: proxied %v, want %v", tc.cfg, got, tc.want)
		}
	}
}
