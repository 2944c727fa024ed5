package ledger

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

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
	r.list = func() (list []*remembered) {
		for i := range 3 {
			name := fmt.Sprintf("job%d", i)
			if jobs[name] == nil {
				jobs[name] = &job{state: progress.Running, moved: r.clock.at}
			}
			j := jobs[name]
			list = append(list, remember(name, "http://"+name, func(context.Context) (progress.Report, error) {
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
			if m.Reads < before.Reads || m.Failures < before.Failures {
				t.Fatalf("kill %d, %s: %v reads and %v failures after %v and %v", kills, name, m.Reads, m.Failures, before.Reads, before.Failures)
			}
			counted := counts(m.JobErrors)["disk"] + counts(m.JobErrors)["net"]
			if counted != j.errors {
				t.Fatalf("kill %d, %s: %v errors are counted, the product has shown %v", kills, name, counted, j.errors)
			}
			if !m.Created.Equal(before.Created) {
				t.Fatalf("kill %d, %s: the counters began at %v, and at %v before", kills, name, m.Created, before.Created)
			}
			if m.LastChange.After(j.moved.Add(saveEvery)) && m.LastChange.After(before.LastChange.Add(saveEvery)) {
				t.Fatalf("kill %d, %s: moved at %v, which is said to be %v", kills, name, j.moved, m.LastChange)
			}
			if j.step%11 != 10 && j.state == progress.Succeeded && (!m.Ended || m.End.After(j.ended.Add(saveEvery))) {
				t.Fatalf("kill %d, %s: ended at %v, which is said to be %v, %v", kills, name, j.ended, m.Ended, m.End)
			}
		}
	}
	r.kill()
}
