package apis_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every claim of the threat model names its test, and the test exists.
func TestSecurityClaimsHaveTests(t *testing.T) {
	doc, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	scripts := map[string]bool{}
	err = filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == ".git" || d.Name() == "build"):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".txtar"):
			scripts[strings.TrimSuffix(d.Name(), ".txtar")] = true
		case strings.HasSuffix(path, "_test.go"):
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			tests.Write(content)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`((?:Test|Fuzz)\\w+)`").FindAllStringSubmatch(string(doc), -1)
	if len(named) < 20 {
		t.Errorf("only %d tests are named", len(named))
	}
	for _, n := range named {
		if !strings.Contains(tests.String(), "\nfunc "+n[1]+"(") {
			t.Errorf("docs/security.md names %s, which does not exist", n[1])
		}
	}
	for _, list := range regexp.MustCompile("scripts? ((?:`[a-z]+`(?:, | and )?)+)").FindAllStringSubmatch(string(doc), -1) {
		for _, n := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(list[1], -1) {
			if !scripts[n[1]] {
				t.Errorf("docs/security.md names the script %s, which does not exist", n[1])
			}
		}
	}
}
