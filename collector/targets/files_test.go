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

const oneTarget = "targets: [{name: a, api: mongosync, url: 'http://localhost'}]"

// loaded loads dir/targets.yml and returns its files: relative path to error or,
// if there is none, to the name of the first target.
func loaded(t *testing.T, dir string) map[string]string {
	t.Helper()
	c, err := Load(filepath.Join(dir, "targets.yml"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, f := range c.Files {
		name, err := filepath.Rel(dir, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case f.Err != nil:
			got[name] = f.Err.Error()
		case len(f.Targets) > 0:
			got[name] = f.Targets[0].Name
		}
	}
	return got
}

func symlink(t *testing.T, to, name string) {
	t.Helper()
	if err := os.Symlink(to, name); err != nil {
		t.Fatal(err)
	}
}

// TestTargetFilesOfConfigMap uses the layout in which Kubernetes mounts one.
func TestTargetFilesOfConfigMap(t *testing.T) {
	dir := write(t, map[string]string{
		"targets.yml":              "target_files: [jobs.d/*.yml, jobs.d/*/*.yml, jobs.d/a.yml]",
		"jobs.d/..2026_11_1/a.yml": oneTarget,
	})
	symlink(t, "..2026_11_1", filepath.Join(dir, "jobs.d/..data"))
	symlink(t, "..data/a.yml", filepath.Join(dir, "jobs.d/a.yml"))
	if diff := cmp.Diff(map[string]string{"jobs.d/a.yml": "a"}, loaded(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

func TestTargetFilesSkipped(t *testing.T) {
	dir := write(t, map[string]string{
		"targets.yml":      "target_files: ['*.yml', .shown/*.yml, ./.hidden.yml, none.yml]",
		".hidden.yml":      oneTarget,
		"dir.yml/a.yml":    oneTarget,
		".shown/a.yml":     oneTarget,
		".shown/.swap.yml": oneTarget,
	})
	if diff := cmp.Diff(map[string]string{".shown/a.yml": "a"}, loaded(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestTargetFilesUnusable proves that what cannot be read stops nothing, not even
// a pipe that nobody writes to.
func TestTargetFilesUnusable(t *testing.T) {
	dir := write(t, map[string]string{
		"targets.yml":  "target_files: [jobs.d/*]",
		"jobs.d/a.yml": oneTarget,
		"jobs.d/empty": "",
	})
	symlink(t, "nowhere", filepath.Join(dir, "jobs.d/dangling"))
	if err := syscall.Mkfifo(filepath.Join(dir, "jobs.d/pipe"), 0o600); err != nil {
		t.Fatal(err)
	}
	jobs := filepath.Join(dir, "jobs.d")
	want := map[string]string{
		"jobs.d/a.yml":    "a",
		"jobs.d/dangling": filepath.Join(jobs, "dangling") + ": cannot read it: no such file or directory; check its name",
		"jobs.d/empty":    filepath.Join(jobs, "empty") + ": the file is empty; " + noTargets,
		"jobs.d/pipe":     filepath.Join(jobs, "pipe") + ": cannot read it: is not a regular file",
	}
	if diff := cmp.Diff(want, loaded(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestTargetFilesMissingList is about the only key that a target file must have.
func TestTargetFilesMissingList(t *testing.T) {
	dir := write(t, map[string]string{"targets.yml": "target_files: [d/*]", "d/1": "x-note: a", "d/2": "targets:"})
	want := map[string]string{"d/1": filepath.Join(dir, "d/1") + ":1: targets is missing; " + noTargets}
	if diff := cmp.Diff(want, loaded(t, dir)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestReadErrorPermission stands in for a locked file, which root can read.
func TestReadErrorPermission(t *testing.T) {
	err := readError("/etc/key", &fs.PathError{Op: "open", Path: "/etc/key", Err: syscall.EACCES})
	if want := "/etc/key: cannot read it: permission denied; check the rights of the exporter's user"; err.Error() != want || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v, want %s", err, want)
	}
}
