package targets

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestExpandUnlisted proves that a directory that cannot be read is not one without
// files. A link to itself stands in for it, because root may read everything.
func TestExpandUnlisted(t *testing.T) {
	dir := write(t, map[string]string{"site/a/1.yml": "", "site/c/2.yml": "", "site/d": "", "site/.hidden/3.yml": ""})
	loop := filepath.Join(dir, "site/b")
	symlink(t, "b", loop)
	symlink(t, ".loop", filepath.Join(dir, "site/.loop"))
	why := ": cannot list the target files in it: too many levels of symbolic links"
	for _, tt := range []struct {
		name     string
		patterns []string
		want     listing
	}{
		{"found by a wildcard", []string{"site/*/*.yml"}, listing{paths: []string{"site/a/1.yml", "site/c/2.yml"}, unlisted: []File{{Path: "site/b"}}}},
		{"named", []string{"site/b/*.yml"}, listing{unlisted: []File{{Path: "site/b"}}}},
		{"once for two patterns", []string{"site/b/*.yml", "site/b/*.yaml"}, listing{unlisted: []File{{Path: "site/b"}}}},
		{"a name in it", []string{"site/b/1.yml"}, listing{paths: []string{"site/b/1.yml"}}},
		{"a name in what a wildcard found", []string{"site/*/1.yml"}, listing{paths: []string{"site/a/1.yml", "site/b/1.yml"}}},
		{"a directory above", []string{"site/b/*/*.yml"}, listing{unlisted: []File{{Path: "site/b"}}}},
		{"nothing there", []string{"none/*.yml", "site/d/*.yml", "site/a/1.yml/*", "site/a/*.json", "site/a/2.yml"}, listing{
			unmatched: []string{"none/*.yml", "site/d/*.yml", "site/a/1.yml/*", "site/a/*.json", "site/a/2.yml"},
		}},
		{"a directory", []string{"site/a", "site/[a]"}, listing{paths: []string{"site/a"}, unmatched: []string{"site/[a]"}}},
		{"a hidden one that is asked for", []string{"*/.hidden/*.yml"}, listing{paths: []string{"site/.hidden/3.yml"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			absolute := func(paths []string) []string {
				var all []string
				for _, p := range paths {
					all = append(all, filepath.Join(dir, p))
				}
				return all
			}
			for i := range tt.want.unlisted {
				f := &tt.want.unlisted[i]
				f.Path = filepath.Join(dir, f.Path)
				f.Err, f.Unread = errors.New(f.Path+why), true
			}
			tt.want.paths, tt.want.unmatched = absolute(tt.want.paths), absolute(tt.want.unmatched)
			got := expand(absolute(tt.patterns), "")
			message := cmp.Transformer("message", func(err error) string { return err.Error() })
			if diff := cmp.Diff(tt.want, got, cmp.AllowUnexported(listing{}), plainly(), cmp.FilterValues(func(a, b error) bool { return a != nil && b != nil }, message)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestExpandLikeGlob proves that where all can be read, the files are those that
// filepath.Glob finds.
func TestExpandLikeGlob(t *testing.T) {
	dir := write(t, map[string]string{"a/1.yml": "", "a/b/2.yml": "", "a/b/3.txt": "", "c[1]/4.yml": "", "5.yml": ""})
	for _, pattern := range []string{"*", "*.yml", "a/*", "*/*", "*/*/*.yml", "a/b/2.yml", "?/[b-d]/*", `c\[1\]/*.yml`, "*/4.yml", "a/../5.yml"} {
		pattern = filepath.Join(dir, pattern)
		var want []string
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range found {
			if !isDir(path) {
				want = append(want, path)
			}
		}
		if diff := cmp.Diff(want, expand([]string{pattern}, "").paths); diff != "" {
			t.Errorf("%s (-want +got):\n%s", pattern, diff)
		}
	}
}

func TestListErrorSaysWhatToDo(t *testing.T) {
	for cause, want := range map[error]string{
		syscall.EACCES: "permission denied; check the rights of the exporter's user",
		syscall.EMFILE: "too many open files; raise the limit of open files of this exporter",
		syscall.ENFILE: "too many open files in system; raise the limit of open files of this exporter",
		syscall.EIO:    "input/output error",
	} {
		err := listError("/jobs", &fs.PathError{Op: "open", Path: "/jobs", Err: cause})
		if want = "/jobs: cannot list the target files in it: " + want; err.Error() != want || !errors.Is(err, cause) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestTargetFileIsADirectory(t *testing.T) {
	dir := write(t, map[string]string{"targets.yml": "target_files: [jobs.d]", "jobs.d/a.yml": oneTarget})
	jobs := filepath.Join(dir, "jobs.d")
	if diff := cmp.Diff(map[string]string{"jobs.d": jobs + ": is a directory; write " + jobs + "/*.yml for the files in it"}, loaded(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestOwners is about which names stay with the file that has them in use.
func TestOwners(t *testing.T) {
	dir := write(t, map[string]string{
		"targets.yml":  "target_files: ['d/*', 'loop/*', 'gone/*']",
		"d/broken":     "nonsense",
		"d/still":      oneTarget,
		"d/no-longer":  "targets: []",
		"elsewhere/1x": "",
	})
	symlink(t, "loop", filepath.Join(dir, "loop"))
	c, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	inUse := map[string]string{
		"a": at("d/still"), "dropped": at("d/still"), "b": at("d/no-longer"), "c": at("d/broken"), "d": at("d/gone"),
		"e": at("loop/unknown"), "f": at("loop/sub/unknown"), "g": at("loop/.hidden"),
	}
	want := map[string]string{"a": at("d/still"), "c": at("d/broken"), "e": at("loop/unknown")}
	if diff := cmp.Diff(want, c.Owners(inUse)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := os.Remove(at("loop")); err != nil {
		t.Fatal(err)
	}
	delete(want, "e")
	if diff := cmp.Diff(want, c.Refresh().Owners(inUse)); diff != "" {
		t.Errorf("without the directory (-want +got):\n%s", diff)
	}
}
