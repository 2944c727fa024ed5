package collectortest

import (
	"errors"
	"flag"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Golden walks testdata/<case>/ of a product: what the product answers is in
// response.json (with its HTTP status in status, 200 if there is none), what it answers
// to a further request of the same read in response-2.json, other options than usual in
// options.yml, and what Prometheus then gets in metrics.txt.
func Golden(t *testing.T, p Product) { GoldenIn(t, p, "testdata") }

// GoldenIn is Golden for cases in another directory.
func GoldenIn(t *testing.T, p Product, dir string) {
	cases, err := filepath.Glob(filepath.Join(dir, "*", "response.json"))
	if err != nil || len(cases) == 0 {
		t.Fatalf("no %s/<case>/response.json: %v", dir, err)
	}
	for _, response := range cases {
		dir := filepath.Dir(response)
		t.Run(filepath.Base(dir), func(t *testing.T) { golden(t, p, dir) })
	}
}

func golden(t *testing.T, p Product, dir string) {
	answers := []string{read(t, filepath.Join(dir, "response.json"))}
	if second := read(t, filepath.Join(dir, "response-2.json")); second != "" {
		answers = append(answers, second)
	}
	var asked atomic.Int32
	status := http.StatusOK
	if s := read(t, filepath.Join(dir, "status")); s != "" {
		var err error
		if status, err = strconv.Atoi(strings.TrimSpace(s)); err != nil {
			t.Fatal(err)
		}
	}
	if o := read(t, filepath.Join(dir, "options.yml")); o != "" {
		p.Options = strings.TrimSpace(o)
	}
	b := newBench(t, p, patience, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		body := answers[min(int(asked.Add(1)), len(answers))-1]
		if strings.HasPrefix(strings.TrimSpace(body), "<") {
			w.Header().Set("Content-Type", "text/html")
		} else {
			w.Header().Set("Content-Type", "application/json")
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	text := b.scrape(t)
	Families(t, text)
	got := ofTargets(text)
	if p.Alone {
		got = strings.ReplaceAll(got, b.about(p), `job_id="PORT",`)
	}
	Lint(t, text)
	File(t, filepath.Join(dir, "metrics.txt"), got)
}

// File compares a text with the golden file that holds it, or writes the file with
// -update.
func File(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(read(t, file), got); diff != "" {
		t.Errorf("%s differs (-want +got); write it anew with -update if the change is meant:\n%s", file, diff)
	}
}

// read returns the content of a file, nothing if there is none.
func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(content)
}
