package targets

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestRefreshReadsWhatChanged proves that an old file is parsed once, and a changed or
// a young one again, by whether its targets are the same in memory.
func TestRefreshReadsWhatChanged(t *testing.T) {
	target := func(name string) string {
		return "targets: [{name: " + name + ", api: mongosync, url: 'http://localhost'}]"
	}
	names := []string{"content", "kept", "replaced", "rights", "size", "young"}
	files := map[string]string{"targets.yml": "target_files: [d/*]", "d/broken": "nonsense"}
	for _, n := range names {
		files["d/"+n] = target(n)
	}
	dir := write(t, files)
	at := func(name string) string { return filepath.Join(dir, "d", name) }
	old := time.Now().Add(-time.Hour).Truncate(time.Second)
	date := func(name string, when time.Time) {
		t.Helper()
		if err := os.Chtimes(at(name), when, when); err != nil {
			t.Fatal(err)
		}
	}
	rewrite := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, n := range append(names, "broken") {
		date(n, old)
	}
	date("young", time.Now().Add(time.Hour))
	c, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	same := func(a, b *Config) map[string]bool {
		t.Helper()
		if len(a.Files) != len(b.Files) {
			t.Fatalf("%d files, then %d", len(a.Files), len(b.Files))
		}
		got := map[string]bool{}
		for i, f := range a.Files {
			if f.Err != nil || b.Files[i].Err != nil {
				got[filepath.Base(f.Path)] = f.Err == b.Files[i].Err
			} else {
				got[filepath.Base(f.Path)] = f.Targets[0] == b.Files[i].Targets[0]
			}
		}
		return got
	}
	unchanged := c.Refresh()
	want := map[string]bool{"broken": true, "content": true, "kept": true, "replaced": true, "rights": true, "size": true, "young": false}
	if diff := cmp.Diff(want, same(c, unchanged)); diff != "" {
		t.Errorf("kept without a change (-want +got):\n%s", diff)
	}

	rewrite("content", target("CONTENT")) // of the same size, at another time
	rewrite("size", target("longer"))
	date("size", old)
	rewrite("new", target("replaced"))
	date("new", old)
	if err := os.Rename(at("new"), at("replaced")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(at("rights"), 0o600); err != nil {
		t.Fatal(err)
	}
	want = map[string]bool{"broken": true, "content": false, "kept": true, "replaced": false, "rights": false, "size": false, "young": false}
	fresh := unchanged.Refresh()
	if diff := cmp.Diff(want, same(unchanged, fresh)); diff != "" {
		t.Errorf("kept after a change (-want +got):\n%s", diff)
	}
	if got := fresh.Files[1].Targets[0].Name; got != "CONTENT" {
		t.Errorf("the changed file says %s", got)
	}
	whole, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	if same(fresh, whole)["kept"] {
		t.Error("Load has to read every file")
	}
}
