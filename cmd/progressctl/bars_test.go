package main

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// two starts two products and returns a configuration of them.
func two(t *testing.T) (install *logpressotest.Server, migration *mongosynctest.Server, file string) {
	t.Helper()
	stalled := drill.Drill{Scenario: drill.Stall, Start: time.Now().Add(-2 * time.Hour), Length: time.Hour}
	install = &logpressotest.Server{Drill: stalled}
	migration = &mongosynctest.Server{Drill: stalled}
	a, b := httptest.NewServer(install), httptest.NewServer(migration)
	t.Cleanup(func() { a.Close(); b.Close() })
	file = filepath.Join(t.TempDir(), "targets.yml")
	config := fmt.Sprintf("targets:\n- {name: install, api: logpresso, url: %q, options: {token: %s}}\n- {name: copy, api: mongosync, url: %q}\n", a.URL, token, b.URL)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return install, migration, file
}

// ago finds the part of a line that depends on the clock.
var ago = regexp.MustCompile(`(moved|ended) [0-9:]+[smh0-9]*( ago)?`)

func compareScreens(t *testing.T, want, got string) {
	t.Helper()
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(ago.ReplaceAllString(got, "$1 …"), "\n")); diff != "" {
		t.Errorf("screen (-want +got):\n%s", diff)
	}
}

func working(screen string) bool {
	return strings.Count(screen, "moved") == 2 && strings.Contains(screen, "forwarder-node-1")
}

func TestWatchInATerminal(t *testing.T) {
	install, migration, file := two(t)
	s := run(t, "NO_COLOR=1", "--config.file="+file, "watch", "--interval=100ms")
	compareScreens(t, `install             66.0 % [=================================-----------------] running moved …
  control-node-1   100.0 % [==================================================]
  data-node-1       60.0 % [==============================--------------------]
  forwarder-node-1  40.0 % [====================------------------------------]
copy                55.8 % [============================----------------------] running moved …
`, s.until("both jobs at work", working))

	done := drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-2 * time.Hour), Length: time.Hour}
	install.SetDrill(done)
	migration.Play(done)
	code, screen := s.ends()
	if code != exitReached {
		t.Errorf("exit code %d, want %d", code, exitReached)
	}
	compareScreens(t, `install            100.0 % [==============================================] succeeded ended …
  control-node-1   100.0 % [==============================================]
  data-node-1      100.0 % [==============================================]
  forwarder-node-1 100.0 % [==============================================]
copy               100.0 % [==============================================] succeeded ended …
`, screen)
	if strings.Contains(s.raw.String(), "\x1b[3") {
		t.Error("there are colours in spite of NO_COLOR")
	}
}

// After a failed read a job stays where it was, and is said to be unreadable. What
// the product does not say has no bar, for an empty one would say 0.
func TestWatchWithoutRatios(t *testing.T) {
	install, migration, file := two(t)
	s := run(t, "NO_COLOR=1", "--config.file="+file, "watch", "--interval=100ms")
	s.until("both jobs at work", working)
	install.SetKey("another key")
	migration.Play(drill.Drill{})
	got := s.until("the changes", func(screen string) bool {
		return strings.Contains(screen, "cannot be read") && strings.Contains(screen, "none")
	})
	compareScreens(t, `install             66.0 % [============================---------------] cannot be read auth
  control-node-1   100.0 % [===========================================]
  data-node-1       60.0 % [==========================-----------------]
  forwarder-node-1  40.0 % [=================--------------------------]
copy                     -                                               none           moved …
`, got)

	install.SetKey("")
	install.SetDrill(drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-2 * time.Hour), Length: time.Hour})
	if code, _ := s.ends(); code != exitFailed {
		t.Errorf("exit code %d, want %d: one of the jobs vanished", code, exitFailed)
	}
}

// Of more jobs than lines the one in trouble is seen, the others are counted, and all are
// listed at the end.
func TestWatchOfMoreJobsThanLines(t *testing.T) {
	story := func(s drill.Scenario) *logpressotest.Server {
		return &logpressotest.Server{Drill: drill.Drill{Scenario: s, Start: time.Now().Add(-2 * time.Hour), Length: time.Hour}}
	}
	healthy, failed := story(drill.Happy), story(drill.Fail)
	healthy.Drill.Start = time.Now().Add(-30 * time.Minute)
	a, b := httptest.NewServer(healthy), httptest.NewServer(failed)
	t.Cleanup(func() { a.Close(); b.Close() })
	var config strings.Builder
	config.WriteString("defaults: {api: logpresso, options: {token: " + token + "}}\ntargets:\n")
	for i := range 50 {
		address := a.URL
		if i == 7 {
			address = b.URL
		}
		fmt.Fprintf(&config, "- {name: job-%02d, url: %q}\n", i, address)
	}
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(config.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	s := run(t, "NO_COLOR=1", "--config.file="+file, "watch", "--interval=200ms")
	got := strings.Split(s.until("the failed job and the count", func(screen string) bool {
		return strings.Contains(screen, "28 more") && strings.Contains(screen, "28 running") && strings.HasPrefix(screen, "job-07")
	}), "\n")
	if len(got) != 24 || !strings.Contains(got[0], "failed") || !strings.HasPrefix(got[1], "job-00") || !strings.HasPrefix(got[22], "28 more") {
		t.Errorf("%d lines:\n%s", len(got), strings.Join(got, "\n"))
	}
	healthy.SetDrill(drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-2 * time.Hour), Length: time.Hour})
	code, screen := s.ends()
	if code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	_, list, _ := strings.Cut(screen, "TARGET")
	for i := range 50 {
		if !strings.Contains(list, fmt.Sprintf("\njob-%02d ", i)) {
			t.Errorf("job-%02d is not listed at the end:\n%s", i, screen)
		}
	}
}

func TestDetail(t *testing.T) {
	moving := reading(progress.Running, 0)
	moving.Rate, moving.Expected = 0.5/3600, noon.Add(time.Hour)
	ranged := moving
	ranged.Earliest, ranged.Latest = noon.Add(50*time.Minute), noon.Add(130*time.Minute)
	ended := reading(progress.Succeeded, 0)
	ended.End = time.Date(2026, 5, 12, 12, 0, 7, 0, time.Local)
	over := reading(progress.Succeeded, time.Hour)
	over.Ended = true
	ready := reading(progress.Ready, time.Minute)
	for _, tc := range []struct {
		name    string
		reading status.Job
		want    string
	}{
		{"moving", moving, "0.83 %/min, left 1h, moved 30s ago"},
		{"with a range", ranged, "0.83 %/min, left 1h (50–130 min), moved 30s ago"},
		{"no rate yet", reading(progress.Running, time.Hour), "moved 1h1m ago"},
		{"ready", ready, "moved 1m30s ago"},
		{"ended", ended, "ended 12:00:07"},
		{"ended before it was seen", over, "ended"},
		{"unreadable", failing(), "connect"},
		{"not read yet", status.Job{Target: "a"}, ""},
	} {
		if got := detail(&tc.reading, noon.Add(30*time.Second)); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
	if got := (&status.Job{}).Kind(); got != "not read yet" {
		t.Errorf("a target that was not read is %q", got)
	}
}
