package main

import (
	"strings"
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
			ended = w.ended([]status.Job{r})
		}
		if ended != tc.ended || w.bad != tc.bad {
			t.Errorf("%s: ended %v, bad %v; want %v, %v", tc.name, ended, w.bad, tc.ended, tc.bad)
		}
	}
}

func TestWatchedList(t *testing.T) {
	job := func(id string, s progress.State, ended, seen bool) status.Job {
		r := reading(s, 0)
		if r.JobID, r.Ended = id, ended; seen {
			r.End = noon
		}
		return r
	}
	lost := job("1", progress.Running, false, false)
	lost.Err = progress.Errorf(progress.Connect, "refused")
	for _, tc := range []struct {
		name       string
		reads      [][]status.Job
		ended, bad bool
	}{
		{"no job yet", [][]status.Job{{{Target: "a"}}}, false, false},
		{"one goes on", [][]status.Job{{job("1", progress.Succeeded, true, true), job("2", progress.Running, false, false)}}, false, false},
		{"all succeeded", [][]status.Job{{job("1", progress.Succeeded, true, true), job("2", progress.Succeeded, true, true)}}, true, false},
		{"one failed", [][]status.Job{{job("1", progress.Succeeded, true, true), job("2", progress.Failed, true, true)}}, true, true},
		{"failed before first sight", [][]status.Job{{job("1", progress.Failed, true, false), job("2", progress.Succeeded, true, true)}}, true, false},
		{"left after its end", [][]status.Job{{job("1", progress.Running, false, false)}, {job("1", progress.None, true, true)}}, true, false},
		{"vanished", [][]status.Job{{job("1", progress.Running, false, false)}, {job("1", progress.None, false, false)}}, true, true},
		{"cannot be read", [][]status.Job{{job("1", progress.Running, false, false)}, {lost}}, false, false},
	} {
		w, ended := watched{list: true}, false
		for _, jobs := range tc.reads {
			ended = w.ended(jobs)
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
		{[]string{"b/7", "a"}, []string{"b/7", "a"}, ""},
		{[]string{"a", "a\x1b"}, nil, `no target is called "a\x1b"`},
	} {
		picked, err := pick(known, tc.names, func(name string) (target, job string) {
			target, job, _ = strings.Cut(name, "/")
			return target, job
		})
		var got []string
		for _, r := range picked {
			got = append(got, r.Title())
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
