package mrs_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector"
	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/mrs"
	"progress_exporter/collector/mrs/mrstest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

const password = "hunter2"

// office is an exporter whose targets are commands of one manager.
type office struct {
	manager  *mrstest.Server
	exporter *collector.Exporter
	apis     []progress.API
	config   string
	log      *collectortest.Log
}

// newOffice starts a manager of that kind and an exporter with so many targets.
func newOffice(t *testing.T, kind mrstest.Login, commands int) *office {
	t.Helper()
	o := &office{manager: &mrstest.Server{Login: kind, Username: "ops", Password: password}, apis: []progress.API{mrs.API(time.Now)}, log: &collectortest.Log{}}
	server := httptest.NewServer(o.manager)
	login := "{type: session}"
	if kind == mrstest.Ticket {
		login = fmt.Sprintf("{type: cas, username: ops, password: %s, cas_url: '%s/cas'}", password, server.URL)
	}
	var config strings.Builder
	config.WriteString("defaults: {timeout: 30s}\ntargets:\n")
	for i := range commands {
		fmt.Fprintf(&config, "- {name: c%d, api: mrs, url: '%s/web', options: {command_id: %d, login: %s}}\n", i, server.URL, i+1, login)
	}
	o.config = config.String()
	o.exporter = collector.New(o.apis, collector.Options{Concurrency: 64, TargetsOnMetrics: true, Logger: log.NewLogfmtLogger(o.log)})
	t.Cleanup(func() {
		o.exporter.Close()
		server.CloseClientConnections()
		server.Close()
	})
	o.load(t)
	return o
}

// load makes a plan of the configuration and uses it, as a reload does.
func (o *office) load(t *testing.T) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(o.config), 0o600); err != nil {
		t.Fatal(err)
	}
	plan, err := plan.Load(file, o.apis)
	if err != nil {
		t.Fatal(err)
	}
	o.exporter.Use(plan)
}

// scrape returns what Prometheus gets, scraped by so many at a time.
func (o *office) scrape(scrapers int) []string {
	texts := make([]string, scrapers)
	var all sync.WaitGroup
	for i := range texts {
		all.Go(func() {
			w := httptest.NewRecorder()
			o.exporter.Metrics().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
			texts[i] = w.Body.String()
		})
	}
	all.Wait()
	return texts
}

// want compares, in every exposition, how many lines begin with prefix and end
// with suffix.
func want(t *testing.T, texts []string, prefix, suffix string, count int) {
	t.Helper()
	for _, text := range texts {
		got := 0
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, prefix) && strings.HasSuffix(line, suffix+"\n") {
				got++
			}
		}
		if got != count {
			t.Fatalf("%d series %s…%s, want %d", got, prefix, suffix, count)
		}
		if strings.Contains(text, password) {
			t.Fatal("the password is shown")
		}
	}
}

// However many scrape how many targets, there is one login for one session, and a
// session that has expired is renewed by one.
func TestOneLoginForAll(t *testing.T) {
	for name, kind := range map[string]mrstest.Login{"cas": mrstest.Ticket, "session": mrstest.Session} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t, kind, 12)
			var logins []int
			for range 3 {
				for range 2 {
					texts := o.scrape(50)
					want(t, texts, "progress_up{", " 1", 12)
					want(t, texts, "progress_mrs_login_refusals{", " 0", 12)
					want(t, texts, "progress_mrs_login_retry_timestamp_seconds{", "", 0)
					logins = append(logins, o.manager.Logins())
				}
				o.manager.ExpireSessions()
			}
			if diff := cmp.Diff([]int{1, 1, 2, 2, 3, 3}, logins); diff != "" {
				t.Errorf("logins (-want +got):\n%s", diff)
			}
			if o.log.String() != "" {
				t.Errorf("log: %s", o.log)
			}
		})
	}
}

// A wrong password is sent once, not once for each scrape and target.
func TestWrongPassword(t *testing.T) {
	o := newOffice(t, mrstest.Ticket, 12)
	o.manager.SetPassword("another")
	for range 2 {
		texts := o.scrape(50)
		want(t, texts, "progress_up{", " 0", 12)
		want(t, texts, "progress_scrape_failure{", " 1", 12)
		want(t, texts, `progress_scrape_failure{api="mrs",error_code="",reason="auth",`, " 1", 12)
		want(t, texts, "progress_mrs_login_refusals{", " 1", 12)
		want(t, texts, "progress_mrs_login_retry_timestamp_seconds{", "", 12)
	}
	if got := o.manager.Logins(); got != 1 {
		t.Errorf("%d logins, want 1", got)
	}
	if lines := strings.Count(o.log.String(), "\n"); lines != 12 || strings.Contains(o.log.String(), password) {
		t.Errorf("%d lines in the log, want one for each target, without the password:\n%s", lines, o.log)
	}
}

// A reload keeps the session, and the memory of a refused login.
func TestReload(t *testing.T) {
	o := newOffice(t, mrstest.Ticket, 2)
	var logins []int
	for range 2 {
		want(t, o.scrape(1), "progress_up{", " 1", 2)
		logins = append(logins, o.manager.Logins())
		o.load(t)
	}
	o.manager.SetPassword("another")
	o.manager.ExpireSessions()
	for range 2 {
		want(t, o.scrape(1), "progress_mrs_login_refusals{", " 1", 2)
		logins = append(logins, o.manager.Logins())
		o.load(t)
	}
	o.config = strings.ReplaceAll(o.config, password, "another") // a password that is set right is tried at once
	o.load(t)
	want(t, o.scrape(1), "progress_up{", " 1", 2)
	logins = append(logins, o.manager.Logins())
	if diff := cmp.Diff([]int{1, 1, 2, 2, 3}, logins); diff != "" {
		t.Errorf("logins (-want +got):\n%s", diff)
	}
}
