package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJobFileRights(t *testing.T) {
	mine := strconv.Itoa(os.Getgid())
	for _, tc := range []struct {
		name string
		file jobFile
		want os.FileMode
	}{
		{"nothing said", jobFile{}, 0o600},
		{"a group", jobFile{group: mine}, 0o640},
		{"a mode", jobFile{mode: 0o444}, 0o444},
		{"both", jobFile{mode: 0o660, group: mine}, 0o660},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.file.path = filepath.Join(t.TempDir(), "a.yml")
			pending, err := tc.file.write([]byte("content"))
			if err != nil {
				t.Fatal(err)
			}
			if err := pending.publish(); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(tc.file.path)
			if err != nil {
				t.Fatal(err)
			}
			if got := info.Mode().Perm(); got != tc.want {
				t.Errorf("rights %04o, want %04o", got, tc.want)
			}
			if got := info.Sys().(*syscall.Stat_t).Gid; strconv.Itoa(int(got)) != mine {
				t.Errorf("group %d, want %s", got, mine)
			}
			wantFiles(t, filepath.Dir(tc.file.path), map[string]string{"a.yml": "content"})
		})
	}
}

// Of two installs of one name the second leaves the first one's file alone.
func TestJobFileTwice(t *testing.T) {
	f := jobFile{path: filepath.Join(t.TempDir(), "a.yml")}
	first, err := f.write([]byte("first"))
	if err != nil {
		t.Fatal(err)
	}
	second, err := f.write([]byte("second"))
	if err != nil {
		t.Fatal(err)
	}
	if err := first.publish(); err != nil {
		t.Fatal(err)
	}
	want := "--job-file: " + f.path + " is there already; is an install of that name under way? Remove the file, or choose another name"
	if err := second.publish(); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	wantFiles(t, filepath.Dir(f.path), map[string]string{"a.yml": "first"})
}

// A file that cannot be made right is not left behind.
func TestJobFileOfAnothersGroup(t *testing.T) {
	f := jobFile{path: filepath.Join(t.TempDir(), "a.yml"), group: "no-such-group"}
	if _, err := f.write([]byte("content")); err == nil {
		t.Error("no error")
	}
	wantFiles(t, filepath.Dir(f.path), map[string]string{})
}

func TestJobFileVanished(t *testing.T) {
	pending, err := (&jobFile{path: filepath.Join(t.TempDir(), "a.yml")}).write(nil)
	if err != nil {
		t.Fatal(err)
	}
	pending.discard()
	if err := pending.publish(); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v, want that the hidden file is gone", err)
	}
}

func wantFiles(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, e := range entries {
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(content)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}
