package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"progress_exporter/cmd/internal/scripttest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/mongosync/mongosynctest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"progressctl": main})
}

const (
	token = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
	key   = "not-a-real-key"
)

// TestScripts runs the program as a person or a pipeline does.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: setup,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "plays": plays, "answers": answers, "rambles": rambles, "plain": plain,
			"expand": scripttest.Expand, "asked": scripttest.Asked, "release": scripttest.Release,
		},
	})
}

func setup(env *testscript.Env) error {
	slow := scripttest.NewSlow()
	env.Values["slow"] = slow
	server := httptest.NewServer(slow)
	env.Defer(func() { server.CloseClientConnections(); server.Close() })
	env.Setenv("SLOW", server.URL)
	env.Setenv("TOKEN", token)
	env.Setenv("KEY", key)
	return nil
}

// exits CODE PROGRAM ARG…: runs a program, which has to end with that exit code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// plays NAME API SCENARIO AGE: a product at $NAME that plays a story of one hour,
// which began that long ago.
func plays(ts *testscript.TestScript, _ bool, args []string) {
	age, err := time.ParseDuration(args[3])
	ts.Check(err)
	serve(ts, args[0], fake(args[1], drill.Drill{Scenario: drill.Scenario(args[2]), Start: time.Now().Add(-age), Length: time.Hour}, nil))
}

// answers NAME API FILE…: a product at $NAME that answers each request with the
// next file, and again and again with the last. For the word outage it answers
// HTTP 503.
func answers(ts *testscript.TestScript, _ bool, args []string) {
	var texts []string
	for _, file := range args[2:] {
		if file == "outage" {
			texts = append(texts, "")
		} else {
			texts = append(texts, ts.ReadFile(file))
		}
	}
	var asked atomic.Int64
	serve(ts, args[0], fake(args[1], drill.Drill{}, func() (int, string) {
		n := int(asked.Add(1))
		if text := texts[min(n, len(texts))-1]; text != "" {
			return http.StatusOK, text
		}
		return http.StatusServiceUnavailable, "<html>out of order</html>"
	}))
}

// rambles NAME FILE…: a mongosync at $NAME that answers each request with the next
// file, and says more behind the end of each answer.
func rambles(ts *testscript.TestScript, _ bool, args []string) {
	next := make(chan string, len(args))
	for _, file := range args[1:] {
		next <- ts.ReadFile(file)
	}
	serve(ts, args[0], http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		text := <-next
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
		time.Sleep(50 * time.Millisecond) // the answer is over
		fmt.Fprint(conn, "more of it, with a secret: hunter2")
		_, _ = conn.Read(make([]byte, 1)) // until the client has had enough
	}))
}

func fake(api string, d drill.Drill, body func() (int, string)) http.Handler {
	if api == "logpresso" {
		return &logpressotest.Server{Drill: d, Token: token, Key: key, Body: body}
	}
	return &mongosynctest.Server{Drill: d, Body: body}
}

func serve(ts *testscript.TestScript, name string, h http.Handler) {
	server := httptest.NewServer(h)
	ts.Defer(func() { server.CloseClientConnections(); server.Close() })
	ts.Setenv(name, server.URL)
}

// runs finds what no two runs share: moments, durations and addresses.
var runs = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)|("took_seconds": ?)[0-9.e-]+|127\.0\.0\.1:\d\d+`)

// plain: makes stdout such that cmp can compare it: what no two runs share is
// VARIES, and no line ends with spaces.
func plain(ts *testscript.TestScript, _ bool, _ []string) {
	stdout, stderr := ts.ReadFile("stdout"), ts.ReadFile("stderr")
	fmt.Fprint(ts.Stderr(), stderr)
	for line := range strings.Lines(stdout) {
		line = runs.ReplaceAllString(strings.TrimRight(line, " \n"), "${1}VARIES")
		fmt.Fprintln(ts.Stdout(), line)
	}
}

// A signal ends every command with the same exit code, and says nothing.
func TestInterrupted(t *testing.T) {
	slow := scripttest.NewSlow()
	server := httptest.NewServer(slow)
	defer server.Close()
	file := t.TempDir() + "/targets.yml"
	if err := os.WriteFile(file, fmt.Appendf(nil, "targets: [{name: slow, api: mongosync, url: %q}]", server.URL), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range []string{"check", "get", "watch", "wait slow"} {
		t.Run(args, func(t *testing.T) {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			var stdout, stderr bytes.Buffer
			p := &program{stdin: strings.NewReader(""), stdout: &stdout, stderr: &stderr}
			if code := p.main(ctx, append([]string{"--config.file=" + file}, strings.Fields(args)...)); code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			if stdout.Len()+stderr.Len() > 0 {
				t.Errorf("it says %q and %q, want nothing", &stdout, &stderr)
			}
		})
	}
}
