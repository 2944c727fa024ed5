package collector

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/progress"
)

// configDir is a configuration with target files, and what reads it.
type configDir struct {
	*testing.T
	dir      string
	exporter *Exporter
	reloader *Reloader
	log      *strings.Builder
	mu       sync.Mutex
}

func newConfigDir(t *testing.T, main string) *configDir {
	t.Helper()
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) }))
	c := &configDir{T: t, dir: t.TempDir(), log: &strings.Builder{}}
	c.write("targets.yml", "defaults: {api: jobs, url: '"+upstream.URL+"'}\n"+main)
	products := []progress.API{enginetest.JobAPI()}
	c.exporter = New(products, Options{Concurrency: 8, TargetsOnMetrics: true, Logger: log.LoggerFunc(func(kv ...any) error {
		c.mu.Lock()
		defer c.mu.Unlock()
		return log.NewLogfmtLogger(c.log).Log(kv...)
	})})
	c.reloader = NewReloader(c.exporter, filepath.Join(c.dir, "targets.yml"), products)
	t.Cleanup(func() { c.exporter.Close(); upstream.Close() })
	if err := c.reloader.Reload(); err != nil {
		t.Fatal(err)
	}
	return c
}

// write replaces a file by renaming, as everybody should.
func (c *configDir) write(name, text string) {
	c.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.Fatal(err)
	}
	if err := os.WriteFile(path+".tmp", []byte(text), 0o600); err != nil {
		c.Fatal(err)
	}
	if err := os.Rename(path+".tmp", path); err != nil {
		c.Fatal(err)
	}
}

func (c *configDir) logged() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.log.String()
}

func (c *configDir) names() string {
	var names []string
	for _, t := range c.exporter.plan.Load().Targets {
		names = append(names, t.Target)
	}
	slices.Sort(names)
	return strings.Join(names, " ")
}

func (c *configDir) metrics() string {
	_, text := enginetest.Ask(c.exporter.Metrics(), "/metrics")
	return text
}

func (c *configDir) expect(lines ...string) {
	c.Helper()
	text := c.metrics()
	for _, l := range lines {
		if !strings.Contains(text, "\n"+l+"\n") {
			c.Errorf("missing %s in\n%s", l, text)
		}
	}
}

func TestFailedReloadKeepsThePlan(t *testing.T) {
	c := newConfigDir(t, "targets: [{name: a}, {name: b}]")
	c.expect(`progress_scrapes_total{api="jobs",target="a"} 1`, "progress_exporter_config_last_reload_successful 1")
	c.write("targets.yml", "targets: [{name: a, api: nothing, url: 'http://h'}, {name: b, timeout: soon, api: jobs, url: 'http://h'}]")
	err := c.reloader.Reload()
	if err == nil || !strings.Contains(err.Error(), "timeout") || !strings.Contains(err.Error(), "unknown api") {
		t.Errorf("the error does not say everything: %v", err)
	}
	c.expect(`progress_up{api="jobs",target="a"} 1`, `progress_scrapes_total{api="jobs",target="b"} 2`, "progress_exporter_config_last_reload_successful 0")
}

func TestReloadKeepsWhatStays(t *testing.T) {
	c := newConfigDir(t, "targets: [{name: a}, {name: b}, {name: c}]")
	c.metrics()
	before := c.exporter.plan.Load().ByName
	main, _ := os.ReadFile(filepath.Join(c.dir, "targets.yml"))
	c.write("targets.yml", strings.Replace(string(main), "{name: a}, {name: b}, {name: c}", "{name: new}, {name: c, timeout: 3s}, {name: a}", 1))
	if err := c.reloader.Reload(); err != nil {
		t.Fatal(err)
	}
	after := c.exporter.plan.Load().ByName
	if after["a"] != before["a"] || after["c"] == before["c"] {
		t.Error("a target that did not change has to be taken over, one that did has to be opened anew")
	}
	c.expect(`progress_scrapes_total{api="jobs",target="a"} 2`, `progress_scrapes_total{api="jobs",target="c"} 2`, `progress_scrapes_total{api="jobs",target="new"} 1`)
	c.reloader.refresh() // of the target files alone, beside the main file as it is now
	if got := c.names(); got != "a c new" {
		t.Errorf("targets after a refresh: %s", got)
	}
	if c.exporter.ledger.Jobs() != 3 {
		t.Errorf("%d targets remembered, want 3", c.exporter.ledger.Jobs())
	}
}

func TestBadTargetFileKeepsItsContent(t *testing.T) {
	c := newConfigDir(t, "target_files: ['jobs/*.yml']")
	c.write("jobs/1.yml", "targets: [{name: one}, {name: two}]")
	c.write("jobs/2.yml", "targets: [{name: three}]")
	c.write("jobs/3.yml", "nonsense")
	c.reloader.refresh()
	if got := c.names(); got != "one three two" {
		t.Fatalf("targets %s", got)
	}
	c.write("jobs/1.yml", "targets: [{name: one, api: nothing}, {name: five}]")
	c.write("jobs/2.yml", "targets: [{name: two}, {name: four}]") // two moved here
	c.reloader.refresh()
	if got := c.names(); got != "four one two" {
		t.Errorf("targets %s, want one of the bad file's and what is new", got)
	}
	file := func(name string) string { return filepath.Join(c.dir, "jobs", name) }
	c.expect(`progress_exporter_target_file_last_load_successful{file="`+file("1.yml")+`"} 0`,
		`progress_exporter_target_file_last_load_successful{file="`+file("2.yml")+`"} 1`,
		`progress_exporter_target_file_last_load_successful{file="`+file("3.yml")+`"} 0`,
		"progress_exporter_config_last_reload_successful 1")
	c.reloader.refresh()
	if n := strings.Count(c.logged(), "a target file is wrong; what it held before stays"); n != 1 {
		t.Errorf("%d lines about one bad file, want 1:\n%s", n, c.logged())
	}
	c.write("jobs/1.yml", "targets: [{name: one}]")
	if err := os.Remove(file("3.yml")); err != nil {
		t.Fatal(err)
	}
	c.reloader.refresh()
	if !strings.Contains(c.logged(), `msg="a target file is in use again" file=`+file("1.yml")) {
		t.Errorf("nothing about the repaired file in\n%s", c.logged())
	}
	if strings.Contains(c.metrics(), "3.yml") {
		t.Error("a file that is gone is still in the metrics")
	}
}

// While the configuration is loaded over and over, with one target changing each
// time, every scrape is answered, every target is up, and no counter steps back.
func TestReloadUnderLoadLosesNothing(t *testing.T) {
	c := newConfigDir(t, "targets: [{name: a}, {name: b}, {name: c, timeout: 11s}]")
	main, err := os.ReadFile(filepath.Join(c.dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var scrapers sync.WaitGroup
	for range 4 {
		scrapers.Go(func() {
			last := map[string]float64{}
			for {
				select {
				case <-stop:
					return
				default:
				}
				status, text := enginetest.Ask(c.exporter.Metrics(), "/metrics")
				if status != http.StatusOK || strings.Count(text, "\nprogress_up{") != 3 {
					t.Errorf("HTTP %d:\n%s", status, text)
					return
				}
				for line := range strings.Lines(text) {
					name, value, _ := strings.Cut(strings.TrimSpace(line), "} ")
					switch {
					case strings.HasPrefix(name, "progress_up{") && value != "1":
						t.Errorf("a target is down: %s", line)
					case strings.HasPrefix(name, "progress_scrapes_total{"):
						n, err := strconv.ParseFloat(value, 64)
						if err != nil || n < last[name] {
							t.Errorf("%s stepped back from %v: %v", line, last[name], err)
						}
						last[name] = n
					}
				}
			}
		})
	}
	for i := range 50 {
		c.write("targets.yml", strings.Replace(string(main), "timeout: 11s", "timeout: "+strconv.Itoa(11+i)+"s", 1))
		if err := c.reloader.Reload(); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	scrapers.Wait()
	if got := c.exporter.plan.Load().ByName["c"].Timeout; got != 60*time.Second {
		t.Errorf("the last configuration is not in use: timeout %v", got)
	}
}

// Another address under the same name is another job: it inherits no end and no errors.
func TestReloadToAnotherAddress(t *testing.T) {
	c := newConfigDir(t, "targets: [{name: a}, {name: b}]")
	c.metrics()
	main, _ := os.ReadFile(filepath.Join(c.dir, "targets.yml"))
	c.write("targets.yml", strings.Replace(string(main), "{name: b}", "{name: b, url: 'http://127.0.0.1:9'}", 1))
	if err := c.reloader.Reload(); err != nil {
		t.Fatal(err)
	}
	c.expect(`progress_scrapes_total{api="jobs",target="a"} 2`, `progress_scrapes_total{api="jobs",target="b"} 1`)
	if strings.Contains(c.metrics(), `progress_last_change_timestamp_seconds{api="jobs",target="b"}`) {
		t.Error("what was seen at the old address is said of the new one")
	}
}

// The time of a reload is the engine's, so that it can be played.
func TestReloadTimeIsTheClocks(t *testing.T) {
	c := newConfigDir(t, "targets: [{name: a}]")
	at := time.Date(2026, 5, 12, 10, 0, 0, 500e6, time.UTC)
	c.exporter.opts.Now = func() time.Time { return at }
	if err := c.reloader.Reload(); err != nil {
		t.Fatal(err)
	}
	c.expect("progress_exporter_config_last_reload_success_timestamp_seconds 1.7785800005e+09")
}
