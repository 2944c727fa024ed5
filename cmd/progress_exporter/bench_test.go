package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// prometheusAccept is what Prometheus 3.5 asks for.
const prometheusAccept = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5," +
	"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"

// BenchmarkProbe asks for targets of mongosync as Prometheus does: a relay, which does
// the least that any exporter has to do (the floor), and this program. Each runs in a
// process of its own, and so does the product; cpu-ns/op is what the kernel counts for
// that process alone, its garbage collection included. Clients ask without a pause, or
// a probe begins each 15 ms, as Prometheus spreads those of 1 000 targets over its interval.
func BenchmarkProbe(b *testing.B) {
	upstream := spawn(b, "bench_product", filepath.Join("..", "..", "collector", "mongosync", "testdata", "steady", "response.json")).address
	template := filepath.Join(b.TempDir(), "answer")
	_, text := probeOnce(b, spawnExporter(b, upstream, 1, "--no-metrics.targets"), 0, "identity")
	if err := os.WriteFile(template, text, 0o600); err != nil {
		b.Fatal(err)
	}
	impls := []struct {
		name  string
		start func(b *testing.B, targets int) *process
	}{
		{"floor", func(b *testing.B, _ int) *process { return spawn(b, "bench_relay", upstream, template) }},
		{"exporter", func(b *testing.B, targets int) *process {
			return spawnExporter(b, upstream, targets, "--no-metrics.targets")
		}},
	}
	for _, encoding := range []string{"identity", "gzip"} {
		for _, l := range []load{{50, 1, 0}, {50, 8, 0}, {1000, 8, 0}, {1000, 8, 15 * time.Millisecond}} {
			for _, impl := range impls {
				b.Run(fmt.Sprintf("encoding=%s/%v/impl=%s", encoding, l, impl.name), func(b *testing.B) {
					benchProbe(b, impl.start(b, l.targets), encoding, l)
				})
			}
		}
	}
}

// load is how probes are made.
type load struct {
	targets int // probed in turn, each with a connection that is kept to it
	clients int // how many probes there are at a time, at most
	pace    time.Duration
}

// String returns what a benchmark with this load is called.
func (l load) String() string {
	if l.pace > 0 {
		return fmt.Sprintf("targets=%d/every=%v", l.targets, l.pace)
	}
	return fmt.Sprintf("targets=%d/clients=%d", l.targets, l.clients)
}

func benchProbe(b *testing.B, p *process, encoding string, l load) {
	for i := range l.targets {
		probeOnce(b, p, i, encoding) // connects
	}
	var workers sync.WaitGroup
	next := make(chan int)
	before := p.cpu(b)
	b.ResetTimer()
	for range l.clients {
		workers.Go(func() {
			for i := range next {
				probeOnce(b, p, i%l.targets, encoding)
			}
		})
	}
	began := time.Now()
	for i := range b.N {
		if l.pace > 0 {
			time.Sleep(time.Until(began.Add(time.Duration(i) * l.pace)))
		}
		next <- i
	}
	close(next)
	workers.Wait()
	b.StopTimer()
	b.ReportMetric(float64((p.cpu(b)-before).Nanoseconds())/float64(b.N), "cpu-ns/op")
}

// probeOnce asks for a target as Prometheus does and returns the answer.
func probeOnce(b *testing.B, p *process, target int, encoding string) (http.Header, []byte) {
	req, err := http.NewRequest(http.MethodGet, fmt.Sprintf("http://%s/probe?target=target-%04d", p.address, target), nil)
	if err != nil {
		b.Error(err)
		return nil, nil
	}
	req.Header = http.Header{
		"Accept": {prometheusAccept}, "Accept-Encoding": {encoding}, "User-Agent": {"Prometheus/3.5.3"},
		"X-Prometheus-Scrape-Timeout-Seconds": {"10"},
	}
	resp, err := p.client.Do(req)
	if err != nil {
		b.Error(err)
		return nil, nil
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK || encoding == "identity" && !bytes.Contains(text, []byte("\nprogress_up{")) {
		b.Errorf("HTTP %d, %v: %s", resp.StatusCode, err, text)
	}
	return resp.Header, text
}

// process is a program that was started for a benchmark.
type process struct {
	address string
	pid     int
	client  *http.Client
}

// cpu returns the CPU time that a process has taken until now.
func (p *process) cpu(b *testing.B) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.pid))
	if err != nil {
		b.Skip("the CPU time of another process is only known on Linux: ", err)
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks int64
	for _, f := range fields[11:13] { // utime and stime, of 10 ms
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// spawn starts one of the programs of TestMain that say their address.
func spawn(b *testing.B, name string, args ...string) *process {
	b.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
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
	return newProcess(strings.TrimSpace(address), cmd)
}

func newProcess(address string, cmd *exec.Cmd) *process {
	return &process{address, cmd.Process.Pid, &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 8, DisableCompression: true}}}
}

// spawnExporter starts this program, as a person does, with so many targets at upstream.
func spawnExporter(b *testing.B, upstream string, targets int, flags ...string) *process {
	b.Helper()
	var yml strings.Builder
	fmt.Fprintf(&yml, "defaults: {api: mongosync, url: 'http://%s'}\ntargets:\n", upstream)
	for i := range targets {
		fmt.Fprintf(&yml, "- {name: target-%04d}\n", i)
	}
	file := filepath.Join(b.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(yml.String()), 0o600); err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command("progress_exporter", "--config.file="+file, "--web.listen-address="+freeAddress("127.0.0.1"), "--log.level=warn")
	cmd.Args = append(cmd.Args, flags...)
	address := strings.TrimPrefix(cmd.Args[2], "--web.listen-address=")
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = cmd.Process.Signal(os.Interrupt); _ = cmd.Wait() })
	p := newProcess(address, cmd)
	for range 200 {
		if resp, err := p.client.Get("http://" + address + "/-/ready"); err == nil {
			_ = resp.Body.Close()
			return p
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.Fatal("the exporter did not start")
	return nil
}
