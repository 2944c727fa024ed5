package collector

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/targets"
)

// rememberer is an exporter with a memory file, of targets that a test plays.
type rememberer struct {
	*Exporter
	clock *clock
	path  string
	list  func() []*target
	files []fileStatus
}

// start starts it, or starts it again.
func (r *rememberer) start(t *testing.T) {
	t.Helper()
	r.Exporter = New([]progress.API{testAPI}, Options{Concurrency: 4, MemoryFile: r.path, Logger: log.NewNopLogger(), Now: r.clock.now})
	r.saver.again.Store(0)
	p := &Plan{byName: map[string]*target{}, files: r.files}
	p.add(r.list())
	r.Use(p)
}

// kill ends it as SIGKILL does: what is not in the file is lost.
func (r *rememberer) kill() {
	r.reader.close()
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
func (r *rememberer) scrape(t *testing.T) map[string]memory {
	t.Helper()
	known := map[string]memory{}
	for _, reading := range r.reader.scrape(t.Context(), r.plan.Load().targets) {
		known[reading.target.target] = reading.memory
	}
	return known
}

// remembered is a target for a rememberer.
func remembered(name, home string, from sourceFunc) *target {
	t := testTarget(name, from)
	t.key = key{target: name, api: "test", home: home}
	t.cfg = &targets.Target{Name: name}
	return t
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
	r.list = func() []*target {
		return []*target{remembered("a", "http://one", job), remembered("down", "http://two", fails)}
	}
	r.start(t)
	var before map[string]memory
	for i := range 12 {
		ratio = 0.1 + float64(i)/100
		code = map[bool]string{true: "disk"}[i > 5]
		r.clock.tick(time.Minute)
		before = r.scrape(t)
	}
	r.Close()
	text, err := os.ReadFile(r.path)
	if err != nil || strings.Contains(string(text), "secret") || strings.Contains(string(text), "http") {
		t.Errorf("the file has a token or an address: %v\n%s", err, text)
	}

	r.start(t)
	defer func() { r.Close() }()
	r.clock.tick(time.Minute)
	after := r.scrape(t)
	for name, m := range before {
		m.reads++
		m.lastRead = after[name].lastRead
		if name == "down" {
			m.failures++
		} else if !m.lastRead.Equal(r.clock.at) {
			t.Errorf("%s: last read at %v", name, m.lastRead)
		}
		m.verdict = after[name].verdict
		if diff := cmp.Diff(m, after[name], cmp.AllowUnexported(memory{}, codeCount{}, verdict{}), cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) })); diff != "" {
			t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
	if m := after["a"]; m.expected.IsZero() || !m.still.Equal(before["a"].lastChange) {
		t.Errorf("the verdict begins anew: %+v", m.verdict)
	}

	// What happened meanwhile is seen: the code that stood has gone, and the job has ended.
	state, code = progress.Succeeded, ""
	r.clock.tick(time.Minute)
	if m := r.scrape(t)["a"]; !m.ended || !m.end.Equal(r.clock.at) {
		t.Errorf("ended %v at %v, want %v", m.ended, m.end, r.clock.at)
	}
	state, code = progress.Running, "disk"
	r.clock.tick(time.Minute)
	if m := r.scrape(t)["a"]; counts(m.jobErrors)["disk"] != 2 {
		t.Errorf("%v errors, want a second one", counts(m.jobErrors)["disk"])
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
	r.list = func() []*target { return []*target{remembered("a", home, job)} }
	r.start(t)
	r.scrape(t)
	state = progress.Succeeded
	r.scrape(t)
	r.Close()

	token = "2"
	r.start(t)
	if m := r.scrape(t)["a"]; counts(m.jobErrors)["disk"] != 2 || !m.ended {
		t.Errorf("another job: %v errors, ended %v; want 2, and an end of its own", counts(m.jobErrors)["disk"], m.ended)
	}
	r.Close()

	home = "http://another"
	r.start(t)
	if m := r.scrape(t)["a"]; m.reads != 1 || counts(m.jobErrors)["disk"] != 1 || !m.end.IsZero() {
		t.Errorf("another address: %v reads, %v errors, end %v", m.reads, counts(m.jobErrors)["disk"], m.end)
	}
	r.Close()
	text, err := os.ReadFile(r.path)
	if n := strings.Count(string(text), `"target"`); err != nil || n != 1 {
		t.Errorf("%d entries, %v; want that of the address in use alone", n, err)
	}
}

// While a target file is refused, nobody knows which targets it would have had.
func TestRefusedFilesForgetNothing(t *testing.T) {
	r := &rememberer{clock: newClock(), path: filepath.Join(t.TempDir(), "memory.json")}
	r.list = func() []*target { return []*target{remembered("a", "http://one", running)} }
	r.start(t)
	r.scrape(t)
	r.Close()
	r.list = func() []*target { return nil }
	for _, tc := range []struct {
		mistake error
		want    int
	}{{errors.New("a mistake"), 1}, {nil, 0}} {
		r.files = []fileStatus{{path: "jobs.yml", err: tc.mistake}}
		r.start(t)
		if got := len(r.ledger.past.entries); got != tc.want {
			t.Errorf("with the mistake %v %d entries are kept, want %d", tc.mistake, got, tc.want)
		}
		r.Close()
	}
}

// A thousand times the process is killed at any moment: no counter that was said steps
// back, no error is counted twice or forgotten, and no date is newer than it was.
func TestKilledAtAnyMoment(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 5))
	type job struct {
		step   int
		code   string
		errors float64 // how often the product has shown a new code
		moved  time.Time
		state  progress.State
		ended  time.Time
	}
	jobs := map[string]*job{}
	r := &rememberer{clock: newClock(), path: filepath.Join(t.TempDir(), "memory.json")}
	r.list = func() (list []*target) {
		for i := range 3 {
			name := fmt.Sprintf("job%d", i)
			if jobs[name] == nil {
				jobs[name] = &job{state: progress.Running, moved: r.clock.at}
			}
			j := jobs[name]
			list = append(list, remembered(name, "http://"+name, func(context.Context) (progress.Report, error) {
				if j.step%11 == 10 {
					return progress.Report{}, progress.Errorf(progress.Timeout, "no answer")
				}
				ratio := float64(j.step) / 1e6
				return progress.Report{Job: name, State: j.state, Ratio: &ratio, ErrorCode: j.code}, nil
			}))
		}
		return list
	}
	r.start(t)
	r.scrape(t)
	for kills := 0; kills < 1000; {
		r.clock.tick(time.Second)
		for _, j := range jobs {
			if random.IntN(3) > 0 {
				continue
			}
			j.step++
			if j.step%11 == 10 {
				continue // it fails, and nobody sees what it shows
			}
			j.moved = r.clock.at
			was := j.code
			j.code = []string{"", "disk", "net"}[random.IntN(3)]
			if j.code != "" && j.code != was {
				j.errors++
			}
			if state := []progress.State{progress.Running, progress.Succeeded}[random.IntN(2)]; state != j.state {
				j.state, j.ended = state, r.clock.at
			}
		}
		said := r.scrape(t)
		if random.IntN(2) == 0 {
			r.hurry()
		}
		if random.IntN(2) == 0 {
			continue
		}
		kills++
		r.kill()
		r.start(t)
		for name, m := range r.scrape(t) {
			j, before := jobs[name], said[name]
			if m.reads < before.reads || m.failures < before.failures {
				t.Fatalf("kill %d, %s: %v reads and %v failures after %v and %v", kills, name, m.reads, m.failures, before.reads, before.failures)
			}
			counted := counts(m.jobErrors)["disk"] + counts(m.jobErrors)["net"]
			if counted != j.errors {
				t.Fatalf("kill %d, %s: %v errors are counted, the product has shown %v", kills, name, counted, j.errors)
			}
			if !m.created.Equal(before.created) {
				t.Fatalf("kill %d, %s: the counters began at %v, and at %v before", kills, name, m.created, before.created)
			}
			if m.lastChange.After(j.moved.Add(saveEvery)) && m.lastChange.After(before.lastChange.Add(saveEvery)) {
				t.Fatalf("kill %d, %s: moved at %v, which is said to be %v", kills, name, j.moved, m.lastChange)
			}
			if j.step%11 != 10 && j.state == progress.Succeeded && (!m.ended || m.end.After(j.ended.Add(saveEvery))) {
				t.Fatalf("kill %d, %s: ended at %v, which is said to be %v, %v", kills, name, j.ended, m.ended, m.end)
			}
		}
	}
	r.kill()
}
