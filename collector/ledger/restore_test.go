package ledger

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// rememberer is a ledger with a file, of jobs that a test plays.
type rememberer struct {
	*fileWatch
	ledger     *Ledger
	saver      *Saver
	clock      *clock
	path       string
	list       func() []*remembered
	jobs       []*remembered
	incomplete bool // some target file is refused
}

// remembered is a target, and what reads it.
type remembered struct {
	key   Key
	read  func(context.Context) (progress.Report, error)
	entry *Entry
}

// fileWatch is what was told about the file.
type fileWatch struct {
	good   bool
	failed int
}

func (*fileWatch) Restored(int)       {}
func (*fileWatch) Written(time.Time)  {}
func (w *fileWatch) Succeeds(ok bool) { w.good = ok }
func (w *fileWatch) Failed(string)    { w.failed++ }

// start starts it, or starts it again.
func (r *rememberer) start(t *testing.T) {
	t.Helper()
	r.fileWatch = &fileWatch{}
	r.ledger = New(r.clock.now)
	r.saver = NewSaver(r.path, r.ledger, r.fileWatch, log.NewNopLogger(), r.clock.now)
	r.saver.again.Store(0)
	r.jobs = r.list()
	var keys []Key
	for _, j := range r.jobs {
		j.entry = r.ledger.Enter(j.key, &ledgerAPI)
		keys = append(keys, j.key)
	}
	r.ledger.Keep(keys, r.incomplete)
}

// kill ends it as SIGKILL does: what is not in the file is lost.
func (r *rememberer) kill() {
	r.saver.stop()
	<-r.saver.done
}

// hurry waits for a write.
func (r *rememberer) hurry() {
	r.saver.mu.Lock()
	tried := r.saver.tried
	r.saver.mu.Unlock()
	r.saver.hurry <- struct{}{}
	<-tried
}

// scrape reads all targets and returns what is known of each.
func (r *rememberer) scrape(t *testing.T) map[string]Memory {
	t.Helper()
	known := map[string]Memory{}
	for _, j := range r.jobs {
		report, err := j.read(t.Context())
		read := r.clock.good(report)
		if err != nil {
			read = &Result{Err: progress.AsError(err), Started: r.clock.at}
		}
		known[j.key.Target], _ = r.ledger.Record(j.entry, read)
	}
	r.saver.Settle(t.Context())
	return known
}

// remember returns a target for a rememberer.
func remember(name, home string, read func(context.Context) (progress.Report, error)) *remembered {
	return &remembered{key: Key{Target: name, API: "test", Home: home}, read: read}
}

// runs is a job that runs.
func runs(context.Context) (progress.Report, error) {
	return progress.Report{State: progress.Running}, nil
}

// A stop and a start change nothing that is known.
func TestNothingIsForgotten(t *testing.T) {
	ratio := 0.1
	state, code := progress.Running, ""
	job := func(context.Context) (progress.Report, error) {
		return progress.Report{Job: "secret-token", State: state, Ratio: &ratio, ErrorCode: code,
			Nodes: []progress.Node{{ID: "n", ErrorCode: code}}}, nil
	}
	fails := func(context.Context) (progress.Report, error) {
		return progress.Report{}, &progress.Error{Reason: progress.APIError, Code: "E-7", Message: "no"}
	}
	r := &rememberer{clock: newClock(), path: filepath.Join(t.TempDir(), "memory.json")}
	r.list = func() []*remembered {
		return []*remembered{remember("a", "http://one", job), remember("down", "http://two", fails)}
	}
	r.start(t)
	var before map[string]Memory
	for i := range 12 {
		ratio = 0.1 + float64(i)/100
		code = map[bool]string{true: "disk"}[i > 5]
		r.clock.tick(time.Minute)
		before = r.scrape(t)
	}
	r.saver.Close()
	text, err := os.ReadFile(r.path)
	if err != nil || strings.Contains(string(text), "secret") || strings.Contains(string(text), "http") {
		t.Errorf("the file has a token or an address: %v\n%s", err, text)
	}

	r.start(t)
	defer func() { r.saver.Close() }()
	r.clock.tick(time.Minute)
	after := r.scrape(t)
	for name, m := range before {
		m.Reads++
		m.LastRead = after[name].LastRead
		if name == "down" {
			m.Failures++
		} else if !m.LastRead.Equal(r.clock.at) {
			t.Errorf("%s: last read at %v", name, m.LastRead)
		}
		m.Verdict = after[name].Verdict
		if diff := cmp.Diff(m, after[name], cmp.AllowUnexported(Memory{}, CodeCount{}, Verdict{}), cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
	if m := after["a"]; m.Expected.IsZero() || !m.Still.Equal(before["a"].LastChange) {
		t.Errorf("the verdict begins anew: %+v", m.Verdict)
	}

	// What happened meanwhile is seen: the code that stood has gone, and the job has ended.
	state, code = progress.Succeeded, ""
	r.clock.tick(time.Minute)
	if m := r.scrape(t)["a"]; !m.Ended || !m.End.Equal(r.clock.at) {
		t.Errorf("ended %v at %v, want %v", m.Ended, m.End, r.clock.at)
	}
	state, code = progress.Running, "disk"
	r.clock.tick(time.Minute)
	if m := r.scrape(t)["a"]; counts(m.JobErrors)["disk"] != 2 {
		t.Errorf("%v errors, want a second one", counts(m.JobErrors)["disk"])
	}
}

// Another job, another address and a target that is gone inherit nothing.
func TestOthersInheritNothing(t *testing.T) {
	token, home := "1", "http://one"
	state := progress.Running
	job := func(context.Context) (progress.Report, error) {
		return progress.Report{Job: token, State: state, ErrorCode: "disk"}, nil
	}
	r := &rememberer{clock: newClock(), path: filepath.Join(t.TempDir(), "memory.json")}
	r.list = func() []*remembered { return []*remembered{remember("a", home, job)} }
	r.start(t)
	r.scrape(t)
	state = progress.Succeeded
	r.scrape(t)
	r.saver.Close()

	token = "2"
	r.start(t)
	if m := r.scrape(t)["a"]; counts(m.JobErrors)["disk"] != 2 || !m.Ended {
		t.Errorf("another job: %v errors, ended %v; want 2, and an end of its own", counts(m.JobErrors)["disk"], m.Ended)
	}
	r.saver.Close()

	home = "http://another"
	r.start(t)
	if m := r.scrape(t)["a"]; m.Reads != 1 || counts(m.JobErrors)["disk"] != 1 || !m.End.IsZero() {
		t.Errorf("another address: %v reads, %v errors, end %v", m.Reads, counts(m.JobErrors)["disk"], m.End)
	}
	r.saver.Close()
	text, err := os.ReadFile(r.path)
	if n := strings.Count(string(text), `"target"`); err != nil || n != 1 {
		t.Errorf("%d entries, %v; want that of the address in use alone", n, err)
	}
}

// While a target file is refused, nobody knows which targets it would have had.
func TestRefusedFilesForgetNothing(t *testing.T) {
	r := &rememberer{clock: newClock(), path: filepath.Join(t.TempDir(), "memory.json")}
	r.list = func() []*remembered { return []*remembered{remember("a", "http://one", runs)} }
	r.start(t)
	r.scrape(t)
	r.saver.Close()
	r.list = func() []*remembered { return nil }
	for _, tc := range []struct {
		mistake error
		want    int
	}{{errors.New("a mistake"), 1}, {nil, 0}} {
		r.incomplete = tc.mistake != nil
		r.start(t)
		if got := len(r.ledger.past.entries); got != tc.want {
			t.Errorf("with the mistake %v %d entries are kept, want %d", tc.mistake, got, tc.want)
		}
		r.saver.Close()
	}
}
