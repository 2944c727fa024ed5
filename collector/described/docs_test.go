package described

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The page for authors names every key that the reader takes, and no other.
func TestPageNamesKeys(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, m := range regexp.MustCompile(`(?:\.take\(|\.need\(\w+, )"(\w+)"\)`).FindAllStringSubmatch(readText(t, file), -1) {
			taken[m[1]] = true
		}
	}
	named := map[string]bool{}
	for line := range strings.Lines(section(t, "The keys")) {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cells[1], -1) {
			path := strings.Split(m[1], ".")
			if key := path[len(path)-1]; key != "NAME" {
				named[key] = true
			} else {
				named[path[0]] = true
			}
		}
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(taken)), slices.Sorted(maps.Keys(named))); diff != "" {
		t.Errorf("the keys of docs/describe.md (-code +page):\n%s", diff)
	}
}

// The page for authors lists the functions that an expression may use, and no other.
func TestPageListsFunctions(t *testing.T) {
	want := append(slices.Collect(maps.Keys(functions())), "test/1", "test/2", "capture/1", "capture/2")
	slices.Sort(want)
	var got []string
	for _, m := range regexp.MustCompile("`([a-z_]+/[0-9])`").FindAllStringSubmatch(section(t, "The jq"), -1) {
		got = append(got, m[1])
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the functions of docs/describe.md (-code +page):\n%s", diff)
	}
}

// section returns a part of the page for authors.
func section(t *testing.T, title string) string {
	t.Helper()
	_, after, found := strings.Cut(readText(t, "../../docs/describe.md"), "\n## "+title+"\n")
	if !found {
		t.Fatalf("docs/describe.md has no section %q", title)
	}
	text, _, _ := strings.Cut(after, "\n## ")
	return text
}

func readText(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
