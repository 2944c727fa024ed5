package collector

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// What a reload finds is in the log: each mistake in a line of its own, target files
// that are wrong, and secrets that everybody can read.
func TestReloadLog(t *testing.T) {
	c := newConfigDir(t, "target_files: ['jobs/*.yml']\ntargets: [{name: a, http_client_config: {authorization: {credentials_file: key}}}]")
	main, err := os.ReadFile(filepath.Join(c.dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	lines := func(what string, want int) {
		t.Helper()
		if n := strings.Count(c.logged(), what); n != want {
			t.Errorf("%d lines with %s, want %d:\n%s", n, what, want, c.logged())
		}
	}
	c.write("key", "k")
	if err := os.Chmod(filepath.Join(c.dir, "key"), 0o604); err != nil {
		t.Fatal(err)
	}
	c.write("jobs/1.yml", "nonsense")
	if err := c.reloader.Reload(); err != nil {
		t.Fatal(err)
	}
	lines("everybody on this machine can read a secret file; chmod o-r it\" file="+filepath.Join(c.dir, "key")+" target=a", 1)
	lines(`msg="a target file is wrong; it is left out"`, 1)
	lines(`msg="Loaded the configuration"`, 2)
	c.write("targets.yml", strings.Replace(string(main), "{name: a,", "{name: b, timeout: soon}, {name: a, stall_after: later,", 1))
	if err := c.reloader.Reload(); err == nil {
		t.Error("a bad main file is in use")
	}
	lines(`msg="cannot use the configuration"`, 2)

	c.write("jobs/2.yml", "targets: [{name: two}, {name: three}]")
	c.reloader.refresh()
	lines(`msg="Target files changed" added=2 removed=0 targets=3`, 1)
	c.write("jobs/2.yml", "targets: [{name: two}]")
	c.reloader.refresh()
	lines(`msg="Target files changed" added=0 removed=1 targets=2`, 1)
	c.write("jobs/2.yml", "targets: [{name: two, timeout: 3s}]")
	c.reloader.refresh()
	lines(`msg="Target files changed" added=1 removed=1 targets=2`, 1)
	c.reloader.refresh()
	lines(`msg="Target files changed"`, 3)
	lines(`msg="a target file is wrong; it is left out"`, 1)
	lines(`msg="a target file is in use again"`, 0)
	c.write("jobs/1.yml", "targets: []")
	c.reloader.refresh()
	c.reloader.refresh()
	lines(`msg="a target file is in use again"`, 1)

	c.write("jobs/2.yml", "targets: [{name: two, http_client_config: {authorization: {credentials_file: other}}}]")
	c.write("jobs/other", "k")
	if err := os.Chmod(filepath.Join(c.dir, "jobs/other"), 0o604); err != nil {
		t.Fatal(err)
	}
	c.reloader.refresh()
	c.reloader.refresh()
	lines("chmod o-r it\" file="+filepath.Join(c.dir, "jobs/other")+" target=two", 1)
	lines("chmod o-r it", 2) // the other one was said before
}
