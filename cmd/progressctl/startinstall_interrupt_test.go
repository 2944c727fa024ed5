package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
)

func begun(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return server.URL
}

// At whatever moment a person breaks off, what stays is what has begun.
func TestStartInstallInterrupted(t *testing.T) {
	for _, tc := range []struct {
		name     string
		scenario drill.Scenario
		length   time.Duration
		at       string // the path of the request during which the person breaks off
		linger   string
		stays    bool
		want     string
	}{
		{"while it asks", drill.Happy, time.Hour, logpressotest.StartPath, "1h", false,
			"progressctl: sonar: internal: POST URL/api/sonar/apps/start-install: the read was cancelled: context canceled; the request was sent, so the install may have begun: look at its progress before you try again\n"},
		{"while it waits", drill.Happy, time.Hour, logpressotest.Path, "1h", true,
			"progressctl: FILE stays, because the install goes on as far as is known; remove the file when it is over\n"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			product := &logpressotest.Server{Uploaded: true, Drill: drill.Drill{Scenario: tc.scenario, Length: tc.length}}
			address := begun(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == tc.at {
					_, _ = io.Copy(io.Discard, r.Body) // else the server does not notice that the client leaves
					cancel()
					<-r.Context().Done()
					return
				}
				product.ServeHTTP(w, r)
			}))
			dir, run := beside(t, address)
			file := filepath.Join(dir, "jobs", "job.yml")
			code, _, stderr := run(ctx, "", "--target=sonar", "--wait", "--job-file="+file, "--linger="+tc.linger)
			if code != exitInterrupted {
				t.Errorf("exit code %d, want %d", code, exitInterrupted)
			}
			stderr = strings.NewReplacer(address, "URL", file, "FILE").Replace(stderr)
			if stderr != tc.want {
				t.Errorf("stderr %s\nwant %s", stderr, tc.want)
			}
			if _, err := os.Stat(file); (err == nil) != tc.stays {
				t.Errorf("the job file: %v, want it to stay: %v", err, tc.stays)
			}
		})
	}
}

// Before a terminal has given the token, Ctrl-C ends the program as well.
func TestStartInstallInterruptedAtStdin(t *testing.T) {
	dir, _ := beside(t, "http://127.0.0.1:1")
	never, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer never.Close()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var stdout, stderr bytes.Buffer
	p := &program{stdin: never, stdout: &stdout, stderr: &stderr}
	code := p.main(ctx, []string{"--config.file=" + filepath.Join(dir, "targets.yml"), "start-install", "--target=sonar", "-"})
	if code != exitInterrupted || stdout.Len()+stderr.Len() > 0 {
		t.Errorf("exit code %d, %q and %q; want 130 and nothing", code, &stdout, &stderr)
	}
}
