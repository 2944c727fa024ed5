package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"progress_exporter/cmd/internal/scripttest"
)

// commands are what the scripts can do beside running the program.
func commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"get":         get,
		"post":        post,
		"until":       scripttest.Until,
		"signal":      signalLast,
		"asked":       scripttest.Asked,
		"release":     scripttest.Release,
		"expand":      scripttest.Expand,
		"activated":   activated,
		"refused":     refused,
		"keep":        keep,
		"certificate": certificate,
		"hold":        hold,
		"letgo":       letGo,
		"line":        line,
	}
}

// get [-H 'Name: value']… [-status N] URL: asks until somebody answers, and checks
// the status (200). The body goes to stdout, the header to stderr.
func get(ts *testscript.TestScript, neg bool, args []string) { request(ts, http.MethodGet, args) }

// post is get with the method POST.
func post(ts *testscript.TestScript, neg bool, args []string) { request(ts, http.MethodPost, args) }

func request(ts *testscript.TestScript, method string, args []string) {
	want, header := "200", http.Header{}
	for len(args) > 1 {
		switch args[0] {
		case "-H":
			name, value, _ := strings.Cut(args[1], ": ")
			header.Set(name, value)
		case "-status":
			want = args[1]
		}
		args = args[2:]
	}
	client := &http.Client{
		Transport:     &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	var resp *http.Response
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		req, err := http.NewRequest(method, args[0], nil)
		ts.Check(err)
		req.Header = header
		if user, password, ok := strings.Cut(header.Get("User"), ":"); ok {
			req.SetBasicAuth(user, password)
		}
		if resp, err = client.Do(req); err == nil {
			break
		} else if time.Now().After(deadline) {
			ts.Fatalf("get %s: %v", args[0], err)
		}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	ts.Check(err)
	_, _ = ts.Stdout().Write(body)
	_ = resp.Header.Write(ts.Stderr())
	if !strings.HasPrefix(resp.Status, want) {
		ts.Fatalf("%s %s: HTTP %s, want %s\n%s", method, args[0], resp.Status, want, body)
	}
}

// signal NAME: sends HUP or TERM to the program that was started last.
func signalLast(ts *testscript.TestScript, _ bool, args []string) {
	running := ts.BackgroundCmds()
	ts.Check(running[len(running)-1].Process.Signal(map[string]os.Signal{"HUP": syscall.SIGHUP, "TERM": syscall.SIGTERM}[args[0]]))
}

// activated ARG…: runs the program as systemd would, with a socket at $ADDRESS
// already open, until /-/ready answers; then stops it.
func activated(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", ts.Getenv("ADDRESS"))
	ts.Check(err)
	socket, err := l.(*net.TCPListener).File()
	ts.Check(err)
	ts.Check(l.Close())
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "sh", append([]string{"-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec progress_exporter "$@"`, "sh"}, args...)...)
	cmd.Dir, cmd.Env = ts.Getenv("WORK"), append(os.Environ(), "PATH="+ts.Getenv("PATH"))
	var log bytes.Buffer
	cmd.ExtraFiles, cmd.Stderr = []*os.File{socket}, &log
	ts.Check(cmd.Start())
	get(ts, false, []string{"http://" + ts.Getenv("ADDRESS") + "/-/ready"})
	ts.Check(cmd.Process.Signal(syscall.SIGTERM))
	ts.Check(cmd.Wait())
	ts.Check(socket.Close())
	_, _ = log.WriteTo(ts.Stderr())
}

// refused ADDRESS: waits until nobody listens at an address any more.
func refused(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		c, err := net.Dial("tcp", args[0])
		if err != nil {
			return
		}
		_ = c.Close()
	}
	ts.Fatalf("%s still listens", args[0])
}

// keep REGEXP FILE: writes the lines of stdout that match into a file.
func keep(ts *testscript.TestScript, _ bool, args []string) {
	wanted := regexp.MustCompile(args[0])
	var kept strings.Builder
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if wanted.MatchString(line) {
			kept.WriteString(line)
		}
	}
	if kept.Len() == 0 {
		ts.Fatalf("no line matches %s", args[0])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(kept.String()), 0o600))
}

// certificate CERT KEY: writes a self-signed certificate and its key.
func certificate(ts *testscript.TestScript, _ bool, args []string) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ts.Check(err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	ts.Check(err)
	der, err := x509.MarshalPKCS8PrivateKey(private)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600))
}

// hold ADDRESS N: opens connections and says nothing, until letgo.
func hold(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	held := ts.Value("held").(*[]net.Conn)
	// From another address of loopback: their ports could be what other scripts are
	// about to listen on.
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}}
	for range n {
		c, err := dialer.Dial("tcp", args[0])
		ts.Check(err)
		*held = append(*held, c)
	}
	ts.Defer(func() { letGo(ts, false, nil) })
}

// letgo: closes the connections.
func letGo(ts *testscript.TestScript, _ bool, _ []string) {
	held := ts.Value("held").(*[]net.Conn)
	for _, c := range *held {
		_ = c.Close()
	}
	*held = nil
}

// line REGEXP FILE: waits until a line of a file matches.
func line(ts *testscript.TestScript, _ bool, args []string) {
	pattern := regexp.MustCompile("(?m)" + args[0])
	var last string
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if last = ts.ReadFile(args[1]); pattern.MatchString(last) {
			return
		}
	}
	ts.Fatalf("%s: waited in vain for %s in\n%s", args[1], args[0], last)
}
