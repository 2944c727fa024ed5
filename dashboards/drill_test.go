package dashboards_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/e2e/stack"
)

// startDrill plays every story of every product, beside targets that are down, and
// lets Prometheus scrape them: from /metrics and, at the same time, from /probe.
func startDrill(t *testing.T) (*stack.Prometheus, *products) {
	products := &products{bin: stack.Build(t)}
	var targets []map[string]any
	for _, scenario := range drill.Scenarios() {
		targets = append(targets, products.play(t, scenario)...)
	}
	address := stack.StartExporter(t, products.bin, targetsFile(t, targets), "--memory.file="+filepath.Join(t.TempDir(), "memory.json"))
	config := stack.WriteFile(t, "prometheus.yml", fmt.Sprintf(`
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
rule_files: [%[2]q]
scrape_configs:
  - job_name: metrics
    static_configs: [{targets: [%[1]q]}]
  - job_name: probe
    http_sd_configs: [{url: "http://%[1]s/sd", refresh_interval: 1s}]
`, address, filepath.Join(stack.Root(t), "dashboards/alerts/progress.rules.yml")))
	return stack.StartPrometheus(t, stack.Tools(t, stack.Local), config), products
}

// products are the simulators, and proxies before one of them.
type products struct {
	bin     string
	proxies []*httptest.Server
}

// play starts a story and returns its targets. Two stories are told of others: lost
// is happy behind proxies, and locked is MRS Manager with a login that it refuses.
func (p *products) play(t *testing.T, scenario drill.Scenario) []map[string]any {
	urls := stack.StartSimulator(t, p.bin, "--scenario="+string(scenario), "--length=40s")
	targets := located(t, string(scenario), urls)
	switch scenario {
	case drill.Happy:
		proxied := map[string]string{}
		for name, address := range urls {
			proxied[name] = p.proxy(t, address)
		}
		targets = append(targets, located(t, "lost", proxied)...)
	case drill.Stall:
		for _, target := range located(t, "locked", urls) {
			if target["api"] == "mrs" {
				login := target["options"].(map[string]any)["login"].(map[string]any)
				login["username"], login["password"] = "nobody", "wrong"
				targets = append(targets, target)
			}
		}
	}
	return targets
}

// proxy puts one before an address and returns its own.
func (p *products) proxy(t *testing.T, address string) string {
	t.Helper()
	to, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	handler := httputil.NewSingleHostReverseProxy(to)
	handler.Transport = &http.Transport{DisableKeepAlives: true}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	p.proxies = append(p.proxies, server)
	return server.URL
}

// lose takes the proxies away.
func (p *products) lose() {
	for _, server := range p.proxies {
		server.CloseClientConnections()
		server.Close()
	}
}

// located returns the targets of one story at the addresses of its products.
func located(t *testing.T, story string, addresses map[string]string) []map[string]any {
	var targets []map[string]any
	for _, target := range example(t, story) {
		name, _, _ := strings.Cut(target["name"].(string), "@")
		targets = append(targets, moved(t, target, addresses[name]))
	}
	return targets
}

// example returns the targets of targets.example.yml as those of one story: each
// has the name NAME@STORY, and the same for the migration.
func example(t *testing.T, story string) []map[string]any {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(stack.Root(t), "targets.example.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Targets []map[string]any }
	if err := yaml.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, target := range file.Targets {
		target["name"] = fmt.Sprint(target["name"], "@", story)
		delete(target, "stall_after")
		if labels, _ := target["labels"].(map[string]any); labels["migration"] != nil {
			labels = maps.Clone(labels)
			labels["migration"] = fmt.Sprint(labels["migration"], "@", story)
			target["labels"] = labels
		}
	}
	return file.Targets
}

// moved returns a target with another address, wherever its own stands.
func moved(t *testing.T, target map[string]any, to string) map[string]any {
	t.Helper()
	text, err := yaml.Marshal(target)
	if err != nil {
		t.Fatal(err)
	}
	from := strings.Join(strings.SplitN(target["url"].(string), "/", 4)[:3], "/")
	var out map[string]any
	if err := yaml.Unmarshal([]byte(strings.ReplaceAll(string(text), from, to)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// targetsFile writes the configuration. Those that are down stand in a target file,
// so that there is one.
func targetsFile(t *testing.T, targets []map[string]any) string {
	t.Helper()
	var down []map[string]any
	for _, target := range example(t, "down") {
		down = append(down, moved(t, target, "http://127.0.0.1:1")) // nothing listens there
	}
	return stack.WriteFile(t, "targets.yml", encode(t, map[string]any{
		"defaults": map[string]any{
			"timeout": "900ms", "stall_after": "5s",
			"deadline": time.Now().Add(time.Hour).UTC().Format(time.RFC3339),
		},
		"target_files": []string{stack.WriteFile(t, "down.yml", encode(t, map[string]any{"targets": down}))},
		"targets":      targets,
	}))
}

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := yaml.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
