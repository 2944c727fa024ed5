package faults

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/programs"
	"progress_exporter/collector/collectortest/race"
)

// TestMemory measures by how much bodies of 100 MB raise the peak of the memory of
// the program itself, as it is shipped, five scrapes long.
func TestMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the peak is read from /proc")
	}
	program := build(t)
	for _, f := range transferFaults() {
		if !strings.Contains(f.name, "100 MB") && f.name != "endless chunks" {
			continue
		}
		for _, c := range []struct{ targets, atMost int }{{1, 16 << 20}, {8, 80 << 20}} {
			t.Run(fmt.Sprintf("%s/%d", f.name, c.targets), func(t *testing.T) {
				p := mongosync()
				s := f.start(t, p, nil)
				health := serve(t, p.good())
				entries := []any{p.entryOf("healthy", health, "", patience)}
				for i := range c.targets {
					entries = append(entries, p.entryOf(fmt.Sprint("large-", i), s, "", patience))
				}
				d := start(t, program, entries)
				for range 1000 { // until the heap is as large as garbage may make it by itself
					d.get(t, "/probe?target=healthy")
				}
				before := d.resetPeak(t)
				for range 5 {
					fams := collectortest.Families(t, d.get(t, "/metrics"))
					for i := range c.targets {
						series(fams).wantDown(t, fmt.Sprint("large-", i), "too_large")
					}
				}
				grown := d.status(t, "VmHWM") - before
				t.Logf("%.1f MiB more", float64(grown)/(1<<20))
				if grown > c.atMost {
					t.Errorf("the peak grew by %d bytes, want at most %d", grown, c.atMost)
				}
			})
		}
	}
}

// build makes the program and returns its path.
func build(t *testing.T) string {
	t.Helper()
	bin := t.TempDir()
	programs.Build(t, "", bin, "progress_exporter/cmd/progress_exporter")
	return filepath.Join(bin, "progress_exporter")
}

// daemon is the program at work.
type daemon struct {
	pid     int
	address string
	log     *collectortest.Log
}

// start runs the program at a socket that is open already, as systemd does, so that
// nobody has to wait for it.
func start(t *testing.T, program string, targets []any) *daemon {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	socket, err := listener.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	config, err := yaml.Marshal(options{"targets": targets})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	d := &daemon{address: listener.Addr().String(), log: &collectortest.Log{}}
	ctx, kill := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, "sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"`, "sh", program, "--config.file="+file, "--web.systemd-socket")
	cmd.ExtraFiles, cmd.Stderr = []*os.File{socket}, d.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		kill()
		_ = cmd.Wait() // killed, which is no news
	})
	d.pid = cmd.Process.Pid
	return d
}

// get asks the program, which may still be starting.
func (d *daemon) get(t *testing.T, path string) string {
	t.Helper()
	return d.scrape(t, path, time.Minute)
}

// scrape returns what Prometheus would be answered, which waits for no longer than timeout.
func (d *daemon) scrape(t *testing.T, path string, timeout time.Duration) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, "http://"+d.address+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", fmt.Sprint(timeout.Seconds()))
	client := &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		t.Fatalf("%v; log:\n%s", err, d.log)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: HTTP %d, %v; log:\n%s", path, resp.StatusCode, err, d.log)
	}
	return string(body)
}

// resetPeak makes the memory in use the peak so far, and returns it.
func (d *daemon) resetPeak(t *testing.T) int {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", d.pid), []byte("5"), 0); err != nil {
		t.Fatal(err)
	}
	return d.status(t, "VmHWM")
}

// status returns a size in bytes that the kernel knows about the program.
func (d *daemon) status(t *testing.T, name string) int {
	t.Helper()
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(content), "\n"+name+":")
	size, _, _ := strings.Cut(strings.TrimSpace(rest), " kB")
	n, err := strconv.Atoi(size)
	if err != nil {
		t.Fatalf("%s in\n%s", name, content)
	}
	return n << 10
}

// TestMemoryOfManyNodes measures the peak of the program with 300 targets that answer
// with as many nodes as fit into the largest body, beside 100 in health, from its start
// on. The former are refused, the latter are read at every scrape.
func TestMemoryOfManyNodes(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the peak is read from /proc")
	}
	if race.Enabled {
		t.Skip("the products and the exporter need their time, make unit runs it without the race detector")
	}
	const hostile, healthy, atMost = 300, 100, 300 << 20
	p := logpresso()
	health := serve(t, p.good())
	for name, tc := range map[string]struct {
		entry string
		count int
	}{
		"nodes":      {`{"node_guid":"0000001"},`, 170_000},                       // refused before anything is decoded
		"few, large": {`{"node_guid":"` + strings.Repeat("0", 980) + `"},`, 4000}, // decoded
	} {
		t.Run(name, func(t *testing.T) {
			body := `{"install_progress":{"node_progresses":[` + strings.Repeat(tc.entry, tc.count) + `{}]}}`
			many := serve(t, send(http.StatusOK, body))
			var entries []any
			for i := range hostile {
				entries = append(entries, p.entryOf(fmt.Sprint("hostile-", i), many, health.url, patience))
			}
			for i := range healthy {
				entries = append(entries, p.entryOf(fmt.Sprint("healthy-", i), health, health.url, patience))
			}
			d := start(t, build(t), entries)
			for scrape := range 2 {
				ups := series(collectortest.Families(t, d.scrape(t, "/metrics", 10*time.Second))).ups()
				for i := range healthy {
					if name := fmt.Sprint("healthy-", i); ups[name] != 1 {
						t.Errorf("scrape %d: %s is not read", scrape, name)
					}
				}
			}
			peak := d.status(t, "VmHWM")
			t.Logf("%.1f MiB", float64(peak)/(1<<20))
			if peak > atMost {
				t.Errorf("the peak is %d bytes, want at most %d", peak, atMost)
			}
		})
	}
}
