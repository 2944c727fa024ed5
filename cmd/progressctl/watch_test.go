package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

func TestWatched(t *testing.T) {
	unreadable := progress.State(255)
	for _, tc := range []struct {
		name       string
		states     []progress.State
		ended, bad bool
	}{
		{"succeeded", []progress.State{progress.Running, unreadable, progress.Succeeded}, true, false},
		{"failed", []progress.State{progress.Failed}, true, true},
		{"cancelled", []progress.State{progress.Paused, progress.Cancelled}, true, true},
		{"vanished", []progress.State{progress.None, progress.Running, progress.None}, true, true},
		{"not there yet", []progress.State{progress.None, progress.None}, false, false},
		{"ready", []progress.State{progress.Ready}, false, false},
		{"unreadable", []progress.State{progress.Running, unreadable}, false, false},
	} {
		var w watched
		ended := false
		for _, s := range tc.states {
			r := reading(s, 0)
			if s == unreadable {
				r = failing()
			}
			ended = w.ended(&r)
		}
		if ended != tc.ended || w.bad != tc.bad {
			t.Errorf("%s: ended %v, bad %v; want %v, %v", tc.name, ended, w.bad, tc.ended, tc.bad)
		}
	}
}

func TestPick(t *testing.T) {
	known := []status.Job{{Target: "a"}, {Target: "b"}, {Target: "c"}}
	for _, tc := range []struct {
		names []string
		want  []string
		err   string
	}{
		{nil, []string{"a", "b", "c"}, ""},
		{[]string{"c", "a"}, []string{"c", "a"}, ""},
		{[]string{"a", "a\x1b"}, nil, `no target is called "a\x1b"`},
	} {
		picked, err := pick(known, tc.names)
		var got []string
		for _, r := range picked {
			got = append(got, r.Target)
		}
		message := ""
		if err != nil {
			message = err.Error()
		}
		if message != tc.err || cmp.Diff(tc.want, got) != "" {
			t.Errorf("%q: %q, %q; want %q, %q", tc.names, got, message, tc.want, tc.err)
		}
	}
}
