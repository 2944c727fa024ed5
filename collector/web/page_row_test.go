package web

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

const hostile = `<script>alert(1)</script>"'&`

func TestPageSays(t *testing.T) {
	p := progress.Ptr[float64]
	node := func(name string, ratio *float64, code string) progress.Node {
		return progress.Node{ID: "id-" + name, Name: name, Type: "data", Ratio: ratio, Status: "busy", ErrorCode: code}
	}
	deadline := time.Date(2000, 1, 1, 2, 0, 0, 0, time.UTC)
	quarters := []progress.Report{
		{State: progress.Running, Ratio: p(0.1)}, {State: progress.Running, Ratio: p(0.2)},
		{State: progress.Running, Ratio: p(0.3)}, {State: progress.Running, Ratio: p(0.4)},
	}
	for _, tc := range []struct {
		name  string
		reads int // a minute apart; the page is seen a minute after the last
		set   func(*plan.Target)
		from  enginetest.Source
		kind  string
		want  []string // after the name and the api
	}{
		{name: "never read", from: enginetest.Running, kind: "not read yet",
			want: []string{"not read yet"}},
		{name: "running without more", reads: 1, from: enginetest.Running, kind: "running",
			want: []string{"running", "1m ago"}},
		{name: "a word that says more", reads: 1, from: enginetest.Says(progress.Report{State: progress.Running, Word: "in_progress"}), kind: "running",
			want: []string{"running in_progress", "1m ago"}},
		{name: "a word that says the same", reads: 1, from: enginetest.Says(progress.Report{State: progress.Paused, Word: "PAUSED"}), kind: "paused",
			want: []string{"paused", "1m ago"}},
		{name: "a word that nobody documented", reads: 1, from: enginetest.Says(progress.Report{Word: "DEFROSTING"}), kind: "unknown",
			want: []string{"unknown DEFROSTING", "1m ago"}},
		{name: "no ratio is not 0", reads: 1, from: enginetest.Says(progress.Report{State: progress.Running, Ratio: p(0)}), kind: "running",
			want: []string{"running", "0%", "1m ago"}},
		{name: "time left", reads: 4, from: enginetest.Says(quarters...), kind: "running",
			want: []string{"running", "40%", "6m left (3–12 min)", "1m ago"}},
		{name: "in time", reads: 4, from: enginetest.Says(quarters...), kind: "running", set: func(t *plan.Target) { t.Deadline = deadline },
			want: []string{"running", "40%", "6m left (3–12 min)", "deadline in 1h56m", "1m ago"}},
		{name: "too late", reads: 4, from: enginetest.Says(quarters...), kind: "running", set: func(t *plan.Target) { t.Deadline = deadline.Add(-112 * time.Minute) },
			want: []string{"running", "40%", "6m left (3–12 min)", "late: deadline in 4m", "1m ago"}},
		{name: "deadline missed", reads: 2, from: enginetest.Running, kind: "running", set: func(t *plan.Target) { t.Deadline = deadline.Add(-119 * time.Minute) },
			want: []string{"running", "late: deadline 1m ago", "1m ago"}},
		{name: "no job at the deadline", reads: 2, from: enginetest.Says(progress.Report{State: progress.None}), kind: "none", set: func(t *plan.Target) { t.Deadline = deadline.Add(-119 * time.Minute) },
			want: []string{"none", "deadline 1m ago", "1m ago"}},
		{name: "ended too late", reads: 3, from: enginetest.Says(progress.Report{State: progress.Running}, progress.Report{State: progress.Failed}), kind: "failed",
			set:  func(t *plan.Target) { t.Deadline = deadline.Add(-119*time.Minute - time.Second) },
			want: []string{"failed", "ended 2m ago", "late: deadline 2m1s ago", "1m ago"}},
		{name: "not stalled yet", reads: 16, from: enginetest.Running, kind: "running", set: func(t *plan.Target) { t.StallAfter = 15 * time.Minute },
			want: []string{"running", "1m ago"}},
		{name: "stalled", reads: 17, from: enginetest.Says(progress.Report{State: progress.Running, Word: "busy"}), kind: "stalled", set: func(t *plan.Target) { t.StallAfter = 15 * time.Minute },
			want: []string{"stalled busy", "1m ago", "has not moved for 16m, longer than its stall_after of 15m"}},
		{name: "never stalls", reads: 17, from: enginetest.Running, kind: "running",
			want: []string{"running", "1m ago"}},
		{name: "paused for long", reads: 17, from: enginetest.Says(progress.Report{State: progress.Paused}), kind: "paused", set: func(t *plan.Target) { t.StallAfter = time.Minute },
			want: []string{"paused", "1m ago"}},
		{name: "ready for long", reads: 17, from: enginetest.Says(progress.Report{State: progress.Ready}), kind: "ready", set: func(t *plan.Target) { t.StallAfter = time.Minute },
			want: []string{"ready", "1m ago", "waits for its operator"}},
		{name: "ended", reads: 3, from: enginetest.Says(progress.Report{State: progress.Running, Ratio: p(0.9999)}, progress.Report{State: progress.Succeeded, Ratio: p(1)}), kind: "succeeded",
			set:  func(t *plan.Target) { t.Deadline = deadline },
			want: []string{"succeeded", "100%", "ended 2m ago", "deadline in 1h57m", "1m ago"}},
		{name: "failed before it was seen", reads: 1, from: enginetest.Says(progress.Report{State: progress.Failed, Ratio: p(0.9999), ErrorCode: "disk-full"}), kind: "failed",
			want: []string{"failed", "99.9%", "1m ago", "error code disk-full"}},
		{name: "nodes", reads: 1, kind: "running",
			from: enginetest.Says(progress.Report{State: progress.Running, NodeCount: p(3), NodesCompleted: p(1), Nodes: []progress.Node{
				node("a", p(1), ""), node("b", p(0.29), "E-1"), {ID: "id-only"}}}),
			want: []string{"running", "1m ago", "nodes done: 1 of 3", "Node|Type|Progress|Status|Error code",
				"a|data|100%|busy", "b|data|29%|busy|E-1", "id-only"}},
		{name: "nodes that are only counted", reads: 1, from: enginetest.Says(progress.Report{State: progress.Running, NodeCount: p(3)}), kind: "running",
			want: []string{"running", "1m ago", "nodes: 3"}},
		{name: "nodes done of who knows how many", reads: 1, from: enginetest.Says(progress.Report{State: progress.Running, NodesCompleted: p(2)}), kind: "running",
			want: []string{"running", "1m ago", "nodes done: 2"}},
		{name: "nodes that are only listed", reads: 1, from: enginetest.Says(progress.Report{State: progress.Running, Nodes: []progress.Node{{ID: "a"}}}), kind: "running",
			want: []string{"running", "1m ago", "nodes: 1", "Node|Type|Progress|Status|Error code", "a"}},
		{name: "cannot be read", reads: 3, kind: "cannot be read",
			from: enginetest.Refuses(&progress.Error{Reason: progress.APIError, Code: "no-such-token", Message: "the product refuses; ask for a new token"}),
			want: []string{"cannot be read", "1m ago", "api no-such-token the product refuses; ask for a new token", "the last good read was 3m ago"}},
		{name: "could never be read", reads: 1, kind: "cannot be read",
			from: func(context.Context) (progress.Report, error) { return progress.Report{}, errors.New("no reason") },
			want: []string{"cannot be read", "1m ago", "internal no reason", "no read was good so far"}},
		{name: "hostile words", reads: 1, kind: "failed",
			from: enginetest.Says(progress.Report{State: progress.Failed, Word: hostile, ErrorCode: hostile,
				Nodes: []progress.Node{{ID: "x", Name: hostile, Type: hostile, Status: hostile, ErrorCode: hostile, Ratio: p(0.5)}}}),
			want: []string{"failed " + hostile, "1m ago", "error code " + hostile, "nodes: 1", "Node|Type|Progress|Status|Error code",
				hostile + "|" + hostile + "|50%|" + hostile + "|" + hostile}},
		{name: "hostile error", reads: 2, kind: "cannot be read",
			from: enginetest.Refuses(&progress.Error{Reason: progress.APIError, Code: hostile, Message: hostile}),
			want: []string{"cannot be read", "1m ago", "api " + hostile + " " + hostile, "the last good read was 2m ago"}},
		{name: hostile, from: enginetest.Running, kind: "not read yet",
			want: []string{"not read yet"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tt := enginetest.Target(tc.name, tc.from)
			if tc.set != nil {
				tc.set(tt)
			}
			withPage(t, []*plan.Target{tt}, func(t *testing.T, e *stage) {
				readAll(t, e, tc.reads)
				page := get(e, "/targets").Body.String()
				got := lines(t, page, `<tbody data-kind="`+tc.kind+`">`, "</main>")
				if diff := cmp.Diff(append([]string{tc.name, "test"}, tc.want...), got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if strings.Contains(page, "<script") {
					t.Errorf("a script on the page:\n%s", page)
				}
			})
		})
	}
}

// A job that nobody looks at has not stalled.
func TestPageStallNeedsReads(t *testing.T) {
	tt := enginetest.Target("a", enginetest.Running)
	tt.StallAfter = 15 * time.Minute
	withPage(t, []*plan.Target{tt}, func(t *testing.T, e *stage) {
		readAll(t, e, 1)
		time.Sleep(time.Hour)
		want := []string{"a", "test", "running", "1h1m ago"}
		if diff := cmp.Diff(want, lines(t, get(e, "/targets").Body.String(), "</thead>", "</main>")); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
