package collector

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fsnotify/fsnotify"
)

// eventually waits for a condition that a change of files brings about.
func (c *configDir) eventually(what, want string, got func() string) {
	c.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for got() != want {
		if time.Now().After(deadline) {
			c.Fatalf("%s: %q, want %q\n%s", what, got(), want, c.logged())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestWatch(t *testing.T) {
	c := newConfigDir(t, "target_files: ['jobs/*.yml', 'map/*.yml']\ntargets: [{name: main}]")
	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	wg.Go(func() { c.reloader.Watch(ctx) })
	defer func() { stop(); wg.Wait() }()
	c.metrics()

	c.write("jobs/1.yml", "targets: [{name: one}]") // a directory that was not there before
	c.eventually("a file appears", "main one", c.names)
	c.write("jobs/1.yml", "targets: [{name: uno}]")
	c.eventually("a file is replaced", "main uno", c.names)
	c.write("jobs/1.yml", "targets: [{name: uno")
	c.write("jobs/2.yml", "targets: [{name: two}]")
	c.eventually("a bad file keeps its content", "main two uno", c.names)
	if err := os.RemoveAll(filepath.Join(c.dir, "jobs")); err != nil {
		t.Fatal(err)
	}
	c.eventually("a directory goes", "main", c.names)
	c.write("jobs/1.yml", "targets: [{name: back}]")
	c.eventually("and comes back", "back main", c.names)

	// A ConfigMap: the files are links into a directory that a link is turned to.
	version := func(n, text string) {
		c.write("map/.."+n+"/job.yml", text)
		if err := os.Symlink(".."+n, filepath.Join(c.dir, "map", "..data_tmp")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(c.dir, "map", "..data_tmp"), filepath.Join(c.dir, "map", "..data")); err != nil {
			t.Fatal(err)
		}
	}
	version("v1", "targets: [{name: first}]")
	if err := os.Symlink("..data/job.yml", filepath.Join(c.dir, "map", "job.yml")); err != nil {
		t.Fatal(err)
	}
	c.eventually("a ConfigMap appears", "back first main", c.names)
	version("v2", "targets: [{name: second}]")
	c.eventually("a ConfigMap changes", "back main second", c.names)
	c.expect(`progress_scrapes_total{api="jobs",target="main"} 2`)
	if strings.Contains(c.logged(), "level=error") != true {
		t.Errorf("the bad file was not logged:\n%s", c.logged())
	}
}

// What is watched is every directory of target files, the one above it, in which it
// can be replaced, and the nearest above one that is not there yet.
func TestWatchedDirectories(t *testing.T) {
	c := newConfigDir(t, "target_files: ['link/*.yml', 'sub/none/deep/*.yml']")
	c.write("v1/job.yml", "targets: []")
	c.write("sub/other", "")
	if err := os.Symlink("v1", filepath.Join(c.dir, "link")); err != nil {
		t.Fatal(err)
	}
	watcher, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	defer watcher.Close()
	c.reloader.watchDirectories(watcher)
	got := watcher.WatchList()
	slices.Sort(got)
	want := []string{c.dir, filepath.Join(c.dir, "link"), filepath.Join(c.dir, "sub")}
	if !slices.Equal(got, want) {
		t.Errorf("watched %q, want %q", got, want)
	}
}

func TestConcerns(t *testing.T) {
	patterns := []string{"/etc/p/jobs.d/*.yml", "/srv/*/jobs/*.yml"}
	for name, want := range map[string]bool{
		"/etc/p/jobs.d/a.yml": true, "/etc/p/jobs.d/..data": true, "/etc/p/jobs.d": true, "/etc/p": true,
		"/etc/p/other": false, "/etc/p/jobs.d/sub/a.yml": false, "/srv/x": true, "/srv/x/jobs": true, "/srv/x/y": false, "/srv/x/jobs/a": true,
	} {
		if got := concerns(patterns, fsnotify.Event{Name: name, Op: fsnotify.Create}); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	if concerns(patterns, fsnotify.Event{Name: "/etc/p/jobs.d/a.yml", Op: fsnotify.Chmod}) {
		t.Error("a change of a file's rights counts as a change")
	}
	for _, dir := range []string{"/etc/p/jobs.d", "/etc/p", "/srv/x"} {
		if !concerns(patterns, fsnotify.Event{Name: dir, Op: fsnotify.Chmod}) {
			t.Errorf("a change of the rights of %s does not count", dir)
		}
	}
}
