package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// licence is how modules call the files that have to come with their binaries.
var licence = regexp.MustCompile(`(?i)^((un)?licen[cs]e|notice|copying|patents)([-.].*)?$`)

// notice is the text of NOTICE: the licences of all modules that are linked into the
// programs on any of the platforms, and that of Go itself.
func notice(ctx context.Context, platforms []string) (string, error) {
	linked := map[string]string{} // module with version: its folder
	for _, platform := range platforms {
		system, arch, _ := strings.Cut(platform, "/")
		for _, m := range modules() {
			// A module that is replaced is one of this repository.
			args := append([]string{"list", "-C", m.dir, "-deps", "-f", "{{with .Module}}{{if not (or .Main .Replace)}}{{.Path}} {{.Version}}\t{{.Dir}}{{end}}{{end}}"}, m.packages()...)
			said, err := command(ctx, append(plain, "GOOS="+system, "GOARCH="+arch), "go", args...)
			if err != nil {
				return "", err
			}
			for line := range strings.Lines(said) {
				if module, dir, found := strings.Cut(strings.TrimSpace(line), "\t"); found {
					linked[module] = dir
				}
			}
		}
	}
	root, err := command(ctx, nil, "go", "env", "GOROOT")
	if err != nil {
		return "", err
	}
	linked["Go"] = strings.TrimSpace(root)

	var text strings.Builder
	text.WriteString("progress_exporter is licensed under the Apache License 2.0, see LICENSE. Its programs contain\n" +
		"the following modules, which come under the licences that stand below each.\n")
	for _, module := range slices.Sorted(maps.Keys(linked)) {
		if err := quote(&text, module, linked[module]); err != nil {
			return "", err
		}
	}
	return text.String(), nil
}

// quote adds the licences of one module. A module without any cannot be shipped.
func quote(text *strings.Builder, module, dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	found := false
	for _, entry := range entries {
		if entry.IsDir() || !licence.MatchString(entry.Name()) || filepath.Ext(entry.Name()) == ".go" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return err
		}
		found = true
		words := strings.ReplaceAll(strings.TrimSpace(string(data)), "\r\n", "\n")
		fmt.Fprintf(text, "\n%s\n%s, %s\n\n%s\n", strings.Repeat("=", 80), module, entry.Name(), words)
	}
	if !found {
		return fmt.Errorf("%s has no licence in %s", module, dir)
	}
	return nil
}
