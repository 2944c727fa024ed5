package main

import (
	"os"
	"strings"
	"testing"
)

func TestAgree(t *testing.T) {
	const released = "# Changelog\n\n## 0.2.0 / 2026-12-01\n\n* [FEATURE] A.\n\n## 0.1.0 / 2026-11-26\n"
	const before = "# Changelog\n\n## 0.2.0 / unreleased\n"
	for name, c := range map[string]struct {
		version, changelog string
		tags               []string
		tagged             bool
		err                string
	}{
		"before the release":           {version: "0.2.0", changelog: before},
		"released":                     {version: "0.2.0", changelog: released, tags: []string{"latest", "v0.2.0"}, tagged: true},
		"dated before the tag":         {version: "0.2.0", changelog: released},
		"the version was forgotten":    {version: "0.1.0", changelog: released, err: "CHANGELOG.md: the newest section is of 0.2.0, but VERSION is 0.1.0"},
		"a tag of another version":     {version: "0.2.0", changelog: released, tags: []string{"v0.1.0"}, err: "the commit is tagged v0.1.0, but VERSION is 0.2.0"},
		"tagged, but without a date":   {version: "0.2.0", changelog: before, tags: []string{"v0.2.0"}, err: "the commit is tagged v0.2.0, but CHANGELOG.md calls 0.2.0 unreleased"},
		"a section without a version":  {version: "0.2.0", changelog: "## Unreleased\n", err: `CHANGELOG.md: the newest section is "Unreleased"; want "0.2.0 / YYYY-MM-DD" or "0.2.0 / unreleased"`},
		"no section":                   {version: "0.2.0", changelog: "# Changelog\n", err: "CHANGELOG.md: has no section, which begins with ##"},
		"a version with a v":           {version: "v0.2.0", changelog: released, err: `VERSION: "v0.2.0" is not MAJOR.MINOR.PATCH`},
		"a version with leading zeros": {version: "0.02.0", changelog: released, err: `VERSION: "0.02.0" is not MAJOR.MINOR.PATCH`},
	} {
		tagged, err := agree(c.version, c.changelog, c.tags)
		said := ""
		if err != nil {
			said = err.Error()
		}
		if tagged != c.tagged || said != c.err {
			t.Errorf("%s: %v, %q; want %v, %q", name, tagged, said, c.tagged, c.err)
		}
	}
}

// Whether the repository as it is could be released is asked without git, so that
// the test passes in a copy of it, too.
func TestVersionAndChangelog(t *testing.T) {
	version, err := os.ReadFile("../../VERSION")
	if err != nil {
		t.Fatal(err)
	}
	changelog, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := agree(strings.TrimSpace(string(version)), string(changelog), nil); err != nil {
		t.Error(err)
	}
}

func TestCommandSaysWhatWentWrong(t *testing.T) {
	_, err := command(t.Context(), nil, "go", "run", "./missing")
	if err == nil || !strings.HasPrefix(err.Error(), "go run ./missing: exit status 1\n") || !strings.Contains(err.Error(), "missing: directory not found") {
		t.Error(err)
	}
}
