package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The committed dashboards are what the generator writes, no more and no fewer.
func TestCommitted(t *testing.T) {
	var want, got []string
	for name, d := range dashboards() {
		want = append(want, name)
		text, err := render(d)
		if err != nil {
			t.Fatal(err)
		}
		committed, err := os.ReadFile(filepath.Join("..", name))
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff(string(committed), string(text)); diff != "" {
			t.Errorf("%s is not what the generator writes; run make dashboards (-committed +generated):\n%s", name, diff)
		}
	}
	files, err := filepath.Glob("../*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		got = append(got, filepath.Base(f))
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-generated +committed):\n%s", diff)
	}
}

func TestWrite(t *testing.T) {
	folder := t.TempDir()
	if err := write(folder); err != nil {
		t.Fatal(err)
	}
	for name := range dashboards() {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	const hint = "; the dashboards are written from the root of the repository: go run ./dashboards/generate"
	err := write(filepath.Join(folder, "missing"))
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasSuffix(err.Error(), hint) {
		t.Errorf("into a folder that is not there: %v", err)
	}
}
