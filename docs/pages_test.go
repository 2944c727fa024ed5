package docs_test

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages returns the text of every page, by its name from the root of the repository.
func pages(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, file := range tracked(t) {
		if filepath.Ext(file) != ".md" || strings.Contains(file, "testdata/") {
			continue
		}
		text, err := os.ReadFile(filepath.Join("..", file))
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = string(text)
	}
	return texts
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	unsaid  = regexp.MustCompile(`[^\p{L}\p{N} _-]`) // what GitHub leaves out of an anchor
)

// anchors returns those that GitHub gives the headings of a page.
func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, m := range heading.FindAllStringSubmatch(text, -1) {
		found[strings.ReplaceAll(unsaid.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return found
}

// Links within the repository lead to a file that is there, and to a heading in it.
func TestLinks(t *testing.T) {
	texts := pages(t)
	for name, text := range texts {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			u, err := url.Parse(m[1])
			if err != nil || u.Scheme != "" {
				continue
			}
			to := name
			if u.Path != "" {
				to = path.Join(path.Dir(name), u.Path)
			}
			if _, err := os.Stat(filepath.Join("..", to)); err != nil {
				t.Errorf("%s: %s: there is no %s", name, m[1], to)
			} else if u.Fragment != "" && path.Ext(to) == ".md" && !anchors(texts[to])[u.Fragment] {
				t.Errorf("%s: %s: %s has no such heading", name, m[1], to)
			}
		}
	}
}

// Each page of docs begins with whom it is for.
func TestPagesNameTheirReader(t *testing.T) {
	for name, text := range pages(t) {
		if !strings.HasPrefix(name, "docs/") {
			continue
		}
		if _, text, _ := strings.Cut(text, "\n\n"); !strings.HasPrefix(text, "For ") {
			t.Errorf("%s begins with %.40q", name, text)
		}
	}
}

// README says how many descriptions the library has.
func TestReadmeCountsTheLibrary(t *testing.T) {
	described, err := filepath.Glob("../apis/*.yml")
	if err != nil {
		t.Fatal(err)
	}
	texts := pages(t)
	for name, want := range map[string]string{
		"README.md":        fmt.Sprintf("[%d are described](apis/README.md)", len(described)),
		"docs/describe.md": fmt.Sprintf("holds %d to copy from", len(described)),
	} {
		if !strings.Contains(texts[name], want) {
			t.Errorf("%s does not have %q", name, want)
		}
	}
}
