// Package alerts tests what promtool does not: that the rules, their tests, the
// runbook and the exporter speak of the same alerts and metrics.
package alerts

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/mongosync"
)

// rule is a recording or an alerting rule, as Prometheus reads it.
type rule struct {
	Record, Alert, Expr, For string
	Labels, Annotations      map[string]string
}

// history is a test of promtool, as far as it matters here.
type history struct {
	Name, Interval string
	InputSeries    []struct{ Series, Values string } `yaml:"input_series"`
	Alerts         []struct {
		Name     string      `yaml:"alertname"`
		Expected []yaml.Node `yaml:"exp_alerts"`
	} `yaml:"alert_rule_test"`
}

func decode(t *testing.T, file string, into any) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

func rules(t *testing.T) []rule {
	t.Helper()
	var file struct{ Groups []struct{ Rules []rule } }
	decode(t, "progress.rules.yml", &file)
	var all []rule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) == 0 {
		t.Fatal("progress.rules.yml holds no rules")
	}
	return all
}

func histories(t *testing.T) []history {
	t.Helper()
	files, err := filepath.Glob("*.test.yml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no *.test.yml: %v", err)
	}
	var all []history
	for _, name := range files {
		var file struct{ Tests []history }
		decode(t, name, &file)
		all = append(all, file.Tests...)
	}
	return all
}

func alertNames(all []rule) []string {
	var names []string
	for _, r := range all {
		if r.Alert != "" {
			names = append(names, r.Alert)
		}
	}
	slices.Sort(names)
	return names
}

// severityWord finds the severities in a label, which may be a template.
var severityWord = regexp.MustCompile(`(?:^|}})(\w+)(?:{{|$)`)

func TestAlertsAreComplete(t *testing.T) {
	for _, r := range rules(t) {
		if r.Alert == "" {
			continue
		}
		severities := severityWord.FindAllStringSubmatch(r.Labels["severity"], -1)
		if len(severities) == 0 {
			t.Errorf("%s: no severity in %q", r.Alert, r.Labels["severity"])
		}
		for _, s := range severities {
			if !slices.Contains([]string{"critical", "warning", "info"}, s[1]) {
				t.Errorf("%s: severity %q", r.Alert, s[1])
			}
		}
		for _, name := range []string{"summary", "description"} {
			if r.Annotations[name] == "" {
				t.Errorf("%s: no %s", r.Alert, name)
			}
		}
		if want := "runbook.md#" + strings.ToLower(r.Alert); r.Annotations["runbook_url"] != want {
			t.Errorf("%s: runbook_url is %q, want %q", r.Alert, r.Annotations["runbook_url"], want)
		}
	}
}

// The anchor of a heading is its text in lower case, so a heading for each alert is
// an anchor for each.
func TestRunbookHasEachAlert(t *testing.T) {
	text, err := os.ReadFile("runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for _, m := range regexp.MustCompile(`(?m)^### (Progress\w+)$`).FindAllStringSubmatch(string(text), -1) {
		headings = append(headings, m[1])
	}
	slices.Sort(headings)
	if diff := cmp.Diff(alertNames(rules(t)), headings); diff != "" {
		t.Errorf("alerts (-) and headings of runbook.md (+):\n%s", diff)
	}
}

func TestEachAlertHasHistories(t *testing.T) {
	fires, silent := map[string]bool{}, map[string]bool{}
	names := alertNames(rules(t))
	for _, h := range histories(t) {
		for _, a := range h.Alerts {
			if !slices.Contains(names, a.Name) {
				t.Errorf("%q tests %s, which is no alert", h.Name, a.Name)
			}
			if len(a.Expected) > 0 {
				fires[a.Name] = true
			} else {
				silent[a.Name] = true
			}
		}
	}
	for _, name := range names {
		if !fires[name] {
			t.Errorf("%s fires in no history", name)
		}
		if !silent[name] {
			t.Errorf("%s keeps quiet in no history", name)
		}
	}
}

// lagBound matches a comparison of a lag with a number, and how the rule looks at it.
var lagBound = regexp.MustCompile(`last_over_time\(progress_(?:mongosync_verification_)?lag(?:_time)?_seconds\[\w+\]\) > (\S+)`)

// The exporter and the rules agree up to which lag a process of mongosync keeps up, and the
// runbook says this number.
func TestLagIsOneNumber(t *testing.T) {
	want := strconv.Itoa(mongosync.KeptUp)
	got := map[string]string{}
	for _, r := range rules(t) {
		for _, m := range lagBound.FindAllStringSubmatch(r.Expr, -1) {
			got[r.Alert] += m[1]
		}
	}
	if diff := cmp.Diff(map[string]string{"ProgressLagNotFalling": want, "ProgressVerificationBehind": want}, got); diff != "" {
		t.Errorf("lags that the rules compare with (-want +got):\n%s", diff)
	}
	text, err := os.ReadFile("runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{"at most " + want + " seconds behind its source", "more than " + want + " s behind |", "at most " + want + " s behind, or no lag said |"} {
		if !strings.Contains(string(text), said) {
			t.Errorf("the runbook does not say %q", said)
		}
	}
}

// metricName matches the names of this exporter's metrics and of recorded ones, in
// expressions, in strings of expressions and in templates.
var metricName = regexp.MustCompile(`\bprogress[_:][a-zA-Z0-9_:]+`)

func TestMetricsExist(t *testing.T) {
	all := rules(t)
	known := map[string]bool{}
	for _, f := range collector.Families(apis.All(time.Now)) {
		known[f.Name] = true
	}
	exposed := len(known)
	for _, r := range all {
		if r.Record != "" {
			known[r.Record] = true
		}
	}
	if exposed == 0 || len(known) == exposed {
		t.Fatalf("%d metrics, %d with the recorded ones", exposed, len(known))
	}
	for _, r := range all {
		texts := []string{r.Expr}
		for _, a := range r.Annotations {
			texts = append(texts, a)
		}
		for _, name := range metricName.FindAllString(strings.Join(texts, "\n"), -1) {
			if name != "progress_exporter" && !known[name] {
				t.Errorf("%s%s uses %s, which nothing exposes", r.Record, r.Alert, name)
			}
		}
	}
	for _, h := range histories(t) {
		for _, s := range h.InputSeries {
			name, _, _ := strings.Cut(s.Series, "{")
			if name != "up" && (!known[name] || strings.Contains(name, ":")) {
				t.Errorf("%q feeds %s, which the exporter does not expose", h.Name, name)
			}
		}
	}
}
