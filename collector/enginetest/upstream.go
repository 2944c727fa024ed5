package enginetest

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// upstreamEnv makes a test program a product for benchmarks: in a process of its own,
// because each side of a connection needs a file descriptor.
const upstreamEnv = "PROGRESS_BENCH_UPSTREAM"

// BeUpstream makes the test program a product if StartUpstream has started it as one;
// it does not return then. TestMain calls it first.
func BeUpstream() {
	if os.Getenv(upstreamEnv) != "" {
		os.Exit(serveUpstream())
	}
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

// StartUpstream starts a product in a process of its own and returns its address.
func StartUpstream(b testing.TB) string {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), upstreamEnv+"=1"), os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = in.Close(); _ = cmd.Wait() })
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
}
