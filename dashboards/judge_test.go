package dashboards_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
	"progress_exporter/dashboards/grafana"
)

// dash stands in cells that have no value.
const dash = "–"

// judge holds what a person reads in a drill against what has to be read there.
func judge(t *testing.T, all []dashboard, read drilled) {
	t.Run("stories", func(t *testing.T) { testStories(t, read.end) })
	t.Run("bars compare", func(t *testing.T) { testBars(t, read.end) })
	t.Run("units", func(t *testing.T) { testUnits(t, read) })
	t.Run("states have their own colours by the time", func(t *testing.T) { testBands(t, read.end) })
	for when, read := range map[string]readings{"midway": read.midway, "end": read.end} {
		t.Run(when, func(t *testing.T) {
			t.Run("trouble is on top, in its colour", func(t *testing.T) { testOnTop(t, read) })
			t.Run("only what moves has a time left", func(t *testing.T) { testTimeLeft(t, read) })
			t.Run("counts add up to all jobs", func(t *testing.T) { testAddUp(t, read) })
			t.Run("texts stay texts", func(t *testing.T) { testTexts(t, read) })
			t.Run("links lead to the row's own job", func(t *testing.T) { testLinks(t, all, read) })
		})
	}
}

// jobs are the tables with a row for each job, by the column with its name.
func jobs() map[string]string {
	return map[string]string{
		"overview.json: Jobs, those in trouble first":        "Job",
		"logpresso.json: Installs, those in trouble first":   "Install",
		"mongosync.json: Migrations, those in trouble first": "Migration",
		"mongosync.json: Processes":                          "Process",
		"mrs.json: Commands, those in trouble first":         "Target",
		"ses.json: Clusters, those in trouble first":         "Target",
	}
}

func testOnTop(t *testing.T, read readings) {
	for where, name := range jobs() {
		before := ""
		seen := map[string]bool{}
		for _, row := range read.table(t, where, "State", name) {
			word, color := row[0].Text, row[0].Color
			kind := palette.Of(word)
			if kind.Fill == "" || color != kind.Fill {
				t.Errorf("%s: %s is %q in %q, want a known word in %q", where, row[1].Text, word, color, kind.Fill)
			}
			if before != "" && palette.Urgency(word) < palette.Urgency(before) {
				t.Errorf("%s: %s, which is %s, stands below one that is %s", where, row[1].Text, word, before)
			}
			before, seen[word] = word, true
		}
		if len(seen) < 2 {
			t.Errorf("%s: the rows are %v, so that no order is tested", where, seen)
		}
	}
}

// testStories holds what is said of some jobs against the stories that were played.
func testStories(t *testing.T, read readings) {
	want := map[string]string{
		"siem-parser-pack@fail": "failed", "siem-parser-pack@stall": palette.Stalled, "siem-parser-pack@happy": "succeeded", "siem-parser-pack@cancel": "cancelled",
		"siem-parser-pack@vanish": "none", "siem-parser-pack@down": palette.CannotBeRead,
		"orders@stall": palette.Stalled, "orders@cancel": "paused", "orders@happy": "succeeded", "orders@down": palette.CannotBeRead,
		"hdfs-restart@fail": "failed", "hdfs-restart@locked": palette.CannotBeRead, "logs-prod-upgrade@fail": "failed", "logs-prod-upgrade@lost": palette.CannotBeRead,
	}
	why := map[string]string{
		"siem-parser-pack@fail": "general-error", "siem-parser-pack@happy": dash, "siem-parser-pack@down": "connect", "hdfs-restart@locked": "auth", "hdfs-restart@fail": "20019",
	}
	rows := map[string]bool{}
	jobs := read.table(t, "overview.json: Jobs, those in trouble first", "Job", "State", "Why")
	if len(jobs) == 0 || jobs[0][1].Text != "failed" {
		t.Fatalf("on top of all jobs is %+v, want one that has failed", jobs[:min(1, len(jobs))])
	}
	for _, row := range jobs {
		job := row[0].Text
		if rows[job] {
			t.Errorf("%s has two rows", job)
		}
		rows[job] = true
		if word, ok := want[job]; ok && row[1].Text != word {
			t.Errorf("%s is %s, want %s", job, row[1].Text, word)
		}
		if w, ok := why[job]; ok && !strings.HasPrefix(row[2].Text, w) {
			t.Errorf("%s: why is %q, want %q", job, row[2].Text, w)
		}
	}
	for job := range want {
		if !rows[job] {
			t.Errorf("%s has no row", job)
		}
	}
}

// testTimeLeft holds that a job which has ended, stalled or cannot be read has neither
// a time left nor a date when it will be done.
func testTimeLeft(t *testing.T, read readings) {
	moving := []string{progress.Running.String(), palette.Late}
	for where, name := range jobs() {
		for _, column := range []string{"Time left", "Done about"} {
			cells, ok := read[where].Column(column)
			if !ok {
				continue
			}
			for i, row := range read.table(t, where, "State", name) {
				if left := cells[i].Text; left != dash && !slices.Contains(moving, row[0].Text) {
					t.Errorf("%s: %s is %s, and %s is %q", where, row[1].Text, row[0].Text, column, left)
				}
			}
		}
	}
}

func testAddUp(t *testing.T, read readings) {
	sum, all := 0.0, -1.0
	for _, v := range read["overview.json: Jobs by state"].Values {
		n, ok := v.Cell.Value.(float64)
		switch {
		case !ok || v.Name == "":
			t.Errorf("a count reads %q, %q", v.Name, v.Cell.Text)
		case v.Name == "All":
			all = n
		default:
			sum += n
		}
		if kind := palette.Of(strings.ToLower(v.Name)); n > 0 && kind.Fill != "" && v.Cell.Color != kind.Fill {
			t.Errorf("%s is %s in %q, want %q", v.Name, v.Cell.Text, v.Cell.Color, kind.Fill)
		}
	}
	if rows := float64(len(read["overview.json: Jobs, those in trouble first"].Rows)); sum != all || all != rows {
		t.Errorf("the counts add up to %g, all are %g, and the table has %g rows", sum, all, rows)
	}
}

// testBands holds that what a timeline shows is said by a word in a colour of its own.
func testBands(t *testing.T, read readings) {
	for where, r := range read {
		colors := map[string]string{}
		for _, band := range r.Bands {
			for _, span := range band.States {
				if span.Text == "" || strings.ContainsAny(span.Text[:1], "-<0123456789") {
					t.Errorf("%s: %s reads %q", where, band.Name, span.Text)
				}
				if other, ok := colors[span.Text]; ok && other != span.Color || span.Color == "palette" || span.Color == "" {
					t.Errorf("%s: %s is %q and %q", where, span.Text, span.Color, other)
				}
				colors[span.Text] = span.Color
				if kind := palette.Of(span.Text); kind.Fill != "" && span.Color != kind.Fill {
					t.Errorf("%s: %s is in %q, elsewhere in %q", where, span.Text, span.Color, kind.Fill)
				}
			}
		}
		if strings.HasPrefix(where, "overview.json: State") {
			for _, word := range []string{"failed", palette.Stalled, palette.CannotBeRead, "running", "succeeded"} {
				if colors[word] == "" {
					t.Errorf("%s never shows %s", where, word)
				}
			}
		}
	}
}

// testBars holds that the longest bar of a column can be seen, when much is done.
func testBars(t *testing.T, read readings) {
	for where, r := range read {
		for i, column := range r.Columns {
			longest, bars := 0.0, false
			for _, row := range r.Rows {
				if fill := row[i].Fill; fill != nil {
					longest, bars = max(longest, *fill), true
				}
			}
			if bars && longest < 0.5 {
				t.Errorf("%s: the longest bar of %s is %.0f%% of its cell", where, column, 100*longest)
			}
		}
	}
}

// testLinks holds that each link of a row leads to a dashboard that there is, with
// variables that it has, and to this very row.
func testLinks(t *testing.T, all []dashboard, read readings) {
	variables := map[string][]string{}
	for _, d := range all {
		for _, v := range d.Templating.List {
			variables[d.UID] = append(variables[d.UID], v.Name)
		}
	}
	products := map[string]bool{}
	for where, r := range read {
		product := slices.Index(r.Columns, "Product")
		for _, row := range r.Rows {
			for _, cell := range row {
				for _, link := range cell.Links {
					uid := testLink(t, where, link, cell.Text, variables)
					products[uid] = true
					if product >= 0 && uid != "progress-"+row[product].Text {
						t.Errorf("%s: the link of %s leads to %s, but it is of %s", where, cell.Text, uid, row[product].Text)
					}
				}
			}
		}
	}
	for _, uid := range []string{"progress-logpresso", "progress-mongosync", "progress-mrs", "progress-ses"} {
		if !products[uid] {
			t.Errorf("no row leads to %s", uid)
		}
	}
}

// testLink tests one link of a row and returns the uid of the dashboard behind it.
func testLink(t *testing.T, where string, link grafana.Link, name string, variables map[string][]string) string {
	t.Helper()
	rest, inTime := strings.CutSuffix(link.URL, "&${__url_time_range}")
	address, err := url.Parse(rest)
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	uid := strings.TrimPrefix(address.Path, "/d/")
	if variables[uid] == nil || !inTime || link.Title == "" {
		t.Errorf("%s: %q of %s leads to %s, which is no dashboard, or at another time", where, link.Title, name, link.URL)
	}
	own := false
	for variable, values := range address.Query() {
		variable = strings.TrimPrefix(variable, "var-")
		if !slices.Contains(variables[uid], variable) {
			t.Errorf("%s: the link of %s sets %s, which %s has not", where, name, variable, uid)
		}
		own = own || variable != "datasource" && slices.Equal(values, []string{name})
	}
	if !own {
		t.Errorf("%s: the link of %s is not about it: %s", where, name, link.URL)
	}
	return uid
}
