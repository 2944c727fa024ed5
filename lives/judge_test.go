package lives

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// oneRule is a file of rules with one alert.
func oneRule(t *testing.T, expr, hold string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "rules.yml")
	text := "groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: " + expr + "\n        for: " + hold +
		"\n        labels: {severity: warning}\n        annotations: {summary: '{{ $labels.target }} says {{ $value }}'}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The judge finds each kind of mistake. The job stands still from 20 to 40 minutes.
func TestJudge(t *testing.T) {
	const m = time.Minute
	const still = `progress_total_ratio == progress_total_ratio offset 5m`
	plot := Plot{works(0.5, 20*m), stands(20 * m), works(1, 20*m)}
	want := Want{Alert: "A", Severity: "warning", Cause: 20 * m, Earliest: 5 * m, Latest: 5 * m, Clear: 40 * m, Says: "job says 0.5"}
	change := func(f func(*Want)) []Want { w := want; f(&w); return []Want{w} }
	for _, tc := range []struct {
		name, expr, hold string
		want             []Want
		wrong            []string
	}{
		{"right", still, "0s", []Want{want}, nil},
		{"missed", "progress_up == 2", "0s", []Want{want}, []string{"A of job: missed; it had to fire 5m0s to 9m0s after 20m0s"}},
		{"for nothing", still, "0s", nil, []string{`A of job (warning): fired for nothing at 25m0s until 41m0s: "job says 0.5"`}},
		{"too late", still, "10m", []Want{want}, []string{"A of job: fired 15m0s after 20m0s, want at most 9m0s"}},
		{"too early", still, "0s", change(func(w *Want) { w.Earliest = 8 * m }), []string{"A of job: fired 5m0s after 20m0s, want at least 8m0s"}},
		{"severity", still, "0s", change(func(w *Want) { w.Severity = "critical" }), []string{"A of job: severity warning, want critical"}},
		{"text", still, "0s", change(func(w *Want) { w.Says = "one half" }), []string{`A of job: says "job says 0.5 ", want it to contain "one half"`}},
		{"untrue all-clear", still, "0s", change(func(w *Want) { w.Clear = 0 }), []string{"A of job: all-clear after 41m0s that is not true"}},
		{"early all-clear", still, "0s", change(func(w *Want) { w.Clear = 50 * m }), []string{"A of job: all-clear after 41m0s, before its reason was gone after 50m0s"}},
		{"late all-clear", "progress_total_ratio >= 0.5 and progress_total_ratio < 0.95", "5m", change(func(w *Want) { w.Says = "" }),
			[]string{"A of job: all-clear only after 58m0s although its reason was gone after 40m0s"}},
		{"no all-clear", "progress_total_ratio >= 0.5", "5m", change(func(w *Want) { w.Says = "" }),
			[]string{"A of job: no all-clear although its reason was gone after 40m0s"}},
		{"twice", still + " unless on () (vector(time() % 3600) >= 1800 < 1860)", "0s", change(func(w *Want) { w.Clear = 30 * m }),
			[]string{`A of job (warning): fired for nothing at 31m0s until 41m0s: "job says 0.5"`}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			c := condition("60s")
			l := one(tc.name, MRS(), 60*m, plot, tc.want...)
			res, err := Run(&l, &c, oneRule(t, tc.expr, tc.hold), t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			var wrong []string
			for _, w := range res.Wrong {
				first, states, _ := strings.Cut(w, "\n")
				if wrong = append(wrong, first); !strings.Contains(states, "up 1 running ratio 0.") {
					t.Errorf("no states around %q: %q", first, states)
				}
			}
			if diff := cmp.Diff(tc.wrong, wrong); diff != "" {
				t.Errorf("mistakes (-want +got):\n%s", diff)
			}
		})
	}
}

// What an exporter cannot know for long, because it forgets, may fire each time anew or
// not at all.
func TestForgetful(t *testing.T) {
	c := condition("60s")
	c.Restart = 17 * time.Minute
	want := Want{Alert: "A", Severity: "warning", Learning: time.Hour}
	for expr, fired := range map[string]int{
		"progress_up == 2": 0,
		"progress_up and on () vector(time() % 1200) < 300": 3,
	} {
		l := one("forgetful", MRS(), 58*time.Minute, Plot{works(1, 2*time.Hour)}, want)
		res, err := Run(&l, &c, oneRule(t, expr, "0s"), t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Fired) != fired || res.Wrong != nil {
			t.Errorf("%s: %d fired, want %d; mistakes %q", expr, len(res.Fired), fired, res.Wrong)
		}
	}
}

func TestHold(t *testing.T) {
	c := condition("60s")
	l := one("holds", MRS(), time.Hour, Plot{works(1, 2*time.Hour)})
	l.Holds = []Check{{30 * time.Minute, "progress_total_ratio > 0.2"}, {30 * time.Minute, "progress_total_ratio > 0.3"}}
	l.Never = []string{"progress_total_ratio > 0.9", "progress_total_ratio > 0.3"}
	res, err := Run(&l, &c, oneRule(t, "progress_up == 2", "0s"), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"at 30m0s not true: progress_total_ratio > 0.3 (<nil>)", "at 45m0s there must be no progress_total_ratio > 0.3, but there is"}
	if len(res.Wrong) != 2 || res.Wrong[0] != want[0] || !strings.HasPrefix(res.Wrong[1], want[1]) {
		t.Errorf("mistakes %q, want %q", res.Wrong, want)
	}
}

// A rule that cannot be evaluated, or read, ends the play.
func TestBrokenRules(t *testing.T) {
	c := condition("60s")
	l := one("broken", MRS(), time.Hour, Plot{works(1, 2*time.Hour)})
	for name, rule := range map[string]struct{ expr, want string }{
		"not PromQL":     {"progress_up ==", "rules: "},
		"cannot be told": {`progress_up * on () progress_state`, "rule A at 2026-03-01T"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Run(&l, &c, oneRule(t, rule.expr, "0s"), t.TempDir()); err == nil || !strings.Contains(err.Error(), rule.want) {
				t.Errorf("error %v, want one with %q", err, rule.want)
			}
		})
	}
}
