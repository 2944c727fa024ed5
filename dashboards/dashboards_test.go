package dashboards_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
)

var chosen = source{"prometheus", "${datasource}"}

// uids finds every data source or dashboard that is named by its uid.
var uids = regexp.MustCompile(`"uid": *"([^"]*)"`)

// A dashboard can be imported anywhere: it asks the data source that the person
// chooses, and has an own uid, so that it takes the place of its last import.
func TestImportable(t *testing.T) {
	titles := map[string]bool{}
	for _, d := range load(t) {
		if want := "progress-" + strings.TrimSuffix(d.file, ".json"); d.ID != nil || d.UID != want {
			t.Errorf("%s has the id %v and the uid %v, want none and %s", d.file, d.ID, d.UID, want)
		}
		for _, m := range uids.FindAllSubmatch(d.text, -1) {
			if uid := string(m[1]); uid != chosen.UID && uid != d.UID {
				t.Errorf("%s has the hard-coded uid %s", d.file, m[1])
			}
		}
		if titles[d.Title] || d.Title == "" || d.Description == "" {
			t.Errorf("%s has the title %q, which has to be there once, and the description %q", d.file, d.Title, d.Description)
		}
		titles[d.Title] = true
		if !slices.Contains(d.Tags, "progress_exporter") {
			t.Errorf("%s has the tags %v", d.file, d.Tags)
		}
	}
}

func TestVariables(t *testing.T) {
	want := map[string][]string{
		"overview.json":  {"datasource", "instance", "api", "target"},
		"mongosync.json": {"datasource", "instance", "migration", "target"},
		"logpresso.json": {"datasource", "instance", "target"},
		"mrs.json":       {"datasource", "instance", "target"},
		"ses.json":       {"datasource", "instance", "target"},
	}
	got := map[string][]string{}
	for _, d := range load(t) {
		for i, v := range d.Templating.List {
			got[d.file] = append(got[d.file], v.Name)
			if i == 0 && (v.Type != "datasource" || v.Query != "prometheus") {
				t.Errorf("%s: the first variable is %+v, want the data source", d.file, v)
			}
			// A series without the label belongs to all: .* matches it, .+ would not.
			if i > 0 && (v.Type != "query" || v.AllValue != ".*" || v.Datasource != chosen) {
				t.Errorf("%s: variable %+v", d.file, v)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
}

// place is a field of the grid. What is folded has one of its own.
type place struct {
	under string
	x, y  int
}

func TestPanels(t *testing.T) {
	for _, d := range load(t) {
		ids, titles, taken := map[int]bool{}, map[string]bool{}, map[place]string{}
		for _, p := range d.Panels {
			where := d.file + ": " + p.Title
			if ids[p.ID] || p.ID == 0 {
				t.Errorf("%s: id %d", where, p.ID)
			}
			if titles[p.Title] || p.Title == "" {
				t.Errorf("%s: the title is not there once", where)
			}
			ids[p.ID], titles[p.Title] = true, true
			for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
				for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
					at := place{p.under, x, y}
					if other := taken[at]; other != "" || x >= 24 {
						t.Fatalf("%s overlaps %q or the edge at %v", where, other, at)
					}
					taken[at] = p.Title
				}
			}
			if p.Type == "row" {
				continue
			}
			if !strings.HasSuffix(p.Description, ".") || p.FieldConfig.Defaults.Unit == "" || p.Datasource != chosen || len(p.Targets) == 0 {
				t.Errorf("%s: description %q, unit %q, data source %v, %d queries", where, p.Description, p.FieldConfig.Defaults.Unit, p.Datasource, len(p.Targets))
			}
			if p.Type == "timeseries" && (p.Options.Legend == nil || !p.Options.Legend.ShowLegend) {
				t.Errorf("%s has no legend", where)
			}
			for _, q := range p.Targets {
				if q.Datasource != chosen || q.RefID == "" {
					t.Errorf("%s: query %q asks %v", where, q.RefID, q.Datasource)
				}
			}
		}
	}
}

// metrics finds the names in an expression, recorded ones too. No label begins like
// this.
var metrics = regexp.MustCompile(`\bprogress[_:][a-zA-Z0-9_:]+`)

// unseen are the families that no dashboard shows.
func unseen() map[string]string {
	return map[string]string{
		"progress_work_hash":                             "is for rules: its value means nothing to a person",
		"progress_exporter_memory_file_restored_entries": "matters in the moment of a start alone; the log says it",
		"progress_exporter_memory_file_errors_total":     "is for rules: the table shows whether the file is written",
		"progress_first_seen_timestamp_seconds":          "is for rules: it tells another job from a step back",
		"progress_ended":                                 "is for rules: dashboards show the state and the date of the end",
		"progress_listed_jobs_cut":                       "is looked up when a job is missed: the rows are those that are shown",
	}
}

// The dashboards show what the code exposes, and all of it. They use no recorded
// series, so that they work without the rules.
func TestMetricsExist(t *testing.T) {
	families, shown := map[string]bool{}, map[string]bool{}
	for _, f := range collector.Families(apis.All(time.Now)) {
		families[f.Name] = true
	}
	for _, d := range load(t) {
		for _, e := range d.expressions(t) {
			for _, name := range metrics.FindAllString(e.expr, -1) {
				shown[name] = true
				if !families[name] {
					t.Errorf("%s: there is no metric %s", e.where, name)
				}
			}
		}
	}
	for name := range families {
		if _, exempt := unseen()[name]; shown[name] == exempt {
			t.Errorf("%s: shown %v, named as unseen %v", name, shown[name], exempt)
		}
	}
}
