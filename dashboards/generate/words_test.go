package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The words are those of the series that the products' golden files hold: a state set
// has all of them, whatever the answer was.
func TestVocabularies(t *testing.T) {
	for _, tc := range []struct {
		metric string
		vocabulary
	}{
		{"mongosync/progress_mongosync_phase", phases()},
		{"mongosync/progress_mongosync_process_state", processStates()},
		{"mongosync/progress_mongosync_cea_stage", ceaStages()},
		{"mongosync/progress_mongosync_verification_phase", verifications()},
		{"logpresso/progress_logpresso_install_status", statuses()},
	} {
		product, metric, _ := strings.Cut(tc.metric, "/")
		files, err := filepath.Glob(filepath.Join("../../collector", product, "testdata/*/metrics.txt"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no golden files of %s: %v", product, err)
		}
		series := regexp.MustCompile(`(?m)^` + metric + `\{[^}]*\b` + tc.label + `="([^"]*)"`)
		want := map[string]bool{}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range series.FindAllSubmatch(text, -1) {
				want[string(m[1])] = true
			}
		}
		got := map[string]bool{}
		for _, w := range tc.words {
			got[w.word] = true
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("words of %s (-golden files +dashboards):\n%s", metric, diff)
		}
	}
}

func TestVocabularyNumber(t *testing.T) {
	v := vocabulary{"phase", []said{{"copy", running()}, {"done", succeeded()}}}
	got := v.number(func(m string) string { return "m{" + m + "}" })
	if want := `0 * (m{phase="copy"} == 1) + 1 or 0 * (m{phase="done"} == 1) + 2`; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if got := v.names().Options["2"]; got.Text != "done" || got.Color != color(succeeded()) {
		t.Errorf("2 stands for %+v", got)
	}
}
