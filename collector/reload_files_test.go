package collector

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"progress_exporter/collector/plan"
)

// statuses returns what the metrics say of the target files, by their names in dir.
func (c *configDir) statuses() string {
	var all []string
	for _, line := range strings.Split(c.metrics(), "\n") {
		if rest, ok := strings.CutPrefix(line, `progress_exporter_target_file_last_load_successful{file="`+c.dir+"/"); ok {
			name, value, _ := strings.Cut(rest, `"} `)
			all = append(all, name+"="+value)
		}
	}
	return strings.Join(all, " ")
}

func (c *configDir) says(what, names, statuses string) {
	c.Helper()
	if got := c.names(); got != names {
		c.Errorf("%s: targets %q, want %q", what, got, names)
	}
	if got := c.statuses(); got != statuses {
		c.Errorf("%s: files %q, want %q", what, got, statuses)
	}
}

func (c *configDir) reload() {
	c.Helper()
	if err := c.reloader.Reload(); err != nil {
		c.Fatal(err)
	}
}

// restart forgets everything but the files.
func (c *configDir) restart() {
	c.Helper()
	c.exporter.Use(&plan.Plan{})
	c.reload()
}

func (c *configDir) remove(name string) {
	c.Helper()
	if err := os.RemoveAll(filepath.Join(c.dir, name)); err != nil {
		c.Fatal(err)
	}
}

// TestNamesStayWithTheirFile proves that no target file takes a name from another.
func TestNamesStayWithTheirFile(t *testing.T) {
	c := newConfigDir(t, "target_files: ['jobs/*.yml']\ntargets: [{name: main}]")
	c.write("jobs/50.yml", "targets: [{name: a}, {name: b}]")
	c.reloader.refresh()
	c.expect(`progress_scrapes_total{api="jobs",target="a"} 1`)
	first := c.exporter.plan.Load().ByName["a"]

	c.write("jobs/10.yml", "targets: [{name: thief}, {name: a, timeout: 3s}]")
	c.reloader.refresh()
	c.says("an earlier path declares a name in use", "a b main", "jobs/10.yml=0 jobs/50.yml=1")
	if c.exporter.plan.Load().ByName["a"] != first {
		t.Error("another target has the name now")
	}
	if want := `10.yml:1: targets[1]: the name \"a\" is already taken at ` + filepath.Join(c.dir, "jobs/50.yml"); !strings.Contains(c.logged(), want) {
		t.Errorf("the log lacks %s:\n%s", want, c.logged())
	}
	c.reload()
	c.says("a reload", "a b main", "jobs/10.yml=0 jobs/50.yml=1")

	c.write("jobs/50.yml", "nonsense")
	c.reloader.refresh()
	c.says("a file that turned bad keeps its names", "a b main", "jobs/10.yml=0 jobs/50.yml=0")
	if err := os.Rename(filepath.Join(c.dir, "jobs/50.yml"), filepath.Join(c.dir, "jobs/60.yml")); err != nil {
		t.Fatal(err)
	}
	c.reloader.refresh()
	c.says("the owner is gone", "a main thief", "jobs/10.yml=1 jobs/60.yml=0")

	c.write("jobs/60.yml", "targets: [{name: a}, {name: b}]")
	c.reloader.refresh()
	c.says("the owner is the other one now", "a main thief", "jobs/10.yml=1 jobs/60.yml=0")
	c.write("jobs/10.yml", "targets: [{name: thief}, {name: main}]")
	c.reloader.refresh()
	c.says("nor is a name taken from the main file; what a file drops is free", "a b main thief", "jobs/10.yml=0 jobs/60.yml=1")

	c.write("jobs/10.yml", "targets: [{name: a}]")
	c.write("jobs/60.yml", "targets: [{name: b}, {name: thief}]")
	c.reloader.refresh()
	c.says("a swap at one time", "a b main thief", "jobs/10.yml=1 jobs/60.yml=1")
}

// TestNamesAtTheStart is about the same files without anybody who has a name in use.
func TestNamesAtTheStart(t *testing.T) {
	c := newConfigDir(t, "target_files: ['jobs/*.yml']\ntargets: [{name: main}]")
	c.write("jobs/1.yml", "targets: [{name: b}, {name: main}]")
	c.write("jobs/2.yml", "targets: [{name: b}, {name: c}]")
	c.write("jobs/3.yml", "targets: [{name: d}, {name: c}]")
	c.write("jobs/4.yml", "targets: [{name: d}]")
	c.restart()
	c.says("a refused file has no name", "b c d main", "jobs/1.yml=0 jobs/2.yml=1 jobs/3.yml=0 jobs/4.yml=1")
	c.restart()
	c.says("again", "b c d main", "jobs/1.yml=0 jobs/2.yml=1 jobs/3.yml=0 jobs/4.yml=1")
}

// TestMainFileTakesItsNames proves that the main file, which whoever runs the exporter
// writes, comes first; the target file is refused then.
func TestMainFileTakesItsNames(t *testing.T) {
	c := newConfigDir(t, "target_files: ['jobs/*.yml']\ntargets: [{name: main}]")
	c.write("jobs/1.yml", "targets: [{name: a}, {name: b}]")
	c.reloader.refresh()
	main, err := os.ReadFile(filepath.Join(c.dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	c.write("targets.yml", strings.Replace(string(main), "{name: main}", "{name: a, timeout: 3s}", 1))
	c.reload()
	c.says("the main file has the name", "a b", "jobs/1.yml=0")
	if got := c.exporter.plan.Load().ByName["a"].Timeout; got.String() != "3s" {
		t.Errorf("timeout %v, want the main file's", got)
	}
}

// TestUnreadableDirectory proves that what cannot be listed is not empty. A link to
// itself stands in for a directory without rights, which root may read all the same.
func TestUnreadableDirectory(t *testing.T) {
	c := newConfigDir(t, "target_files: ['jobs/*.yml', 'site/*/*.yml']\ntargets: [{name: main}]")
	c.write("jobs/1.yml", "targets: [{name: a}]")
	c.write("jobs/2.yml", "nonsense")
	c.write("site/x/1.yml", "targets: [{name: x}]")
	c.write("site/y/1.yml", "targets: [{name: y}]")
	c.reloader.refresh()
	healthy := "jobs/1.yml=1 jobs/2.yml=0 site/x/1.yml=1 site/y/1.yml=1"
	c.says("before", "a main x y", healthy)
	hide := func(dir string) {
		t.Helper()
		path := filepath.Join(c.dir, dir)
		if err := os.Rename(path, filepath.Join(c.dir, "away")); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(filepath.Base(path), path); err != nil {
			t.Fatal(err)
		}
	}
	show := func(dir string) {
		t.Helper()
		path := filepath.Join(c.dir, dir)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(c.dir, "away"), path); err != nil {
			t.Fatal(err)
		}
	}

	hide("jobs")
	c.write("site/y/1.yml", "targets: [{name: y}, {name: a}]")
	c.reloader.refresh()
	without := "jobs=0 jobs/1.yml=1 jobs/2.yml=0 site/x/1.yml=1 site/y/1.yml=0"
	c.says("nobody takes what is in a hidden directory", "a main x y", without)
	c.write("site/y/1.yml", "targets: [{name: y2}]")
	c.reloader.refresh()
	c.reload()
	c.reloader.refresh()
	c.says("the rest goes on", "a main x y2", "jobs=0 jobs/1.yml=1 jobs/2.yml=0 site/x/1.yml=1 site/y/1.yml=1")
	if n := strings.Count(c.logged(), `msg="a directory of target files cannot be read; what its files held before stays" err="`+filepath.Join(c.dir, "jobs")+`: cannot list`); n != 1 {
		t.Errorf("%d lines about the directory, want 1:\n%s", n, c.logged())
	}
	if strings.Contains(c.logged(), "removed=2") {
		t.Errorf("targets were removed:\n%s", c.logged())
	}
	show("jobs")
	c.reloader.refresh()
	c.says("back", "a main x y2", healthy)
	if !strings.Contains(c.logged(), `msg="a directory of target files can be read again, or is gone" directory=`+filepath.Join(c.dir, "jobs")) {
		t.Errorf("nothing about the recovery in\n%s", c.logged())
	}

	hide("site/x")
	c.reloader.refresh()
	c.says("below a wildcard", "a main x y2", "jobs/1.yml=1 jobs/2.yml=0 site/x=0 site/x/1.yml=1 site/y/1.yml=1")
	c.restart()
	c.says("a start needs nothing of it", "a main y2", "jobs/1.yml=1 jobs/2.yml=0 site/x=0 site/y/1.yml=1")
	c.remove("site/x")
	c.remove("jobs")
	c.reloader.refresh()
	c.says("what is gone is gone", "main y2", "site/y/1.yml=1")
}

func TestUnmatchedPattern(t *testing.T) {
	c := newConfigDir(t, "target_files: ['jobs/*.yml', 'none.yml']")
	c.write("jobs/1.yml", "targets: []")
	c.reload()
	want := filepath.Join(c.dir, "none.yml")
	if got := c.exporter.plan.Load().Unmatched; len(got) != 1 || got[0] != want {
		t.Errorf("unmatched %q, want %s", got, want)
	}
	if n := strings.Count(c.logged(), `msg="a pattern of target_files matches no file so far" pattern=`+want); n != 2 {
		t.Errorf("%d lines about it, want one for each load:\n%s", n, c.logged())
	}
}
