//go:build unix

package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"progress_exporter/cmd/internal/scripttest"
)

// exposed is what an exporter says about the one target.
type exposed struct{ reads, jobErrors, nodeErrors, lastChange float64 }

var exposedLine = regexp.MustCompile(`(?m)^progress_(scrapes_total|job_errors_total|node_errors_total|last_change_timestamp_seconds)\{[^}]*\} (\S+)$`)

func parseExposed(page string) (x exposed) {
	for _, m := range exposedLine.FindAllStringSubmatch(page, -1) {
		v, _ := strconv.ParseFloat(m[2], 64)
		switch m[1] {
		case "scrapes_total":
			x.reads += v
		case "job_errors_total":
			x.jobErrors += v
		case "node_errors_total":
			x.nodeErrors += v
		default:
			x.lastChange = v
		}
	}
	return x
}

// TestKilled kills the program with SIGKILL at any moment of a scrape, in which an error
// has appeared, KILLS (5) times: what was said goes on, every error is counted once, and
// what moved last did so between the product's movement and the scrape that saw it.
func TestKilled(t *testing.T) {
	kills := 5
	if n, err := strconv.Atoi(os.Getenv("KILLS")); err == nil {
		kills = n
	}
	var step atomic.Int64
	codes := []string{"general-error", "disk-space-error"}
	product := onLoopback(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := step.Load()
		fmt.Fprintf(w, `{"install_progress":{"total_progress":%d,"total_node":1,"completed_node":0,"status":"in_progress","is_cancelled":false,"error_code":%q,"node_progresses":[{"node_name":"ctl-a","node_guid":"g","node_type":"control","node_progress":%d,"error_code":%q}]}}`,
			n%90, codes[n%2], n%90, codes[n%2])
	}))
	dir := t.TempDir()
	file, memory := filepath.Join(dir, "targets.yml"), filepath.Join(dir, "memory.json")
	yml := fmt.Sprintf("targets: [{name: install, api: logpresso, url: %q, http_client_config: {authorization: {credentials: %s}}, options: {token: %s}}]", product, key, token)
	if err := os.WriteFile(file, []byte(yml), 0o600); err != nil {
		t.Fatal(err)
	}
	address := freeAddress("127.0.0.1")
	start := func() *exec.Cmd {
		cmd := exec.Command("progress_exporter", "--config.file="+file, "--memory.file="+memory, "--web.listen-address="+address)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return cmd
	}
	scrape := func() exposed {
		page, err := scripttest.Page("http://" + address + "/metrics")
		for deadline := time.Now().Add(20 * time.Second); err != nil && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
			page, err = scripttest.Page("http://" + address + "/metrics")
		}
		if err != nil {
			t.Fatal(err)
		}
		return parseExposed(page)
	}
	random := rand.New(rand.NewPCG(7, 11))
	cmd := start()
	said := scrape()
	for kill := range kills {
		moved := float64(time.Now().UnixMilli()) / 1e3
		step.Add(1)
		last := make(chan exposed, 1)
		go func() {
			if page, err := scripttest.Page("http://" + address + "/metrics"); err == nil {
				last <- parseExposed(page)
			}
			close(last)
		}()
		time.Sleep(time.Duration(random.IntN(30)) * time.Millisecond) // any moment will do
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // it says that it was killed
		seen, ok := <-last
		if ok { // the scrape was quicker
			said = seen
		}
		cmd = start()
		now := scrape()
		if want := float64(step.Load() + 1); now.jobErrors != want || now.nodeErrors != want {
			t.Errorf("kill %d: %v errors of the job and %v of nodes, the product has shown %v", kill, now.jobErrors, now.nodeErrors, want)
		}
		if now.reads <= said.reads {
			t.Errorf("kill %d: %v reads after %v", kill, now.reads, said.reads)
		}
		if now.lastChange < moved || now.lastChange > float64(time.Now().UnixMilli())/1e3 || ok && now.lastChange != said.lastChange {
			t.Errorf("kill %d: moved last at %v; it did after %v, and %v was said before (%v)", kill, now.lastChange, moved, said.lastChange, ok)
		}
		said = now
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	text, err := os.ReadFile(memory)
	if err != nil || !strings.Contains(string(text), `"clean":true`) {
		t.Errorf("after a stop: %v\n%s", err, text)
	}
	for _, secret := range []string{token, key, product} {
		if strings.Contains(string(text), secret) {
			t.Errorf("%s is in the file", secret)
		}
	}
}
