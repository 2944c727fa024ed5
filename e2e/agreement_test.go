package e2e

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/recording"
	"progress_exporter/e2e/stack"
)

const (
	// quicker is how many times faster than it was recorded the life of the agreement is
	// served: the second between two scrapes, and two evaluations, stands for a minute.
	quicker = 60
	// apart is how much what real Prometheus does may differ from what replay says: its
	// scrapes and evaluations have their own places in a minute, so one of each, and half
	// a second that passes between the programs.
	apart = 2*time.Minute + quicker*time.Second/2
	// agreementLasts is how long the life is.
	agreementLasts = 60 * time.Minute
)

// chapter is what a job of the agreement does from a minute on.
type chapter struct {
	minute int
	does   string
}

// agreement are twenty lives, each of a target that does what it does from a minute on.
// Nothing that matters happens in the first minutes, in which the programs start: what is
// counted from the first sight on, or looks back for 20 minutes, would differ by that.
func agreement() [][]chapter {
	return [][]chapter{
		{{0, "moves"}},
		{{0, "moves"}, {12, "stands"}},
		{{0, "moves"}, {12, "stands"}, {36, "moves"}},
		{{0, "moves"}, {10, "stands"}, {22, "moves"}},
		{{0, "moves"}, {8, "stands"}, {28, "moves"}, {34, "stands"}},
		{{0, "moves"}, {12, "waits"}, {34, "moves"}},
		{{0, "moves"}, {15, "waits"}},
		{{0, "moves"}, {15, "fails"}},
		{{0, "moves"}, {15, "stands"}, {38, "fails"}},
		{{0, "moves"}, {15, "is cancelled"}},
		{{0, "moves"}, {20, "is done"}},
		{{0, "moves"}, {12, "stands"}, {34, "is done"}},
		{{0, "moves"}, {15, "is down"}, {35, "moves"}},
		{{0, "moves"}, {15, "is down"}, {18, "moves"}, {30, "is down"}},
		{{0, "moves"}, {12, "stands"}, {35, "is down"}},
		{{0, "moves"}, {15, "refuses"}, {30, "moves"}},
		{{0, "moves"}, {30, "throttles"}},
		{{0, "moves"}, {15, "is paused"}, {40, "moves"}},
		{{0, "moves"}, {15, "vanishes"}},
		{{0, "moves"}, {20, "is done"}, {30, "is down"}},
	}
}

// agreed writes the life.
func agreed(t *testing.T) string {
	t.Helper()
	begin := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	head := recording.Head{Begun: begin, Interval: recording.Duration(time.Minute)}
	stories := agreement()
	for i := range stories {
		head.Targets = append(head.Targets, recording.Target{
			Name: fmt.Sprint("life-", i+1), API: "redfish-task", URL: "http://h", StallAfter: recording.Duration(15 * time.Minute), Options: json.RawMessage(`{"task":42}`),
		})
	}
	name := filepath.Join(t.TempDir(), "life.jsonl")
	w, err := recording.Create(name, 1<<30, head)
	if err != nil {
		t.Fatal(err)
	}
	done := make([]float64, len(stories))
	for minute := range int(agreementLasts.Minutes()) {
		for i, story := range stories {
			does := ""
			for _, c := range story {
				if c.minute <= minute {
					does = c.does
				}
			}
			if does == "moves" {
				done[i]++
			}
			r := said(does, done[i])
			r.At, r.Target = begin.Add(time.Duration(minute)*time.Minute), head.Targets[i].Name
			if err := w.Write(r); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// said is what a read brings of a job that does something.
func said(does string, done float64) recording.Read {
	if does == "is down" {
		return recording.Read{Failure: &recording.Failure{Reason: "connect", Message: "no connection"}}
	}
	states := map[string]string{"moves": "Running", "stands": "Running", "waits": "Pending", "fails": "Exception", "is cancelled": "Cancelled", "is done": "Completed", "is paused": "Suspended"}
	a := recording.Answer{Method: "GET", Path: "/redfish/v1/TaskService/Tasks/42", Status: 200, Header: map[string]string{"Content-Type": "application/json"}}
	switch does {
	case "refuses":
		a.Status, a.JSON = 401, json.RawMessage(`{}`)
	case "throttles":
		a.Status, a.JSON = 429, json.RawMessage(`{}`)
	case "vanishes":
		a.Status, a.JSON = 404, json.RawMessage(`{"error":{"code":"gone"}}`)
	default:
		a.JSON = fmt.Appendf(nil, `{"Id":"42","TaskState":%q,"PercentComplete":%g}`, states[does], done)
	}
	return recording.Read{Answers: []recording.Answer{a}}
}

// episode is a stretch in which an alert was pending or firing, by the time since the
// beginning of the life; -1: it did not come to that.
type episode struct {
	pending, firing, resolved time.Duration
}

func (e episode) String() string {
	return fmt.Sprintf("pending %s, firing %s, resolved %s", e.pending.Round(time.Second), e.firing.Round(time.Second), e.resolved.Round(time.Second))
}

// What replay says of twenty lives is what a real Prometheus does when they are served
// again, only faster.
func TestAgreement(t *testing.T) {
	stack.Wanted(t)
	t.Parallel()
	bin := stack.Build(t)
	stack.BuildReplay(t, bin)
	life := agreed(t)
	tools := stack.Tools(t, stack.Local)
	want := replayed(t, bin, life)

	config := filepath.Join(t.TempDir(), "targets.yml")
	stack.StartSimulator(t, bin, "--replay="+life, fmt.Sprint("--speed=", quicker), "--replay.config="+config)
	began := time.Now()
	prometheus := stack.StartPrometheus(t, tools, stack.AdaptFile(t, "examples/prometheus.yml", labels{
		"localhost:10091": stack.StartExporter(t, bin, config),
		"localhost:9093":  "127.0.0.1:9",
		"../" + rulesFile: stack.ShortenFile(t, rulesFile, quicker),
	}))
	// There is nothing to wait for but the end of the life.
	<-time.After(time.Until(began.Add(agreementLasts / quicker)))
	got := happened(t, prometheus, began)
	compare(t, want, got)
}

// compare holds what fired against what was said. What was pending for a moment, or
// happened just before the end, may be missed by either.
func compare(t *testing.T, want, got map[string][]episode) {
	t.Helper()
	keys := map[string]bool{}
	for _, all := range []map[string][]episode{want, got} {
		for key, episodes := range all {
			all[key] = slices.DeleteFunc(episodes, func(e episode) bool { return e.firing < 0 || e.firing > agreementLasts-apart })
			keys[key] = len(all[key]) > 0 || keys[key]
		}
	}
	fired, furthest := 0, time.Duration(0)
	for key, counts := range keys {
		if !counts {
			continue
		}
		if len(want[key]) != len(got[key]) {
			t.Errorf("%s: %d times by replay, %d times by Prometheus:\n%v\n%v", key, len(want[key]), len(got[key]), want[key], got[key])
			continue
		}
		for i, w := range want[key] {
			g := got[key][i]
			fired++
			for _, d := range [][2]time.Duration{{w.pending, g.pending}, {w.firing, g.firing}, {w.resolved, g.resolved}} {
				if d[0] < 0 && (d[1] < 0 || d[1] > agreementLasts-apart) || d[1] < 0 && d[0] > agreementLasts-apart {
					continue // at the end of the life
				}
				differ := time.Duration(math.Abs(float64(d[0] - d[1])))
				furthest = max(furthest, differ)
				if differ > apart {
					t.Errorf("%s: by replay %v, by Prometheus %v", key, w, g)
					break
				}
			}
		}
	}
	t.Logf("%d lives, %d alerts fired, at most %s apart", len(agreement()), fired, furthest.Round(time.Second))
	if fired < 12 {
		var lines []string
		for key := range keys {
			lines = append(lines, key)
		}
		t.Errorf("only %d alerts fired: %s", fired, strings.Join(lines, ", "))
	}
}
