package faults

import (
	"slices"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/apis"
	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/race"
	"progress_exporter/collector/progress"
)

// raced are the columns that the race detector watches, a product that asks once and one
// that logs in before; make unit plays the others without it.
var raced = []string{"mongosync", "mrs"}

// TestMatrix plays every fault with every product, and writes docs/faults.md.
func TestMatrix(t *testing.T) {
	t.Parallel()
	rows, columns := faults(), products()
	observed := make([][]played, len(rows))
	t.Run("all", func(t *testing.T) {
		for i, f := range rows {
			observed[i] = make([]played, len(columns))
			for j, p := range columns {
				if race.Enabled && !slices.Contains(raced, p.column) {
					continue
				}
				if f.wanted(p) == notApplicable {
					observed[i][j].cell = notApplicable
					continue
				}
				t.Run(f.name+"/"+p.column, func(t *testing.T) {
					t.Parallel()
					observed[i][j] = play(t, p, f)
				})
			}
		}
	})
	for _, row := range observed {
		for _, p := range row {
			if p.cell == "" {
				return // only a part was asked for, or it broke: no table
			}
		}
	}
	if !t.Failed() {
		collectortest.File(t, "../docs/faults.md", page(rows, columns, observed))
	}
}

// TestEveryProduct fails for a product without a column.
func TestEveryProduct(t *testing.T) {
	for _, api := range apis.All(time.Now) {
		if !slices.ContainsFunc(products(), func(p product) bool { return p.api == api.Name }) {
			t.Errorf("no fault is played with %s: products() needs it", api.Name)
		}
	}
}

// played is what came of a fault.
type played struct {
	cell cell
	said string // the error in the log
}

// play checks one fault: the reason, the other target, the log, and that no secret
// is shown anywhere.
func play(t *testing.T, p product, f fault) played {
	timeout := patience
	if f.hangs {
		timeout = hanging
	}
	s := newStage(t, p, f, timeout)
	text, first := s.scrape(t, deadline)
	if len(text) < lintable {
		collectortest.Lint(t, text)
	}
	what := s.judge(t, first)
	got := what + first.dropped()
	if want := f.wanted(p); got != want {
		t.Errorf("%s, want %s; log:\n%s", got, want, &s.log)
	}
	_, second := s.scrape(t, deadline)
	if again := s.judge(t, second); again != what {
		t.Errorf("%s at the second read, %s at the first", again, what)
	}
	if !f.heavy {
		s.hides(t, "the debug view", ask(t, s.exporter.Probe(), request(t.Context(), "/probe?target=faulty&debug=true", deadline)))
	}
	if n := s.site.requests; f.asks > 0 && n.Load() != int32(f.asks) {
		t.Errorf("%d requests were made, want %d", n.Load(), f.asks)
	}
	return played{got, s.judgeLog(t, f, first)}
}

// judge returns the cell for a scrape, and checks that nothing else is said of the
// target, and that the other one is in health.
func (s *stage) judge(t *testing.T, fams series) cell {
	t.Helper()
	if up, state := fams.ups()["healthy"], fams.states()["healthy"]; up != 1 || state != "running" {
		t.Errorf("the healthy target: up %v, state %q; log:\n%s", up, state, &s.log)
	}
	if fams.ups()["faulty"] == 0 {
		reason := fams.reasons()["faulty"]
		fams.wantDown(t, "faulty", reason)
		return cell(reason)
	}
	state := fams.states()["faulty"]
	if _, ok := progress.ParseState(state); !ok || fams.reasons()["faulty"] != "" {
		t.Errorf("up, with the state %q and the failure %q", state, fams.reasons()["faulty"])
	}
	if state != "running" {
		return up + ", " + cell(state)
	}
	return up
}

// judgeLog checks what was logged of equal reads, and returns the error.
func (s *stage) judgeLog(t *testing.T, f fault, fams series) string {
	t.Helper()
	text := s.log.String()
	want := 1
	if fams.ups()["faulty"] == 1 && (f.mute || fams.states()["faulty"] != "unknown") {
		want = 0
	}
	if fams.unreadable() > 0 {
		want++
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	if text == "" {
		lines = nil
	}
	if len(lines) != want {
		t.Errorf("%d lines in the log after equal reads, want %d:\n%s", len(lines), want, text)
	}
	s.hides(t, "the log", text, marker)
	for _, line := range lines {
		if len(line) > 1000 || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 }) {
			t.Errorf("a line of %d bytes, or with control characters: %q", len(line), line)
		}
	}
	_, said, _ := strings.Cut(text, " err=")
	return strings.TrimSpace(said)
}
