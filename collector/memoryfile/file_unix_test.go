//go:build unix

package memoryfile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What is no file is somebody else's: it is neither written nor moved away, whatever it is
// called. A directory is what a person gives who forgot the file's name, and a device is
// what one gives who wants no file.
func TestWhatIsNoFileStays(t *testing.T) {
	dir := t.TempDir()
	kinds := map[string]func(path string) error{
		"directory": func(path string) error { return os.Mkdir(path, 0o700) },
		"pipe":      func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"link":      func(path string) error { return os.Symlink(dir, path) },
	}
	for name, create := range kinds {
		path := filepath.Join(dir, name)
		if err := create(path); err != nil {
			t.Fatal(err)
		}
		before, err := os.Lstat(path)
		if err != nil {
			t.Fatal(err)
		}
		f, _, err := Open(path)
		if err == nil || !strings.Contains(err.Error(), "is not a regular file") {
			t.Errorf("%s: opened: %v", name, err)
		}
		if err := write(t, f, noon, false); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
			t.Errorf("%s: written: %v", name, err)
		}
		_ = f.Close()
		after, err := os.Lstat(path)
		if err != nil || !os.SameFile(before, after) {
			t.Errorf("%s: it is another one now: %v", name, err)
		}
		if _, err := os.Lstat(path + ".broken"); err == nil {
			t.Errorf("%s: something is kept aside", name)
		}
	}
}

// Whoever can write to the directory cannot have another file written through a link that
// waits under the temporary file's name, nor keep the exporter waiting at a pipe there.
func TestTemporaryFileIsNew(t *testing.T) {
	dir := t.TempDir()
	victim := filepath.Join(dir, "victim")
	if err := os.WriteFile(victim, []byte("precious"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, create := range map[string]func(path string) error{
		"link":     func(path string) error { return os.Symlink(victim, path) },
		"pipe":     func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"readable": func(path string) error { return os.WriteFile(path, []byte("of a killed process"), 0o644) },
	} {
		path := filepath.Join(dir, name+".json")
		if err := create(path + ".tmp"); err != nil {
			t.Fatal(err)
		}
		f, _ := open(t, path)
		if err := write(t, f, noon, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Lstat(path); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: the file is %v, %v; want a file for its owner's eyes alone", name, info.Mode(), err)
		}
		if text, err := os.ReadFile(victim); err != nil || string(text) != "precious" {
			t.Fatalf("%s: the other file holds %q, %v", name, text, err)
		}
	}
}

// A file that is a link stays one: what it leads to is replaced.
func TestLinkStays(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "volume"), 0o700); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "memory.json")
	for _, exists := range []bool{false, true} {
		if !exists {
			if err := os.Symlink(filepath.Join("volume", "memory.json"), path); err != nil {
				t.Fatal(err)
			}
		}
		f, _ := open(t, path)
		if err := write(t, f, noon, false); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		info, err := os.Lstat(path)
		if err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("the link is %v, %v", info.Mode(), err)
		}
		if info, err := os.Lstat(filepath.Join(dir, "volume", "memory.json")); err != nil || !info.Mode().IsRegular() {
			t.Errorf("what it leads to: %v", err)
		}
	}
}

// A file that could not be read again is not written.
func TestWriteOfTooMuch(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.json")
	f, _ := open(t, path)
	if err := write(t, f, noon, false, Entry{Target: "a", API: "x", Home: "h", Created: noon}); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 1<<20)
	var lines [][]byte
	for range maxFile>>20 + 1 {
		lines = append(lines, line)
	}
	if err := f.Write(noon.Add(time.Second), false, lines, nil); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("got %v", err)
	}
	_ = f.Close()
	if _, s := open(t, path); len(s.Entries) != 1 {
		t.Error("what was there has gone")
	}
	if _, err := os.Lstat(path + ".tmp"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a temporary file is left: %v", err)
	}
}
