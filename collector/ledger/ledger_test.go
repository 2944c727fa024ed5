package ledger

import (
	"strconv"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

func TestLedgerForgetsTargetsThatAreGone(t *testing.T) {
	c := newClock()
	l := New(c.now)
	for _, k := range []Key{{"stays", "test", "h", ""}, {"stays", "test", "h", "job"}, {"goes", "test", "h", ""}, {"goes", "test", "h", "job"}, {"stays", "other", "h", ""}, {"stays", "test", "elsewhere", ""}} {
		l.Enter(k, &ledgerAPI)
	}
	l.Keep([]Key{{Target: "stays", API: "test", Home: "h"}}, false)
	if len(l.entries) != 2 || l.probed != 1 {
		t.Errorf("%d keys and %d probed jobs remembered, want 2 and 1", len(l.entries), l.probed)
	}
}

// What is only in the configuration is not counted: with two exporters that share its
// targets, each tells how many it reads.
func TestJobsAreWhatWasAskedFor(t *testing.T) {
	c := newClock()
	l := New(c.now)
	l.Enter(Key{Target: "never read", API: "test", Job: ""}, &ledgerAPI)
	l.Enter(Key{Target: "probed", API: "test", Job: "1"}, &ledgerAPI)
	l.Record(l.Enter(Key{Target: "read", API: "test", Job: ""}, &ledgerAPI), c.good(progress.Report{}))
	if l.Jobs() != 2 {
		t.Errorf("%d jobs, want the one that was probed and the target that was read", l.Jobs())
	}
}

func TestLedgerForgetsJobsNobodyAsksFor(t *testing.T) {
	c := newClock()
	l := New(c.now)
	l.Enter(Key{Target: "t", API: "test", Job: ""}, &ledgerAPI)
	l.Enter(Key{Target: "t", API: "test", Job: "old"}, &ledgerAPI)
	c.tick(jobMemory / 2)
	l.Enter(Key{Target: "t", API: "test", Job: "young"}, &ledgerAPI)
	c.tick(jobMemory / 2)
	l.Enter(Key{Target: "t", API: "test", Job: "new"}, &ledgerAPI)
	for k, want := range map[string]bool{"": true, "old": false, "young": true, "new": true} {
		if _, got := l.entries[Key{Target: "t", API: "test", Job: k}]; got != want {
			t.Errorf("job %q remembered: %v, want %v", k, got, want)
		}
	}
}

func TestLedgerBoundsJobs(t *testing.T) {
	c := newClock()
	l := New(c.now)
	l.Enter(Key{Target: "t", API: "test", Job: ""}, &ledgerAPI) // no job, and never in the way of one
	for i := range maxJobs + 5 {
		c.tick(time.Millisecond)
		l.Enter(Key{Target: "t", API: "test", Job: strconv.Itoa(i + 1)}, &ledgerAPI)
	}
	l.Enter(Key{Target: "u", API: "test", Job: ""}, &ledgerAPI)
	if len(l.entries) != maxJobs+2 || l.probed != maxJobs {
		t.Errorf("%d keys and %d jobs remembered, want 2 targets and %d jobs", len(l.entries), l.probed, maxJobs)
	}
	if _, ok := l.entries[Key{Target: "t", API: "test", Job: ""}]; !ok {
		t.Error("a target was forgotten")
	}
	if _, ok := l.entries[Key{Target: "t", API: "test", Job: "5"}]; ok {
		t.Error("the job unseen for the longest time is still there")
	}
}

func TestHold(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test", Job: ""}
	held := func(interval time.Duration) bool { _, ok := l.Hold(l.Enter(k, &ledgerAPI), interval); return ok }
	l.Enter(k, &ledgerAPI)
	if held(time.Hour) {
		t.Error("a target that was never read is held")
	}
	l.Record(l.Enter(k, &ledgerAPI), c.good(progress.Report{State: progress.Running}))
	if held(0) || !held(time.Minute) {
		t.Error("min_interval: want no hold for 0s, a hold for 1m")
	}
	c.tick(time.Minute)
	if held(time.Minute) {
		t.Error("still held after min_interval")
	}
	limited := c.bad(progress.RateLimited, "")
	limited.Err.RetryAfter = time.Minute
	l.Record(l.Enter(k, &ledgerAPI), limited)
	if o, ok := l.Hold(l.Enter(k, &ledgerAPI), 0); !ok || o.Err.Reason != progress.RateLimited {
		t.Error("Retry-After of a 429 is not honoured")
	}
	c.tick(time.Minute)
	if held(0) {
		t.Error("still held after Retry-After")
	}
}

// A 429 and a 503 keep others from asking, and no other failure does, only until the next read that counts.
func TestRetryAfter(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test", Job: ""}
	held := func() bool { _, ok := l.Hold(l.Enter(k, &ledgerAPI), 0); return ok }
	fails := func(reason progress.Reason) {
		r := c.bad(reason, "")
		r.Err.RetryAfter, r.Duration = time.Minute, 10*time.Second
		l.Record(l.Enter(k, &ledgerAPI), r)
	}
	l.Enter(k, &ledgerAPI)
	for _, reason := range []progress.Reason{progress.Auth, progress.HTTP4xx, progress.Redirect} {
		if fails(reason); held() {
			t.Errorf("Retry-After holds the target after %s", reason)
		}
	}
	if fails(progress.HTTP5xx); !held() {
		t.Error("Retry-After of a 503 is not honoured")
	}
	fails(progress.RateLimited)
	if c.tick(69 * time.Second); !held() {
		t.Error("Retry-After counts from the beginning of the read, want from its end")
	}
	if c.tick(time.Second); held() {
		t.Error("still held after Retry-After")
	}
	fails(progress.RateLimited)
	if fails(progress.Timeout); held() {
		t.Error("still held after another failure")
	}
	fails(progress.RateLimited)
	l.Record(l.Enter(k, &ledgerAPI), c.good(progress.Report{State: progress.Running}))
	if held() {
		t.Error("still held after a good read")
	}
}

// A job that is held is asked for all the same.
func TestHoldKeepsAJob(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test", Job: "job"}
	l.Enter(k, &ledgerAPI)
	l.Record(l.Enter(k, &ledgerAPI), c.good(progress.Report{State: progress.Running}))
	c.tick(jobMemory / 2)
	l.Hold(l.Enter(k, &ledgerAPI), 2*jobMemory)
	c.tick(jobMemory / 2)
	l.Enter(Key{Target: "t", API: "test", Job: ""}, &ledgerAPI)
	if _, ok := l.entries[k]; !ok {
		t.Error("a job was forgotten that somebody asked for")
	}
}

func TestRecordAfterForgetting(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test", Job: ""}
	e := l.Enter(k, &ledgerAPI)
	l.Record(e, c.good(progress.Report{State: progress.Running}))
	l.Keep(nil, false)
	if m, _ := l.Record(e, c.good(progress.Report{State: progress.Running})); m.Reads != 2 {
		t.Errorf("reads = %v, want 2: no counter steps back in the last scrape of a target", m.Reads)
	}
	if len(l.entries) != 0 {
		t.Error("a read that ended after its target was removed brought it back")
	}
}

// What is remembered of a target ends when its name stands for another product, or for
// the same at another address.
func TestKeepKnowsTheHome(t *testing.T) {
	l := New(newClock().now)
	of := Key{Target: "a", API: "test", Home: "http://here"}
	for k, want := range map[Key]bool{
		of: true, {"a", "test", of.Home, "7"}: true,
		{"a", "other", of.Home, ""}: false, {"a", "test", "http://elsewhere", ""}: false, {"c", "test", of.Home, ""}: false,
	} {
		l.Enter(k, &ledgerAPI)
		l.Keep([]Key{of}, false)
		if _, got := l.entries[k]; got != want {
			t.Errorf("%+v: kept %v, want %v", k, got, want)
		}
	}
}
