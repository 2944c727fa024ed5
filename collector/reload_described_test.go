package collector

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/series"
)

// describing returns a main file with a described product and two targets.
func describing(state, metric string) string {
	return fmt.Sprintf(`
apis:
- {name: answer-of, request: {path: /}, state: '%s', metrics: [{name: %s, help: h, value: '7'}]}
targets: [{name: a}, {name: b, api: answer-of}]`, state, metric)
}

// What a configuration describes is a product like any other, and another description
// another product. What is wrong with one takes nothing away.
func TestDescribedProducts(t *testing.T) {
	c := newConfigDir(t, describing(`"running"`, "old"))
	file := filepath.Join(c.dir, "targets.yml")
	main, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	reload := func(with string) error {
		defaults, _, _ := strings.Cut(string(main), "\n")
		c.write("targets.yml", defaults+"\n"+with)
		return c.reloader.Reload()
	}
	c.expect(`progress_up{api="answer-of",target="b"} 1`, `progress_state{api="answer-of",state="running",target="b"} 1`,
		`progress_answer_of_old{api="answer-of",target="b"} 7`, `progress_exporter_read_failures_total{api="answer-of",reason="contract"} 0`,
		`progress_up{api="jobs",target="a"} 1`)
	before := c.exporter.plan.Load()

	for name, tc := range map[string]struct{ main, want string }{
		"a mistake":           {describing(`"running" |`, "old"), `:4:48: apis[0].state: is not jq: unexpected EOF`},
		"a name of ours":      {strings.Replace(describing(`"running"`, "old"), "answer-of", "jobs", 1), `:4: apis[0]: the name jobs is already taken by a product of the exporter; choose another`},
		"a name twice":        {strings.Replace(describing(`"running"`, "old"), "apis:", "apis:\n- {name: answer-of, request: {path: /}, state: .s}", 1), `:5: apis[1]: the name answer-of is already taken by the one at `},
		"a metric of ours":    {strings.ReplaceAll(describing(`"running"`, "ratio"), "answer-of", "total"), `:4: apis[0]: the metric progress_total_ratio is already there; choose another name for it, or for the api`},
		"one of the exporter": {strings.ReplaceAll(describing(`"running"`, "x"), "answer-of", "exporter"), `:4: apis[0]: the metric progress_exporter_x is already there; choose another name for it, or for the api`},
	} {
		err := reload(tc.main)
		if err == nil || !strings.Contains(err.Error(), file+tc.want) {
			t.Errorf("%s: %v, want %s", name, err, tc.want)
		}
	}
	c.expect(`progress_up{api="answer-of",target="b"} 1`, "progress_exporter_config_last_reload_successful 0")

	if err := reload(describing(`"running"`, "old")); err != nil {
		t.Fatal(err)
	}
	if after := c.exporter.plan.Load(); after.ByName["b"] != before.ByName["b"] || &after.APIs()[0] != &before.APIs()[0] {
		t.Error("what stayed as it was is not what it was")
	}
	if err := reload(describing(`"paused"`, "young")); err != nil {
		t.Fatal(err)
	}
	c.expect(`progress_state{api="answer-of",state="paused",target="b"} 1`, `progress_answer_of_young{api="answer-of",target="b"} 7`, `progress_scrapes_total{api="answer-of",target="b"} 3`)
	if text := c.metrics(); strings.Contains(text, "progress_answer_of_old") {
		t.Errorf("the old metric is still there:\n%s", text)
	}
	if after := c.exporter.plan.Load(); after.ByName["a"] != before.ByName["a"] {
		t.Error("a target of another product was opened anew")
	}
}

// A read of before, whose product was described anew meanwhile, has no metrics of its own.
func TestReadOfAnotherDescription(t *testing.T) {
	c := newConfigDir(t, describing(`"running"`, "old"))
	old := c.exporter.plan.Load().ByName["b"]
	snapshot := c.exporter.reader.Scrape(t.Context(), []*plan.Target{old})
	if n := len(snapshot[0].Report.Samples); n != 1 {
		t.Fatalf("%d samples, want 1", n)
	}
	other := old.API.Families[0]
	other.Name = "young"
	changed := *old.API
	changed.Families = append(changed.Families[:0:0], other)
	for f := range series.NewVocabulary([]progress.API{changed}).Expose(snapshot) {
		if strings.HasPrefix(f.Name, "progress_answer_of_") {
			t.Errorf("%s of a read that did not say it", f.Name)
		}
	}
}

// A session, and the memory of a login in vain, stay over reloads, wherever the description
// stands by then.
func TestSessionsStayOverReloads(t *testing.T) {
	var logins atomic.Int32
	product := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/login" && logins.Add(1) > 1 {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		w.Header().Set("X-Token", "t1")
		_, _ = w.Write([]byte(`{"state": "running"}`))
	}))
	defer product.Close()
	describe := func(before, user string) string {
		return fmt.Sprintf(`
%sapis:
- name: with-login
  options: {user: {}, password: {}}
  request: {path: /}
  login: {request: {path: /login, body: {user: '{{user}}', password: '{{password}}'}}, take: {header: X-Token}}
  state: .state
targets: [{name: a, api: with-login, url: '%s', options: {user: %s, password: hunter2}}]`, before, product.URL, user)
	}
	c := newConfigDir(t, describe("", "ops"))
	main, err := os.ReadFile(filepath.Join(c.dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	defaults, _, _ := strings.Cut(string(main), "\n")
	reload := func(text string) {
		t.Helper()
		c.write("targets.yml", defaults+"\n"+text)
		if err := c.reloader.Reload(); err != nil {
			t.Fatal(err)
		}
	}
	c.expect(`progress_up{api="with-login",target="a"} 1`)
	reload(describe("# one line more\n", "ops"))
	c.expect(`progress_up{api="with-login",target="a"} 1`, `progress_with_login_login_refusals{api="with-login",target="a"} 0`)
	for _, before := range []string{"", "# one line more\n"} {
		reload(describe(before, "ana"))
		c.expect(`progress_up{api="with-login",target="a"} 0`, `progress_with_login_login_refusals{api="with-login",target="a"} 1`)
	}
	if got := logins.Load(); got != 2 {
		t.Errorf("%d logins, want one of each user", got)
	}
}
