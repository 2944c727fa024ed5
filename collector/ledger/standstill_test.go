package ledger

import (
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// A job stalls when it should move and does not. What was free to stand still has its
// whole time again.
func TestStandstill(t *testing.T) {
	at := func(s progress.State) func(*clock) *Result {
		return func(c *clock) *Result { return c.good(progress.Report{Job: "1", State: s}) }
	}
	ratio := func(v float64) func(*clock) *Result {
		return func(c *clock) *Result {
			return c.good(progress.Report{Job: "1", State: progress.Running, Ratio: &v})
		}
	}
	quiet := func(c *clock) *Result {
		return c.good(progress.Report{Job: "1", State: progress.Running, Quiet: true})
	}
	other := func(c *clock) *Result { return c.good(progress.Report{Job: "2", State: progress.Running}) }
	fails := func(c *clock) *Result { return c.bad(progress.Timeout, "") }
	run, ready := at(progress.Running), at(progress.Ready)
	type reads = []func(*clock) *Result
	for _, tc := range []struct {
		name  string
		reads reads         // one a minute
		still time.Duration // since so long before the last good read; negative: it may stand still
	}{
		{"first sight", reads{run}, 0},
		{"running", reads{run, run, run}, 2 * time.Minute},
		{"pending", reads{at(progress.Pending), at(progress.Pending)}, time.Minute},
		{"an unknown word", reads{at(progress.Unknown), at(progress.Unknown)}, time.Minute},
		{"it moves", reads{ratio(0.1), ratio(0.1), ratio(0.2), ratio(0.2)}, time.Minute},
		{"at ratio 1 as well", reads{ratio(1), ratio(1), ratio(1)}, 2 * time.Minute},
		{"ready", reads{run, run, ready}, -1},
		{"what was ready", reads{ready, ready, ready, run, run}, 2 * time.Minute},
		{"ready for a moment", reads{run, run, ready, run}, time.Minute},
		{"quiet work", reads{quiet, quiet, quiet}, -1},
		{"after quiet work", reads{quiet, quiet, run, run}, 2 * time.Minute},
		{"paused", reads{run, at(progress.Paused), at(progress.Paused)}, -1},
		{"no job", reads{at(progress.None), at(progress.None)}, -1},
		{"ended", reads{run, at(progress.Failed)}, -1},
		{"a failed read changes nothing", reads{run, run, fails}, time.Minute},
		{"and stands for nothing", reads{run, fails, run}, 2 * time.Minute},
		{"another job", reads{run, run, other}, 0},
		{"another job after one that was ready", reads{ready, other, other}, time.Minute},
	} {
		c := newClock()
		l, k := New(c.now), Key{Target: "t", API: "test"}
		m := l.Recall(l.Enter(k, &ledgerAPI))
		for _, read := range tc.reads {
			c.tick(time.Minute)
			m, _ = l.Record(l.Enter(k, &ledgerAPI), read(c))
		}
		switch {
		case m.Undecided:
			t.Errorf("%s: undecided, for a job of its own", tc.name)
		case tc.still < 0 && !m.Still.IsZero():
			t.Errorf("%s: it stands still since %v, want never", tc.name, m.Still)
		case tc.still >= 0 && m.LastRead.Sub(m.Still) != tc.still:
			t.Errorf("%s: it stands still for %v, want %v", tc.name, m.LastRead.Sub(m.Still), tc.still)
		}
	}
}

func TestStalled(t *testing.T) {
	now := newClock().at
	m := Memory{LastRead: now, Verdict: Verdict{Still: now.Add(-time.Minute)}}
	for after, want := range map[time.Duration]bool{0: false, 59 * time.Second: true, time.Minute: false, time.Hour: false} {
		if got := m.Stalled(after); got != want {
			t.Errorf("stall_after %v: %v, want %v", after, got, want)
		}
	}
	m.Still = time.Time{}
	if m.Stalled(time.Nanosecond) {
		t.Error("what may stand still has stalled")
	}
}

// When a job ended is known only if somebody saw it before.
func TestEnds(t *testing.T) {
	say := func(job string, s progress.State) func(*clock) *Result {
		return func(c *clock) *Result { return c.good(progress.Report{Job: job, State: s}) }
	}
	fails := func(c *clock) *Result { return c.bad(progress.Connect, "") }
	forgotten := say("", progress.None)
	type reads = []func(*clock) *Result
	for _, tc := range []struct {
		name  string
		reads reads // one a minute
		ended bool
		end   int // minutes since the start; 0: not known
		seen  int // when this run was first seen; 0: not looked at
	}{
		{"not yet", reads{say("1", progress.Running)}, false, 0, 1},
		{"it ends", reads{say("1", progress.Running), say("1", progress.Succeeded), say("1", progress.Succeeded)}, true, 2, 1},
		{"over when first seen", reads{say("1", progress.Succeeded), say("1", progress.Succeeded)}, true, 0, 0},
		{"over at the first good read", reads{fails, say("1", progress.Failed)}, true, 0, 2},
		{"and forgotten later", reads{say("1", progress.Cancelled), forgotten}, true, 0, 1},
		{"not to be read any more", reads{say("1", progress.Running), say("1", progress.Succeeded), fails}, true, 2, 0},
		{"it goes on", reads{say("1", progress.Succeeded), say("1", progress.Running)}, false, 0, 0},
		{"it goes on and ends", reads{say("1", progress.Succeeded), say("1", progress.Running), say("1", progress.Failed)}, true, 3, 0},
		{"another job", reads{say("1", progress.Running), say("1", progress.Succeeded), say("2", progress.Pending)}, false, 0, 3},
		{"another job that is over", reads{say("1", progress.Succeeded), say("2", progress.Succeeded)}, true, 2, 2},
	} {
		c := newClock()
		begin := c.at
		l, k := New(c.now), Key{Target: "t", API: "test"}
		m := l.Recall(l.Enter(k, &ledgerAPI))
		for _, read := range tc.reads {
			c.tick(time.Minute)
			m, _ = l.Record(l.Enter(k, &ledgerAPI), read(c))
		}
		want := time.Time{}
		if tc.end > 0 {
			want = begin.Add(time.Duration(tc.end) * time.Minute)
		}
		if wantSeen := begin.Add(time.Duration(tc.seen) * time.Minute); tc.seen > 0 && !m.FirstSeen.Equal(wantSeen) {
			t.Errorf("%s: first seen at %v, want %v", tc.name, m.FirstSeen, wantSeen)
		}
		if m.Ended != tc.ended || !m.End.Equal(want) {
			t.Errorf("%s: ended %v at %v, want %v at %v", tc.name, m.Ended, m.End, tc.ended, want)
		}
	}
}
