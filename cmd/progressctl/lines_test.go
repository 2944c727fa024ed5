package main

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// said is what lines say, each as "name kind detail".
func said(lines []*line) (text []string) {
	for _, l := range lines {
		text = append(text, fmt.Sprintf("%s %s %s", l.name(), l.kind(), l.detail(noon)))
	}
	return text
}

func TestLayout(t *testing.T) {
	job := func(name string, s progress.State, nodes int) *status.Job {
		r := reading(s, 0)
		r.Target = name
		for i := range nodes {
			r.Report.Nodes = append(r.Report.Nodes, progress.Node{ID: fmt.Sprintf("%s%d", name, i), Status: "busy", ErrorCode: "E"})
		}
		return &r
	}
	silent := failing()
	silent.Target = "s"
	jobs := []*status.Job{job("a", progress.Running, 2), job("b", progress.Succeeded, 1), job("c", progress.Failed, 3), &silent}
	const a, b, c, s = "a running moved 0s ago", "b succeeded moved 0s ago", "c failed moved 0s ago", "s cannot be read connect"
	for room, want := range map[int][]string{
		30: {a, "  a0 busy E", "  a1 busy E", b, "  b0 busy E", c, "  c0 busy E", "  c1 busy E", "  c2 busy E", s},
		6:  {a, "  a0 busy E", "  a1 busy E", b, c, s},
		4:  {a, b, c, s},
		3:  {c, s, "2 more  1 running, 1 succeeded"},
		2:  {c, "3 more  1 cannot be read, 1 running, 1 succeeded"},
		1:  {"4 more  1 failed, 1 cannot be read, 1 running, 1 succeeded"},
	} {
		if diff := cmp.Diff(want, said(layout(jobs, room))); diff != "" {
			t.Errorf("%d lines (-want +got):\n%s", room, diff)
		}
	}
	for _, l := range layout(jobs, 1) {
		if l.ratio() != nil {
			t.Error("what the screen has no lines for has a ratio")
		}
	}
}

// Every kind has its place: one that was forgotten would come first.
func TestEveryKindHasAnUrgency(t *testing.T) {
	for _, s := range progress.States() {
		for _, r := range []status.Job{reading(s, 0), reading(s, 1<<40), failing(), {}} {
			if urgency(&r) < 0 {
				t.Errorf("%q is none of palette.Kinds", r.Kind())
			}
		}
	}
}
