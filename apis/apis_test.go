package library_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	library "progress_exporter/apis"
	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// Every description says, of recorded or documented answers, what it is meant to:
// testdata/<name>/<case>/response.json becomes metrics.txt. The options are those of the
// case, or else those in testdata/<name>/options.yml.
func TestGolden(t *testing.T) {
	list, err := library.Descriptions(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		t.Run(d.API.Name, func(t *testing.T) {
			dir := filepath.Join("testdata", d.API.Name)
			p := collectortest.Product{API: func() progress.API { return d.API }}
			if options, err := os.ReadFile(filepath.Join(dir, "options.yml")); err == nil {
				p.Options = strings.TrimSpace(string(options))
			}
			collectortest.GoldenIn(t, p, dir)
		})
	}
}

// A file has the name of what it describes, and every case a description.
func TestNames(t *testing.T) {
	list, err := library.Descriptions(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for _, d := range list {
		described[d.API.Name] = true
		if _, err := os.Stat(d.API.Name + ".yml"); err != nil {
			t.Errorf("%s: %v", d.API.Name, err)
		}
		if d.Help == "" {
			t.Errorf("%s has no help", d.API.Name)
		}
	}
	cases, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		if !described[c.Name()] {
			t.Errorf("testdata/%s is of no description", c.Name())
		}
	}
}
