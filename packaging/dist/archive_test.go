package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var aDay = time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC)

// tree makes the same files, at another time and with another umask each call.
func tree(t *testing.T, mode os.FileMode, at time.Time) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "exporter-1.0")
	for name, mode := range map[string]os.FileMode{"program": mode | 0o111, "docs/b.md": mode, "docs/a.md": mode} {
		path := filepath.Join(dir, name)
		if err := put(path, []byte("text of "+name)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(os.Chmod(path, mode), os.Chtimes(path, at, at)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

var entries = []string{
	"exporter-1.0/ drwxr-xr-x 2026-12-01T06:00:00Z ",
	"exporter-1.0/docs/ drwxr-xr-x 2026-12-01T06:00:00Z ",
	"exporter-1.0/docs/a.md -rw-r--r-- 2026-12-01T06:00:00Z text of docs/a.md",
	"exporter-1.0/docs/b.md -rw-r--r-- 2026-12-01T06:00:00Z text of docs/b.md",
	"exporter-1.0/program -rwxr-xr-x 2026-12-01T06:00:00Z text of program",
}

func TestArchivesAreReproducible(t *testing.T) {
	for name, write := range map[string]func(io.Writer, string, time.Time) error{"tar": writeTar, "zip": writeZip} {
		t.Run(name, func(t *testing.T) {
			var one, other bytes.Buffer
			if err := errors.Join(write(&one, tree(t, 0o600, aDay), aDay), write(&other, tree(t, 0o664, aDay.AddDate(1, 0, 0)), aDay)); err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(one.Bytes(), other.Bytes()) {
				t.Error("the same files of another time and umask make other bytes")
			}
		})
	}
}

func TestTar(t *testing.T) {
	var b bytes.Buffer
	if err := writeTar(&b, tree(t, 0o600, time.Now()), aDay); err != nil {
		t.Fatal(err)
	}
	plain, err := gzip.NewReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for archive := tar.NewReader(plain); ; {
		h, err := archive.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(archive)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %s %s %s", h.Name, h.FileInfo().Mode(), h.ModTime.UTC().Format(time.RFC3339), body))
	}
	if diff := cmp.Diff(entries, got); diff != "" {
		t.Error(diff)
	}
}

func TestZip(t *testing.T) {
	var b bytes.Buffer
	if err := writeZip(&b, tree(t, 0o600, time.Now()), aDay); err != nil {
		t.Fatal(err)
	}
	archive, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	got := []string{}
	for _, f := range archive.File {
		body := []byte{}
		if !f.FileInfo().IsDir() {
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			if body, err = io.ReadAll(r); err != nil {
				t.Fatal(err)
			}
		}
		got = append(got, fmt.Sprintf("%s %s %s %s", f.Name, f.Mode(), f.Modified.UTC().Format(time.RFC3339), body))
	}
	if diff := cmp.Diff(entries, got); diff != "" {
		t.Error(diff)
	}
}

func TestArchiveOfNothing(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	for name, write := range map[string]func(io.Writer, string, time.Time) error{"tar": writeTar, "zip": writeZip} {
		if err := write(io.Discard, missing, aDay); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s: %v; want that the folder does not exist", name, err)
		}
	}
}
