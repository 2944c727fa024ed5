package dashboards_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/model"

	"progress_exporter/e2e/stack"
)

// silent are the queries for which the simulator has nothing to say. Their panels
// have others.
func silent() map[string]bool {
	return map[string]bool{
		"mongosync.json: Processes, query E":              true, // warnings: the fake mongosync has none
		"mongosync.json: May they be committed?, query F": true, // lag of DDL: it has none either
		"overview.json: Series left out, query B":         true, // fields that could not be read: the fakes' can be
	}
}

// Every query works on a real Prometheus that has scraped a whole drill, and every
// one of them, so every panel, had data.
func TestQueries(t *testing.T) {
	stack.Wanted(t)
	all := load(t)
	begin := time.Now()
	prometheus, products := startDrill(t)
	state := overviewQuery(t, all, "State over time")
	prometheus.AwaitSeries(t, `count by (target) (progress_state{state="succeeded",target=~".*@(happy|lost)"} == 1)`, 10)
	prometheus.AwaitSeries(t, "("+state+") == 2", 5)
	products.lose()
	prometheus.AwaitSeries(t, `label_replace(`+state+`, "lost", "$1", "name", ".*@(lost)") == 3 and on (lost) label_replace(vector(1), "lost", "lost", "", "")`, 4)
	// Prometheus counts steps from the beginning: the last has to fall on the end,
	// which is when the products were lost.
	end := time.Now()
	begin = end.Add(-end.Sub(begin).Truncate(time.Second))
	for i := range all {
		for _, e := range all[i].expressions(t) {
			had, err := hadData(prometheus, e, begin, end)
			switch {
			case err != nil:
				t.Errorf("%s: %v", e.where, err)
			case had == silent()[e.where]:
				t.Errorf("%s: had data %v, named as silent %[2]v:\n%[3]s", e.where, had, e.expr)
			}
		}
	}
	t.Run("readings", func(t *testing.T) { testReadings(t, prometheus, all, begin, end) })
	t.Run("states", func(t *testing.T) { testStates(t, prometheus, state) })
	t.Run("counts", func(t *testing.T) { testCounts(t, prometheus, all) })
	t.Run("whole migrations", func(t *testing.T) { testWhole(t, prometheus, overviewQuery(t, all, "Progress over time")) })
}

// everything replaces the variables as Grafana does when everything is chosen. The drill
// is played in quick motion: a job that cannot be read is so after seconds.
func everything(expr string) string {
	return strings.NewReplacer("$instance", ".*", "$api", ".*", "$migration", ".*", "$target", ".*",
		"$__rate_interval", "10s", "$__range", "5m", "[2m]", "[5s]").Replace(expr)
}

// hadData reports whether an expression had a number at any time, in a series with
// the label that is asked for.
func hadData(p *stack.Prometheus, e expression, begin, end time.Time) (bool, error) {
	expr := everything(e.expr)
	if strings.Contains(strings.ReplaceAll(expr, `"$1"`, ""), "$") {
		return false, fmt.Errorf("a variable is left in %s", expr)
	}
	matrix, err := p.QueryRange(expr, begin, end, time.Second)
	if err != nil {
		return false, err
	}
	for _, series := range matrix {
		if e.label != "" && series.Metric[model.LabelName(e.label)] == "" {
			continue
		}
		for _, point := range series.Values {
			if v := float64(point.Value); !math.IsNaN(v) && !math.IsInf(v, 0) {
				return true, nil
			}
		}
	}
	return false, nil
}

// overviewQuery returns the first query of a panel of the overview.
func overviewQuery(t *testing.T, all []dashboard, title string) string {
	t.Helper()
	for _, d := range all {
		for _, p := range d.Panels {
			if d.file == "overview.json" && p.Title == title {
				return everything(p.Targets[0].Expr)
			}
		}
	}
	t.Fatalf("the overview has no panel %s", title)
	return ""
}

// values returns an expression's present values by the name of the row. There has to be
// one for each, although all targets are scraped twice.
func values(t *testing.T, p *stack.Prometheus, expr string) map[string]float64 {
	t.Helper()
	vector, err := p.Query(expr)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, s := range vector {
		name := string(s.Metric["name"])
		if _, twice := got[name]; twice {
			t.Errorf("%s is there twice", name)
		}
		if !strings.HasSuffix(name, "@flap") { // which way those are is chance
			got[name] = float64(s.Value)
		}
	}
	return got
}

// testStates holds the numbers of the state timeline against what each story is for
// each product.
func testStates(t *testing.T, p *stack.Prometheus, expr string) {
	const failed, stalled, notReadable, cancelled, paused, succeeded, none = 1, 2, 3, 6, 10, 11, 12
	want := map[string]float64{"hdfs-restart@locked": notReadable}
	for story, states := range map[string][4]float64{ // of Logpresso, mongosync, MRS, SES
		"happy":  {succeeded, succeeded, succeeded, succeeded},
		"stall":  {stalled, stalled, stalled, stalled},
		"fail":   {failed, notReadable, failed, failed},
		"cancel": {cancelled, paused, failed, stalled}, // SES has no word for it
		"vanish": {none, none, notReadable, none},
		"lost":   {notReadable, notReadable, notReadable, notReadable},
		"down":   {notReadable, notReadable, notReadable, notReadable},
	} {
		want["siem-parser-pack@"+story] = states[0]
		want["orders@"+story] = states[1] // both processes
		want["hdfs-restart@"+story] = states[2]
		want["logs-prod-upgrade@"+story] = states[3]
	}
	if diff := cmp.Diff(want, values(t, p, expr)); diff != "" {
		t.Errorf("states (-want +got):\n%s", diff)
	}
}

// testWhole holds that a migration is shown as a whole, also where only one of its
// processes is chosen.
func testWhole(t *testing.T, p *stack.Prometheus, expr string) {
	one := strings.Replace(expr, `target=~".*"`, `target=~"orders-shard0@happy"`, -1)
	if diff := cmp.Diff(map[string]float64{"orders@happy": 1}, values(t, p, one)); diff != "" {
		t.Errorf("progress of the first of two shards (-want +got):\n%s", diff)
	}
}

// testCounts holds that the tiles of the overview count each row once.
func testCounts(t *testing.T, p *stack.Prometheus, all []dashboard) {
	sum, whole := 0.0, 0.0
	for _, d := range all {
		for _, panel := range d.Panels {
			if d.file != "overview.json" || panel.Title != "Jobs by state" {
				continue
			}
			for _, q := range panel.Targets {
				vector, err := p.Query(everything(q.Expr))
				if err != nil || len(vector) != 1 {
					t.Fatalf("query %s: %v, %v", q.RefID, vector, err)
				}
				sum, whole = sum+whole, float64(vector[0].Value) // the last counts all
			}
		}
	}
	const jobs = 4*8 + 1 // four products in six stories, lost and down; and one that is locked
	if whole != jobs || sum != jobs {
		t.Errorf("the tiles add up to %v, of %v; want %d", sum, whole, jobs)
	}
}
