package library_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	library "progress_exporter/apis"
	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/race"
	"progress_exporter/collector/progress"
)

// secret is what the options of the cases hold where an option is secret.
const secret = "secret-of-the-golden"

// raced are the descriptions that the race detector watches, one that asks once and one
// that logs in before; the others have the same code, and make unit runs them without it.
var raced = []string{"rclone", "nova-live-migration"}

// TestConformLibrary drives every description through what every product has to survive.
func TestConformLibrary(t *testing.T) {
	list, err := library.Descriptions(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if race.Enabled && !slices.Contains(raced, d.API.Name) {
			continue
		}
		t.Run(d.API.Name, func(t *testing.T) {
			dir := filepath.Join("testdata", d.API.Name)
			p := collectortest.Product{API: func() progress.API { return d.API }, Options: text(t, dir, "options.yml")}
			good := &recorded{answers: []string{text(t, dir, "happy/response.json")}}
			if _, err := os.Stat(filepath.Join(dir, "happy/response-2.json")); err == nil {
				good.answers = append(good.answers, text(t, dir, "happy/response-2.json"))
			}
			collectortest.Conform(t, p, good, secret)
		})
	}
}

// recorded gives to each path that it is asked for an answer of its own, in turn.
type recorded struct {
	answers []string
	mu      sync.Mutex
	paths   []string
}

// ServeHTTP implements http.Handler.
func (p *recorded) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := 0
	for at < len(p.paths) && p.paths[at] != r.URL.Path {
		at++
	}
	if at == len(p.paths) {
		p.paths = append(p.paths, r.URL.Path)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte(p.answers[min(at, len(p.answers)-1)]))
}

func text(t *testing.T, dir, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(content))
}
