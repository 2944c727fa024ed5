package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/crypto/bcrypt"

	"progress_exporter/cmd/internal/scripttest"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/mongosync/mongosynctest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"progress_exporter": main, "scrape": scrape,
		"bench_product": product, "bench_relay": relay, "bench_reads": reads,
	})
}

// scrape is a program of its own, so that a script can go on while it waits: it
// prints /metrics of the exporter at an address.
func scrape() {
	resp, err := http.Get("http://" + os.Args[1] + "/metrics")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(os.Stdout, resp.Body); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

const (
	token = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
	key   = "not-a-real-key"
)

// TestScripts runs the program as a person does. Every script finds products
// playing at $LOGPRESSO and $MONGOSYNC, a slow one at $SLOW, and a free address in
// $ADDRESS.
func TestScripts(t *testing.T) {
	var scripts atomic.Int32 // they are set up side by side
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(env *testscript.Env) error {
			return setup(env, fmt.Sprintf("127.0.1.%d", scripts.Add(1)))
		},
		Cmds:     commands(),
		TestWork: false,
	})
}

// setup prepares a script, whose own host is an address of loopback: on 127.0.0.1 what
// is free now may be the port of a product of another script a moment later.
func setup(env *testscript.Env, host string) error {
	half := drill.Drill{Scenario: drill.Stall, Start: time.Now().Add(-time.Hour), Length: time.Hour}
	serve := func(name string, s *httptest.Server) {
		env.Defer(func() { s.CloseClientConnections(); s.Close() })
		env.Setenv(name, s.URL)
	}
	serve("LOGPRESSO", httptest.NewServer(&logpressotest.Server{Token: token, Key: key, Drill: half}))
	serve("MONGOSYNC", httptest.NewServer(&mongosynctest.Server{Drill: half}))
	slow := scripttest.NewSlow()
	env.Values["slow"] = slow
	env.Values["held"] = &[]net.Conn{}
	serve("SLOW", httptest.NewServer(slow))
	env.Setenv("TOKEN", token)
	env.Setenv("KEY", key)
	var names []string
	for _, api := range apis.Known(time.Now) {
		names = append(names, api.Name)
	}
	env.Setenv("APIS", strings.Join(names, ", "))
	env.Setenv("ADDRESS", freeAddress(host))
	env.Setenv("ADDRESS2", freeAddress(host))
	hash, err := bcrypt.GenerateFromPassword([]byte("not-a-real-password"), bcrypt.MinCost)
	if err != nil {
		return err
	}
	env.Setenv("BCRYPT", string(hash))
	return os.MkdirAll(env.WorkDir, 0o755)
}

// freeAddress returns an address of a host that nobody listened on a moment ago.
func freeAddress(host string) string {
	l, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		panic(err)
	}
	defer l.Close()
	return l.Addr().String()
}
