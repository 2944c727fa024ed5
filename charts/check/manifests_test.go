package check

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write examples/kubernetes anew")

// The plain manifests are what the chart makes with examples/kubernetes/values.yaml,
// without what speaks of Helm.
func TestManifests(t *testing.T) {
	const dir = "../../examples/kubernetes"
	values, err := os.ReadFile(filepath.Join(dir, "values.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	text.WriteString("# Made from charts/progress-exporter with values.yaml, which stands beside it.\n")
	for _, o := range mustRender(t, string(values)) {
		text.WriteString("---\n")
		for line := range strings.Lines(o.text) {
			if !strings.Contains(line, "helm.sh/chart:") && !strings.Contains(line, "app.kubernetes.io/managed-by:") {
				text.WriteString(line)
			}
		}
	}
	file := filepath.Join(dir, "progress-exporter.yaml")
	if *update {
		if err := os.WriteFile(file, []byte(text.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	committed, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text.String(), string(committed)); diff != "" {
		t.Errorf("%s is not what the chart makes; write it anew with `make manifests`:\n%s", file, diff)
	}
	for _, document := range strings.Split(string(committed), "\n---\n")[1:] {
		if _, err := decode(document); err != nil {
			t.Error(err)
		}
	}
}
