package fetch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/common/config"
	"go.uber.org/goleak"

	"progress_exporter/collector/progress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secret stands in for every credential, query and body of the tests. No error
// may ever hold it; wantFault looks.
const secret = "s3cret"

func newClient(t testing.TB, cfg config.HTTPClientConfig) *Client {
	t.Helper()
	c, err := New(cfg, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

// get asks base for /progress, with a secret wherever a request can have one.
func get(ctx context.Context, c *Client, base string) (progress.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/progress?token="+secret, nil)
	if err != nil {
		return progress.Response{}, err
	}
	req.URL.User = url.UserPassword("ops", secret)
	req.Header.Set("X-Api-Key", secret)
	return c.Do(req)
}

// wantFault compares an error of get; ADDR in message stands for base's address.
func wantFault(t *testing.T, err error, base string, reason progress.Reason, message string) {
	t.Helper()
	var e *progress.Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v (%T), want a *progress.Error", err, err)
	}
	_, addr, _ := strings.Cut(base, "://")
	message = strings.ReplaceAll("GET "+base+"/progress: "+message, "ADDR", addr)
	if e.Reason != reason || e.Message != message {
		t.Errorf("got  %s: %s\nwant %s: %s", e.Reason, e.Message, reason, message)
	}
	for err := error(e); err != nil; err = errors.Unwrap(err) {
		for _, verb := range []string{"%v", "%+v", "%#v"} {
			if text := fmt.Sprintf(verb, err); strings.Contains(text, secret) {
				t.Errorf("%T shows a secret under %s: %s", err, verb, text)
			}
		}
	}
}

// serve runs serve for every connection to the address it returns.
func serve(t *testing.T, serve func(net.Conn)) (addr string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var (
		running sync.WaitGroup
		mutex   sync.Mutex
		open    []net.Conn
	)
	running.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			mutex.Lock()
			open = append(open, conn)
			mutex.Unlock()
			running.Go(func() {
				defer conn.Close()
				serve(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		mutex.Lock()
		for _, conn := range open {
			conn.Close()
		}
		mutex.Unlock()
		running.Wait()
	})
	return listener.Addr().String()
}

// answer reads a request and says text, whatever that is.
func answer(text string) func(net.Conn) {
	return func(conn net.Conn) {
		if readRequest(conn) == nil {
			_, _ = io.WriteString(conn, text)
		}
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

// unused returns an address where nobody listens.
func unused(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// deadline is a context whose time is up when the test says so.
type deadline struct {
	context.Context
	up chan struct{}
}

func newDeadline(t *testing.T) deadline { return deadline{t.Context(), make(chan struct{})} }

func (d deadline) Done() <-chan struct{} { return d.up }

func (d deadline) Err() error {
	select {
	case <-d.up:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func countNew(n *atomic.Int32) func(net.Conn, http.ConnState) {
	return func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			n.Add(1)
		}
	}
}
