package collector

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// upstreamEnv makes the test program a product for benchmarks: in a process of its
// own, because each side of a connection needs a file descriptor.
const upstreamEnv = "PROGRESS_BENCH_UPSTREAM"

func TestMain(m *testing.M) {
	if os.Getenv(upstreamEnv) != "" {
		os.Exit(serveUpstream())
	}
	goleak.VerifyTestMain(m)
}

// serveUpstream answers every request at once until standard input is closed.
func serveUpstream() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("http://" + l.Addr().String())
	go func() {
		_ = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"progress":{"state":"RUNNING"}}`)
		}))
	}()
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}
