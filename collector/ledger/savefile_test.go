package ledger

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"progress_exporter/collector/memoryfile"
	"progress_exporter/collector/progress"
)

// oneJob is a rememberer of one target "a", whose job is what report says.
func oneJob(t *testing.T, report *progress.Report) *rememberer {
	r := &rememberer{clock: newClock(), path: filepath.Join(t.TempDir(), "memory.json")}
	r.list = func() []*remembered {
		return []*remembered{remember("a", "http://one", func(context.Context) (progress.Report, error) {
			if report.State == progress.Unknown {
				return progress.Report{}, progress.Errorf(progress.Timeout, "no answer")
			}
			return *report, nil
		})}
	}
	return r
}

// A code that went away is no news that waits for the next movement: when it comes again it
// is another error, also after a kill.
func TestCodeThatGoesIsSaved(t *testing.T) {
	report := progress.Report{State: progress.Running, ErrorCode: "disk", Nodes: []progress.Node{{ID: "n", ErrorCode: "net"}}}
	r := oneJob(t, &report)
	r.start(t)
	r.scrape(t)
	report.ErrorCode, report.Nodes = "", []progress.Node{{ID: "n"}}
	r.clock.tick(time.Second)
	r.scrape(t)
	r.hurry()
	r.kill()

	report.ErrorCode, report.Nodes = "disk", []progress.Node{{ID: "n", ErrorCode: "net"}}
	r.start(t)
	defer r.saver.Close()
	if m := r.scrape(t)["a"]; counts(m.JobErrors)["disk"] != 2 || counts(m.NodeErrors)["net"] != 2 {
		t.Errorf("%v errors of the job and %v of nodes, want 2 each", counts(m.JobErrors)["disk"], counts(m.NodeErrors)["net"])
	}
}

// Beginning and end of a job that follows another ended one are as urgent as the first's.
func TestDatesOfTheNextJobAreSavedAtOnce(t *testing.T) {
	report := progress.Report{Job: "1", State: progress.Running}
	r := oneJob(t, &report)
	r.start(t)
	r.scrape(t)
	report.State = progress.Succeeded
	r.scrape(t)
	report.Job = "2"
	r.clock.tick(time.Second)
	before := r.scrape(t)["a"]
	r.kill()
	r.clock.tick(time.Hour)
	r.start(t)
	defer r.saver.Close()
	want := r.clock.at.Add(-time.Hour)
	for _, m := range []Memory{before, r.scrape(t)["a"]} {
		if !m.FirstSeen.Equal(want) || !m.End.Equal(want) {
			t.Errorf("first seen at %v, ended at %v, want both at %v", m.FirstSeen, m.End, want)
		}
	}
}

// What a kill may have swallowed is made up for reads, and for the failures of a target
// that cannot be read, but never for one that can.
func TestNoFailureIsMadeUp(t *testing.T) {
	report := progress.Report{State: progress.Running}
	r := oneJob(t, &report)
	for _, tc := range []struct {
		state           progress.State
		reads, failures float64
	}{
		{progress.Running, 1, 0},
		{progress.Running, 1 + readsAhead + 1, 0},
		{progress.Unknown, 2*(1+readsAhead) + 1, 1},                     // fails
		{progress.Unknown, 3*(1+readsAhead) + 1, 1 + failuresAhead + 1}, // fails again
	} {
		report.State = tc.state
		r.start(t)
		if m := r.scrape(t)["a"]; m.Reads != tc.reads || m.Failures != tc.failures {
			t.Errorf("%v reads and %v failures, want %v and %v", m.Reads, m.Failures, tc.reads, tc.failures)
		}
		r.kill()
	}
}

// A read that comes in late is counted, and so promised.
func TestLateReadsAreCountedOn(t *testing.T) {
	report := progress.Report{State: progress.Running}
	r := oneJob(t, &report)
	r.start(t)
	defer r.saver.Close()
	r.scrape(t)
	e := r.jobs[0].entry
	late := &Result{Started: r.clock.at.Add(-time.Minute)}
	for range readsAhead {
		r.ledger.Record(e, late)
	}
	before := r.ledger.urgent
	r.ledger.Record(e, late)
	if r.ledger.urgent != before+1 {
		t.Errorf("%d urgent changes after %d, want one more", r.ledger.urgent, before)
	}
}

// What nobody asked for between a kill, a start and a stop goes on as well.
func TestNothingIsForgottenOfWhatNobodyAsksFor(t *testing.T) {
	p := newPast(memoryfile.State{Entries: []memoryfile.Entry{{Target: "a", API: "test", Reads: 5, ReadsAhead: 16, Failures: 1, FailuresAhead: 2}}}, strings.ToUpper)
	want := memoryfile.Entry{Target: "a", API: "test", Reads: 21, Failures: 3}
	if got := p.entries[pastKey{"a", "test", "", ""}]; got.Reads != want.Reads || got.Failures != want.Failures || got.ReadsAhead+got.FailuresAhead != 0 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A stop writes what is kept for refused target files, also if nothing was read.
func TestRefusedFilesSurviveAStop(t *testing.T) {
	report := progress.Report{State: progress.Running}
	r := oneJob(t, &report)
	r.start(t)
	r.scrape(t)
	r.saver.Close()
	full := r.list
	r.list, r.incomplete = func() []*remembered { return nil }, true
	for range 2 {
		r.start(t)
		r.saver.Close()
	}
	r.list, r.incomplete = full, false
	r.start(t)
	defer r.saver.Close()
	if m := r.scrape(t)["a"]; m.Reads != 2 {
		t.Errorf("%v reads, want 2", m.Reads)
	}
}

// Restarts with ever new probed jobs do not make the file grow for ever.
func TestPastIsBounded(t *testing.T) {
	var s memoryfile.State
	for i := range maxJobs + 10 {
		s.Entries = append(s.Entries, memoryfile.Entry{Target: "a", Probed: fmt.Sprint(i), Seen: paceStart.Add(time.Duration(i) * time.Second)})
	}
	s.Entries = append(s.Entries, memoryfile.Entry{Target: "a"})
	p := newPast(s, strings.ToUpper)
	_, first := p.entries[pastKey{target: "a", probed: "9"}]
	_, last := p.entries[pastKey{target: "a", probed: "10"}]
	_, whole := p.entries[pastKey{target: "a"}]
	if len(p.entries) != maxJobs+1 || first || !last || !whole {
		t.Errorf("%d entries; want %d without those that were not asked for for the longest time", len(p.entries), maxJobs+1)
	}
}

// A disk that is full is said once, holds up nothing, and gets everything when it has room.
func TestDiskThatIsFull(t *testing.T) {
	report := progress.Report{State: progress.Running, ErrorCode: "disk"}
	r := oneJob(t, &report)
	r.start(t)
	var full atomic.Bool
	full.Store(true)
	tried := 0
	write := r.saver.write
	r.saver.write = func(at time.Time, clean bool, entries, migrations [][]byte) error {
		if full.Load() {
			tried++
			return &fs.PathError{Op: "write", Path: r.path, Err: syscall.ENOSPC}
		}
		return write(at, clean, entries, migrations)
	}
	r.scrape(t)
	r.hurry()
	r.scrape(t)
	if r.good {
		t.Error("the last write counts as good")
	}
	full.Store(false)
	r.hurry()
	if !r.good || r.failed != tried || tried < 2 {
		t.Errorf("good %v with room again; %d failures, %d attempts", r.good, r.failed, tried)
	}
	r.kill()
	r.start(t)
	defer r.saver.Close()
	if m := r.scrape(t)["a"]; counts(m.JobErrors)["disk"] != 1 {
		t.Errorf("%v errors, want 1", counts(m.JobErrors)["disk"])
	}
}

// A disk that hangs holds up one scrape for a second, and no stop for long.
func TestDiskThatHangs(t *testing.T) {
	report := progress.Report{State: progress.Running}
	r := oneJob(t, &report)
	r.start(t)
	begun, hang := make(chan struct{}), make(chan struct{})
	write := r.saver.write
	r.saver.write = func(at time.Time, clean bool, entries, migrations [][]byte) error {
		close(begun)
		<-hang
		r.saver.write = write
		return write(at, clean, entries, migrations)
	}
	r.scrape(t) // waits, in vain
	<-begun
	report.ErrorCode = "disk" // urgent
	if m := r.scrape(t)["a"]; m.Reads != 2 {
		t.Errorf("%v reads, want 2", m.Reads)
	}
	r.saver.mu.Lock()
	slow := r.saver.slow
	r.saver.mu.Unlock()
	if !slow {
		t.Error("the next scrapes wait as well")
	}
	close(hang)
	r.saver.Close()
	if _, s, err := memoryfile.Open(r.path); err != nil || !s.Clean || len(s.Entries) != 1 || s.Entries[0].Reads != 2 {
		t.Errorf("%+v, %v; want all that there is to remember", s, err)
	}
}
