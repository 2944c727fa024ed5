package ledger

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/memoryfile"
	"progress_exporter/collector/progress"
)

// A target is judged by its earlier runs also after restarts, whenever they come.
func TestEarlierRunsSurvive(t *testing.T) {
	report := progress.Report{State: progress.Running}
	r := oneJob(t, &report)
	r.start(t)
	scrape := func(state progress.State, ratio float64) Memory {
		report.State, report.Ratio = state, progress.Ptr(ratio)
		r.clock.tick(time.Minute)
		return r.scrape(t)["a"]
	}
	for n := range 4 {
		report.Job = fmt.Sprint("token", n)
		for minute := range 100 {
			m := scrape(progress.Running, float64(minute)/100)
			if byRuns := minute < 2 && !m.Expected.IsZero(); byRuns != (minute < 2 && n == 3) {
				t.Errorf("run %d, minute %d: expected at %v", n, minute, m.Expected)
			}
			if minute == 30 || minute == 60 {
				r.saver.Close()
				r.start(t)
			}
		}
		scrape(progress.Succeeded, 1)
		r.kill() // an end is saved at once
		r.start(t)
	}
	e := r.jobs[0].entry
	if len(e.earlier.runs) != 4 || e.earlier.runs[0].took != 6000 || e.earlier.runs[3].reached[9] != 3000 {
		t.Errorf("runs %v, want 4 of 6000 s", e.earlier.runs)
	}
	r.saver.Close()
	text, err := os.ReadFile(r.path)
	if err != nil || strings.Contains(string(text), "token") {
		t.Errorf("the file has a job's key, or %v", err)
	}
}

// Of many runs the last ones are kept.
func TestRunsAreBounded(t *testing.T) {
	c := newClock()
	l := New(c.now)
	e := l.Enter(Key{Target: "t", API: "test"}, &ledgerAPI)
	for n := range maxRuns + 2 {
		for minute := range n + 2 {
			l.Record(e, c.good(progress.Report{State: progress.Running, Ratio: progress.Ptr(float64(minute) / 100)}))
			c.tick(time.Minute)
		}
		l.Record(e, c.good(progress.Report{State: progress.Succeeded, Ratio: progress.Ptr(1.0)}))
		c.tick(time.Minute)
	}
	var took []uint32
	for _, r := range e.earlier.runs {
		took = append(took, r.took/60)
	}
	if diff := cmp.Diff([]uint32{4, 5, 6, 7, 8}, took); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Neither a process of a migration nor a job of a list has earlier runs.
func TestWhoHasNoEarlierRuns(t *testing.T) {
	for _, tc := range []struct {
		name    string
		members int // of the migration
		want    int
		change  func(*Entry)
	}{
		{"a target", 0, 1, func(*Entry) {}},
		{"the only process of a migration", 1, 1, func(*Entry) {}},
		{"a process of a migration", 2, 0, func(*Entry) {}},
		{"a job of a list", 0, 0, func(e *Entry) { e.listed = &listed{of: &Entry{}} }},
	} {
		c := newClock()
		l := New(c.now)
		e := l.Enter(Key{Target: "a", API: "test"}, &ledgerAPI)
		members := []Member{{e, "test", "orders"}, {l.Enter(Key{Target: "b", API: "test"}, &ledgerAPI), "test", "orders"}}
		l.Join(members[:tc.members])
		tc.change(e)
		for _, s := range []progress.State{progress.Running, progress.Succeeded} {
			l.Record(e, c.good(progress.Report{State: s, Ratio: progress.Ptr(0.0)}))
			c.tick(time.Minute)
		}
		if len(e.earlier.runs) != tc.want {
			t.Errorf("%s: it has %d runs, want %d", tc.name, len(e.earlier.runs), tc.want)
		}
	}
}

// What cannot be a run or a course is left out, and a file without any is read as before.
func TestRunsThatCannotBe(t *testing.T) {
	good := straight(100)
	for name, tc := range map[string]struct {
		run  memoryfile.Run
		want int
	}{
		"good":             {memoryfile.Run{Took: good.took, Reached: good.reached[:]}, 1},
		"of no time":       {memoryfile.Run{Reached: make([]uint32, marks)}, 0},
		"of other marks":   {memoryfile.Run{Took: good.took, Reached: good.reached[1:]}, 0},
		"backwards":        {memoryfile.Run{Took: good.took, Reached: append([]uint32{9}, make([]uint32, marks-1)...)}, 0},
		"behind its end":   {memoryfile.Run{Took: 9, Reached: good.reached[:]}, 0},
		"nothing but time": {memoryfile.Run{Took: good.took}, 0},
	} {
		if got := runsFrom([]memoryfile.Run{tc.run}); len(got) != tc.want {
			t.Errorf("%s: %v, want %d", name, got, tc.want)
		}
	}
	if got := runsFrom(make([]memoryfile.Run, 0)); len(got) != 0 {
		t.Errorf("no run became %v", got)
	}
	for name, m := range map[string]*memoryfile.Course{
		"none":           nil,
		"too many marks": {Worked: 9, Reached: make([]uint32, marks+1)},
		"in the future":  {Worked: 9, Reached: []uint32{10}},
		"backwards":      {Worked: 9, Reached: []uint32{2, 1}},
	} {
		if got := courseFrom(m); got != (course{}) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// A course goes on where it was saved.
func TestCourseIsSaved(t *testing.T) {
	for name, legs := range map[string][]leg{
		"on its way": {{1, progress.Running, 0}, {50, progress.Running, 0.501}},
		"paused":     {{1, progress.Running, 0}, {50, progress.Running, 0.501}, {9, progress.Paused, 0.501}},
		"done":       {{1, progress.Running, 0}, {50, progress.Running, 1}},
	} {
		var c course
		travel(&c, paceStart, legs...)
		if got := courseFrom(c.saved()); got != c {
			t.Errorf("%s: %+v, want %+v", name, got, c)
		}
	}
	var lost course
	travel(&lost, paceStart, leg{1, progress.Running, 0.9})
	if lost.saved() != nil {
		t.Error("one whose beginning was not seen is saved")
	}
}
