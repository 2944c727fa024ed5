package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var aRelease = release{version: "0.1.0", revision: "0123456789ab", date: aDay}

func TestManual(t *testing.T) {
	const page = ".TH prog 1 prog, version 1 (branch: b)\n  go version: go1\n.SH \"NAME\"\nprog\n.SH \"SYNOPSIS\"\n.TP\n\\fBprog\\fR\n\n" +
		".SH \"DESCRIPTION\"\nDoes a thing. And another.\n.SH \"OPTIONS\"\n"
	const want = ".TH PROG 1 \"2026-12-01\" \"prog 0.1.0\" \"User Commands\"\n.SH \"NAME\"\nprog \\- Does a thing\n.SH \"SYNOPSIS\"\n.TP\n\\fBprog\\fR\n\n" +
		".SH \"DESCRIPTION\"\nDoes a thing. And another.\n.SH \"OPTIONS\"\n"
	if got, err := manual("prog", page, aRelease); err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	// A program that another one runs calls itself by what a person types.
	of := strings.ReplaceAll(strings.Replace(page, ".TH prog", ".TH other prog", 1), "\nprog\n", "\nother prog\n")
	if got, err := manual("prog", of, aRelease); err != nil || got != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	if got, err := manual("prog", "Usage: prog", aRelease); err == nil || got != "" {
		t.Errorf("%q, %v; want an error", got, err)
	}
}

// A program of one platform may be made of modules that those of others do without.
func TestFullest(t *testing.T) {
	for name, tc := range map[string]struct {
		of        map[string][]string
		want, err string
	}{
		"the last":     {map[string][]string{"darwin": {"a", "b"}, "linux": {"a", "b", "procfs"}}, "linux", ""},
		"of equals":    {map[string][]string{"amd64": {"a"}, "arm64": {"a"}}, "amd64", ""},
		"each its own": {map[string][]string{"darwin": {"a", "b"}, "linux": {"a", "c"}}, "", "none is made of all modules: linux lacks b, which darwin has"},
		"no program":   {nil, "", "there is none"},
	} {
		got, err := fullest(tc.of)
		if said := fmt.Sprint(err); got != tc.want || tc.err != "" && said != tc.err || tc.err == "" && err != nil {
			t.Errorf("%s: %q, %v; want %q, %s", name, got, err, tc.want, tc.err)
		}
	}
}

func TestModulesOf(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if of, err := modulesOf([]string{self}); err != nil || len(of) != 1 || of[self] == nil {
		t.Errorf("%v, %v", of, err)
	}
	if _, err := modulesOf([]string{filepath.Join(t.TempDir(), "missing")}); err == nil {
		t.Error("a program that there is not: no error")
	}
}

// Of the same commit the tool says this in a clone on Linux, and that in a work tree
// on a Mac.
func TestNormalise(t *testing.T) {
	const want = `{
  "components": [
    {
      "purl": "pkg:golang/example.com/a@v1.0.0?type=module\u0026x=progress_exporter"
    }
  ],
  "dependencies": [
    {
      "ref": "pkg:golang/progress_exporter@0.1.0?type=module"
    }
  ],
  "metadata": {
    "component": {
      "bom-ref": "pkg:golang/progress_exporter@0.1.0?type=module",
      "purl": "pkg:golang/progress_exporter@0.1.0?type=module",
      "version": "0.1.0"
    },
    "timestamp": "2026-12-01T06:00:00Z"
  }
}
`
	file := filepath.Join(t.TempDir(), "sbom.json")
	for self, machine := range map[string]string{
		`progress_exporter@v0.0.0-20261126-97de`: `goarch=amd64\u0026goos=linux\u0026`,
		`progress_exporter`:                      `goarch=arm64\u0026goos=darwin\u0026`,
	} {
		text := `{"metadata": {"timestamp": "now", "component": {"bom-ref": "pkg:golang/` + self + `?type=module", "purl": "pkg:golang/` + self + `?` + machine + `type=module"}},
			"components": [{"purl": "pkg:golang/example.com/a@v1.0.0?` + machine + `type=module\u0026x=progress_exporter"}],
			"dependencies": [{"ref": "pkg:golang/` + self + `?type=module"}]}`
		if err := put(file, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := normalise(file, aRelease); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != want {
			t.Errorf("%s, %v; want %s", got, err, want)
		}
	}
	for name, text := range map[string]string{"no component": `{"metadata": {}}`, "no JSON": `{`} {
		if err := put(file, []byte(text)); err != nil {
			t.Fatal(err)
		}
		if err := normalise(file, aRelease); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestQuote(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"LICENSE.txt": "do what\r\nyou like\n", "NOTICE": "made by me", "license.go": "package license", "README": "read me"} {
		if err := put(filepath.Join(dir, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	var text strings.Builder
	if err := quote(&text, "example.com/m v1.0.0", dir); err != nil {
		t.Fatal(err)
	}
	bar := strings.Repeat("=", 80)
	want := "\n" + bar + "\nexample.com/m v1.0.0, LICENSE.txt\n\ndo what\nyou like\n\n" + bar + "\nexample.com/m v1.0.0, NOTICE\n\nmade by me\n"
	if text.String() != want {
		t.Errorf("%q; want %q", text.String(), want)
	}
	if err := quote(&text, "example.com/m v1.0.0", filepath.Join(dir, "..", "missing")); err == nil {
		t.Error("a folder that is not there is no error")
	}
	if err := quote(&text, "example.com/n v1.0.0", t.TempDir()); err == nil || !strings.HasPrefix(err.Error(), "example.com/n v1.0.0 has no licence in ") {
		t.Error(err)
	}
}
