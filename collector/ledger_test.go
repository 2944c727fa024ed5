package collector

import (
	"strconv"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

func TestLedgerForgetsTargetsThatAreGone(t *testing.T) {
	c := newClock()
	l := newLedger(c.now)
	for _, k := range []key{{"stays", "test", ""}, {"stays", "test", "job"}, {"goes", "test", ""}, {"goes", "test", "job"}, {"stays", "other", ""}} {
		l.enter(k, &testAPI)
	}
	l.keep(func(target, api string) bool { return target == "stays" && api == "test" })
	if l.jobs() != 2 || l.probed != 1 {
		t.Errorf("%d keys and %d probed jobs remembered, want 2 and 1", l.jobs(), l.probed)
	}
}

func TestLedgerForgetsJobsNobodyAsksFor(t *testing.T) {
	c := newClock()
	l := newLedger(c.now)
	l.enter(key{"t", "test", ""}, &testAPI)
	l.enter(key{"t", "test", "old"}, &testAPI)
	c.tick(jobMemory / 2)
	l.enter(key{"t", "test", "young"}, &testAPI)
	c.tick(jobMemory / 2)
	l.enter(key{"t", "test", "new"}, &testAPI)
	for k, want := range map[string]bool{"": true, "old": false, "young": true, "new": true} {
		if _, got := l.entries[key{"t", "test", k}]; got != want {
			t.Errorf("job %q remembered: %v, want %v", k, got, want)
		}
	}
}

func TestLedgerBoundsJobs(t *testing.T) {
	c := newClock()
	l := newLedger(c.now)
	for i := range maxJobs + 5 {
		c.tick(time.Millisecond)
		l.enter(key{"t", "test", strconv.Itoa(i + 1)}, &testAPI)
	}
	if l.jobs() != maxJobs {
		t.Errorf("%d jobs remembered, want %d", l.jobs(), maxJobs)
	}
	if _, ok := l.entries[key{"t", "test", "5"}]; ok {
		t.Error("the job unseen for the longest time is still there")
	}
}

func TestHold(t *testing.T) {
	c := newClock()
	l, k := newLedger(c.now), key{"t", "test", ""}
	held := func(interval time.Duration) bool { _, ok := l.hold(l.enter(k, &testAPI), interval); return ok }
	l.enter(k, &testAPI)
	if held(time.Hour) {
		t.Error("a target that was never read is held")
	}
	l.record(l.enter(k, &testAPI), c.good(progress.Report{State: progress.Running}))
	if held(0) || !held(time.Minute) {
		t.Error("min_interval: want no hold for 0s, a hold for 1m")
	}
	c.tick(time.Minute)
	if held(time.Minute) {
		t.Error("still held after min_interval")
	}
	limited := c.bad(progress.RateLimited, "")
	limited.err.RetryAfter = time.Minute
	l.record(l.enter(k, &testAPI), limited)
	if o, ok := l.hold(l.enter(k, &testAPI), 0); !ok || o.err.Reason != progress.RateLimited {
		t.Error("Retry-After of a 429 is not honoured")
	}
	c.tick(time.Minute)
	if held(0) {
		t.Error("still held after Retry-After")
	}
}

func TestRecordAfterForgetting(t *testing.T) {
	c := newClock()
	l, k := newLedger(c.now), key{"t", "test", ""}
	e := l.enter(k, &testAPI)
	l.record(e, c.good(progress.Report{State: progress.Running}))
	l.keep(func(string, string) bool { return false })
	if m, _ := l.record(e, c.good(progress.Report{State: progress.Running})); m.reads != 2 {
		t.Errorf("reads = %v, want 2: no counter steps back in the last scrape of a target", m.reads)
	}
	if l.jobs() != 0 {
		t.Error("a read that ended after its target was removed brought it back")
	}
}
