package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/targets"
)

const example = "../../targets.example.yml"

var (
	where   = regexp.MustCompile(`^(\S+) +http://(\S+)  .*\(targets\.example\.yml: port (\d+)\)$`)
	playing = regexp.MustCompile(`^playing "\w+", the happy story lasts \S+; a signal to stop \(Ctrl-C\) ends it$`)
)

// simulator is one that runs on free ports.
type simulator struct {
	addresses map[string]string // host:port by name
	replace   []string          // ports of the example by those that are listened on
}

// start runs the simulator until the test ends, and checks that it stops cleanly.
func start(t *testing.T, args ...string) simulator {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	var stderr bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"--base-port=0"}, args...), writer, &stderr)
		_ = writer.Close()
	}()
	t.Cleanup(func() {
		stop()
		_ = reader.Close()
		if c := <-code; c != 0 || stderr.Len() > 0 {
			t.Errorf("exit code %d, want 0; stderr: %s", c, &stderr)
		}
	})
	s := simulator{addresses: map[string]string{}}
	for lines := bufio.NewScanner(reader); lines.Scan(); {
		if playing.MatchString(lines.Text()) {
			return s
		}
		m := where.FindStringSubmatch(lines.Text())
		if m == nil {
			t.Fatalf("unexpected line: %s", lines.Text())
		}
		s.addresses[m[1]] = m[2]
		_, port, err := net.SplitHostPort(m[2])
		if err != nil {
			t.Fatal(err)
		}
		s.replace = append(s.replace, ":"+m[3]+" ", ":"+port+" ", ":"+m[3]+"\n", ":"+port+"\n", ":"+m[3]+"/", ":"+port+"/")
	}
	t.Fatalf("the simulator ended early: %s", &stderr)
	return s
}

// scrape returns what Prometheus gets of the example's targets.
func (s simulator) scrape(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(strings.NewReplacer(s.replace...).Replace(string(content))), 0o600); err != nil {
		t.Fatal(err)
	}
	products := apis.All(time.Now)
	plan, err := plan.Load(file, products)
	if err != nil {
		t.Fatal(err)
	}
	exporter := collector.New(products, collector.Options{Concurrency: 8, TargetsOnMetrics: true, Logger: log.NewLogfmtLogger(t.Output())})
	defer exporter.Close()
	exporter.Use(plan)
	w := httptest.NewRecorder()
	exporter.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// states returns the states of a target that are 1.
func states(text, target string) (states []string) {
	pattern := regexp.MustCompile(`(?m)^progress_state\{.*state="(\w+)".*target="` + regexp.QuoteMeta(target) + `".*\} 1$`)
	for _, m := range pattern.FindAllStringSubmatch(text, -1) {
		states = append(states, m[1])
	}
	return states
}

// Every fake is read with the example as it stands, and tells the story.
func TestExampleReadsEveryFake(t *testing.T) {
	for _, tc := range []struct {
		name, state string
		command     string // the state of a command of MRS Manager, which has no word for one that waits
		args        []string
	}{
		{"begins", "pending", "running", []string{"--length=720h"}},
		{"ends and stays ended", "succeeded", "succeeded", []string{"--length=1s", "--speed=1000"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := start(t, tc.args...)
			want, got, text := map[string][]string{}, map[string][]string{}, ""
			for _, f := range fakes() {
				want[f.name] = []string{tc.state}
			}
			want["hdfs-restart"] = []string{tc.command}
			for range 500 { // the story that ends may still go on
				text = s.scrape(t)
				for _, f := range fakes() {
					got[f.name] = states(text, f.name)
				}
				if cmp.Equal(want, got) {
					return
				}
			}
			t.Errorf("states (-want +got):\n%s\nin\n%s", cmp.Diff(want, got), text)
		})
	}
}

// The example's targets and the fakes are the same, in the same order, and show
// every product.
func TestExampleNamesEveryFake(t *testing.T) {
	config, err := targets.Load(example)
	if err != nil {
		t.Fatal(err)
	}
	var want, got []string
	for _, f := range fakes() {
		want = append(want, fmt.Sprintf("%s 127.0.0.1:%d", f.name, f.port))
	}
	shown := map[string]bool{}
	for _, target := range config.Targets {
		got = append(got, target.Name+" "+target.URL.Host)
		shown[target.API] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s differs from the fakes (-fakes +file):\n%s", example, diff)
	}
	for _, api := range apis.All(time.Now) {
		if !shown[api.Name] {
			t.Errorf("%s has no target with api: %s", example, api.Name)
		}
	}
}

func TestCredentialsAreChecked(t *testing.T) {
	s := start(t)
	const path, token = "/api/sonar/apps/install-progress", "00000000-0000-4000-8000-000000000001"
	for _, tc := range []struct {
		name, token, key string
		status           int
	}{
		{"right", token, "example-api-key", http.StatusOK},
		{"no key", token, "", http.StatusInternalServerError},
		{"wrong key", token, "another-key", http.StatusInternalServerError},
		{"no token", "", "example-api-key", http.StatusBadRequest},
	} {
		t.Run(tc.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+s.addresses["siem-parser-pack"]+path+"?token="+tc.token, nil)
			if err != nil {
				t.Fatal(err)
			}
			request.Close = true
			request.Header.Set("Authorization", "Bearer "+tc.key)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			_ = response.Body.Close()
			if response.StatusCode != tc.status {
				t.Errorf("HTTP %d, want %d", response.StatusCode, tc.status)
			}
		})
	}
}

func TestDescribe(t *testing.T) {
	f := fake{name: "siem-parser-pack", port: 18081, what: "an install"}
	for port, want := range map[int]string{
		18081: "siem-parser-pack  http://127.0.0.1:18081  an install",
		20000: "siem-parser-pack  http://127.0.0.1:20000  an install (targets.example.yml: port 18081)",
	} {
		if got := describe(f, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}
