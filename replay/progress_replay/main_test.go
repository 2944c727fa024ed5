package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/recording"
	"progress_exporter/replay"
)

const rules = "--rules=../../dashboards/alerts/progress.rules.yml"

// life writes one of a described product that stands still for 20 minutes of an hour.
func life(t *testing.T) string {
	t.Helper()
	begin := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	name := filepath.Join(t.TempDir(), "life.jsonl.gz")
	w, err := recording.Create(name, 1<<20, recording.Head{Begun: begin, Interval: recording.Duration(time.Minute), Targets: []recording.Target{
		{Name: "backup", API: "redfish-task", URL: "http://h", StallAfter: recording.Duration(15 * time.Minute), Options: json.RawMessage(`{"task":42}`)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for n := range 60 {
		done := n
		if n > 10 {
			done = max(10, n-20)
		}
		body, err := json.Marshal(map[string]any{"TaskState": "Running", "PercentComplete": done})
		if err != nil {
			t.Fatal(err)
		}
		err = w.Write(recording.Read{At: begin.Add(time.Duration(n) * time.Minute), Target: "backup", Answers: []recording.Answer{
			{Method: "GET", Path: "/redfish/v1/TaskService/Tasks/42", Status: 200, JSON: body},
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

func TestTable(t *testing.T) {
	file := life(t)
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"a life": {nil, `LIFE: 60 reads of 1 target in 59m, from 2026-03-01 08:00:00 to 2026-03-01 08:59:00 (UTC)

backup (redfish-task)
  2026-03-01 08:00:01  running
  39 moves; the longest standstill was 20m, from 2026-03-01 08:10:01 to 2026-03-01 08:30:01, then it went on

ALERT               SEVERITY  TARGET  PENDING              FIRING               RESOLVED
ProgressJobStalled  critical  backup  2026-03-01 08:26:25  2026-03-01 08:26:25  2026-03-01 08:31:25

ProgressJobStalled at 2026-03-01 08:26:25
  backup (redfish-task), last read 24s ago: state running, ratio 10%.
  backup (redfish-task) has stalled: nothing moved for 16m 0s
`},
		"a sweep": {[]string{"--sweep=stall_after=15m..30m"}, `STALL_AFTER  PAGES  FOR NOTHING  WHEN
15m          1      1            2026-03-01 08:26:25 backup for nothing
20m          0      0            -
30m          0      0            -

the longest standstill of a healthy stretch was 20m (backup): 30m is quiet; 15m would have paged once for nothing
stall_after: 30m
`},
	} {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			code := run(append([]string{file, rules}, tc.args...), &stdout, &stderr)
			if code != 0 || stderr.Len() > 0 {
				t.Errorf("exit code %d: %s", code, &stderr)
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(stdout.String(), file, "LIFE")); diff != "" {
				t.Errorf("output (-want +got):\n%s", diff)
			}
		})
	}
}

func TestJSON(t *testing.T) {
	var stdout, stderr bytes.Buffer
	if code := run([]string{life(t), rules, "-o", "json"}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	var got replay.Result
	if err := json.Unmarshal(stdout.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Reads != 60 || len(got.Alerts) != 1 || got.Alerts[0].Resolved == nil || got.Jobs[0].Moves != 39 {
		t.Errorf("got %+v", got)
	}
	for _, key := range []string{"from", "to", "reads", "torn_lines", "not_recorded", "jobs", "alerts", "pending", "firing", "resolved", "annotations", "standstills", "healthy", "moves", "states"} {
		if !strings.Contains(stdout.String(), `"`+key+`":`) {
			t.Errorf("there is no %s", key)
		}
	}
}

func TestWrongCommandLines(t *testing.T) {
	file := life(t)
	bad := filepath.Join(t.TempDir(), "bad.jsonl")
	if err := os.WriteFile(bad, []byte("{}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		args []string
		code int
		want string
	}{
		{nil, 2, "try --help"},
		{[]string{file}, 2, "--rules"},
		{[]string{file, rules, "--memory"}, 2, "--memory wants --restart-exporter"},
		{[]string{file, rules, "--interval=-1s"}, 2, "an interval cannot be negative"},
		{[]string{file, rules, "--stall-after=soon"}, 2, "--stall-after: not a valid duration string"},
		{[]string{file, rules, "--sweep=stall_after=5m"}, 2, `--sweep is "stall_after=5m", want two durations such as stall_after=5m..2h`},
		{[]string{file, rules, "--sweep=deadline=5m..2h"}, 2, "want two durations"},
		{[]string{file, rules, "--sweep=stall_after=2h..5m"}, 2, "want two durations"},
		{[]string{file, rules, "--sweep=stall_after=5m..2h", "--stall-after=5m"}, 2, "leave --stall-after out"},
		{[]string{bad, rules}, 1, "bad.jsonl:1: this is no life that progressctl record has written"},
		{[]string{"none.jsonl", rules}, 1, "none.jsonl"},
		{[]string{file, "--rules=none.yml"}, 1, "none.yml"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(tc.args, &stdout, &stderr); code != tc.code || !strings.Contains(stderr.String(), tc.want) || stdout.Len() > 0 {
			t.Errorf("%q: exit code %d, want %d; stderr %s, want %s; stdout %s", tc.args, code, tc.code, &stderr, tc.want, &stdout)
		}
	}
}
