// Command generate writes the Grafana dashboards. Run it in the root of the
// repository: go run ./dashboards/generate
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if err := write("dashboards"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// dashboards returns every dashboard by the name of its file.
func dashboards() map[string]dashboard {
	return map[string]dashboard{
		"overview.json":  overview(),
		"logpresso.json": logpresso(),
		"mongosync.json": mongosync(),
		"mrs.json":       mrs(),
		"ses.json":       ses(),
	}
}

// write writes every dashboard into a folder.
func write(folder string) error {
	for name, d := range dashboards() {
		text, err := render(d)
		if err != nil {
			return fmt.Errorf("cannot write %s as JSON: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o644); err != nil {
			return fmt.Errorf("%w; the dashboards are written from the root of the repository: go run ./dashboards/generate", err)
		}
	}
	return nil
}

// render writes a dashboard as a person would like to read its changes.
func render(d dashboard) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(d)
	return text.Bytes(), err
}
