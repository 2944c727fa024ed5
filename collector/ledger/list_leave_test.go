package ledger

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// play records reads of a list with one job, each a state and a ratio from 0 to 1 that may be
// left out; "-" is a list without it, and "!" a read that fails.
func (q *queue) play(reads ...string) string {
	for _, read := range reads {
		switch read {
		case "-":
			q.read()
			continue
		case "!":
			q.fail()
			continue
		}
		word, ratio, said := strings.Cut(read, " ")
		state, _ := progress.ParseState(word)
		rep := progress.Report{Job: "a", State: state}
		if said {
			rep.Ratio = progress.Ptr(map[string]float64{"0": 0, "0.6": 0.6, "1": 1}[ratio])
		}
		q.clock.tick(time.Minute)
		r := q.clock.good(progress.Report{})
		r.Jobs = []ListedJob{{ID: "a", Result: q.clock.good(rep)}}
		q.record(r)
	}
	return ends(q.known())
}

// What was done when it was last seen running has ended when it left, and nothing else has
// that showed no end.
func TestJobsThatLeave(t *testing.T) {
	for _, tc := range []struct {
		name  string
		reads []string
		want  string
	}{
		{"in the middle", []string{"running 0.6", "-"}, "a=none"},
		{"done", []string{"running 0.6", "running 1", "-"}, "a=none@seen"},
		{"done at first sight", []string{"running 1", "-"}, "a=none@seen"},
		{"done, and not said again", []string{"running 1", "running", "-"}, "a=none@seen"},
		{"done, then the list fails", []string{"running 1", "!", "!", "-"}, "a=none@seen"},
		{"done, then at it again", []string{"running 1", "running 0", "-"}, "a=none"},
		{"done, and paused", []string{"running 1", "paused 1", "-"}, "a=none"},
		{"no ratio", []string{"running", "-"}, "a=none"},
		{"never begun", []string{"pending 0", "-"}, "a=none"},
		{"succeeded", []string{"running 0.6", "succeeded 1", "-"}, "a=none@seen"},
		{"failed", []string{"running 0.6", "failed 0.6", "-"}, "a=none@seen"},
		{"ended before first sight", []string{"succeeded 1", "-"}, "a=none@before"},
		{"ended before first sight, without a state of its own", []string{"succeeded", "-", "-"}, "a=none@before"},
		{"back again", []string{"running 1", "-", "running 0.6"}, "a=running"},
		{"back again, and away", []string{"running 1", "-", "running 0.6", "-"}, "a=none"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newClock()
			q := newQueue(New(c.now), c)
			if got := q.play(tc.reads...); got != tc.want {
				t.Errorf("%s, want %s", got, tc.want)
			}
		})
	}
}

// The date at which it left stays, and is in the file at once.
func TestTheDateOfLeaving(t *testing.T) {
	c, path := newClock(), filepath.Join(t.TempDir(), "memory")
	q, s := startQueue(path, c)
	q.play("running 1")
	before := q.ledger.urgent
	q.play("-")
	if q.ledger.urgent == before {
		t.Error("that it left is not urgent to be saved")
	}
	left := q.known()
	q.play("-", "!", "-")
	if got := q.known(); got != left {
		t.Errorf("%s later, %s when it left", got, left)
	}
	s.Close()
	q, s = startQueue(path, c)
	defer s.Close()
	if q.play("-"); q.known() != left {
		t.Errorf("%s after a restart, %s before", q.known(), left)
	}
}

// What leaves while the exporter is away leaves at the first read after it.
func TestLeavingMeanwhile(t *testing.T) {
	for read, want := range map[string]string{"running 1": "a=none@seen", "running 0.6": "a=none"} {
		c, path := newClock(), filepath.Join(t.TempDir(), "memory")
		q, s := startQueue(path, c)
		q.play(read)
		s.Close()
		q, s = startQueue(path, c)
		if got := q.play("-"); got != want {
			t.Errorf("%s, then a restart without it: %s, want %s", read, got, want)
		}
		s.Close()
	}
}
