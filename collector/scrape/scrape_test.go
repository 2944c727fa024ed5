package scrape

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// inBubble runs a test with a reader inside a bubble of fake time.
func inBubble(t *testing.T, concurrency int, test func(t *testing.T, r *Reader)) {
	synctest.Test(t, func(t *testing.T) {
		l := ledger.New(time.Now)
		opts := Options{Concurrency: concurrency, Logger: log.NewNopLogger(), Now: time.Now}
		r := New(opts, l, &observed{late: map[string]int{}})
		test(t, r)
		r.Close()
	})
}

// observed counts the late reads by cause.
type observed struct {
	mu   sync.Mutex
	late map[string]int
}

func (*observed) Read(string, *ledger.Result) {}

func (o *observed) Late(_, cause string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.late[cause]++
}

func within(t *testing.T, r *Reader, d time.Duration, list ...*plan.Target) []Reading {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	return r.Scrape(ctx, list)
}

func ups(snapshot []Reading) string {
	var s strings.Builder
	for _, r := range snapshot {
		switch {
		case r.Err == nil:
			s.WriteString("1")
		default:
			s.WriteString("0")
		}
	}
	return s.String()
}

func TestScrapeServesWhatIsKnownAtItsDeadline(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *Reader) {
		began := time.Now()
		got := within(t, r, 5*time.Second, enginetest.Target("a", enginetest.Running), enginetest.Target("b", enginetest.Hang), enginetest.Target("c", enginetest.After(time.Second)))
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("took %v, want 5s", took)
		}
		if ups(got) != "101" || got[1].Err.Reason != progress.Timeout || got[1].Duration != 5*time.Second {
			t.Errorf("up %s, %v after %v", ups(got), got[1].Err, got[1].Duration)
		}
	})
}

func TestReadBelongsToNoAsker(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *Reader) {
		var asked atomic.Int32
		a := enginetest.Target("a", func(ctx context.Context) (progress.Report, error) {
			asked.Add(1)
			return enginetest.After(3 * time.Second)(ctx)
		})
		gone, hangUp := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { r.Scrape(gone, []*plan.Target{a}) })
		synctest.Wait()
		var patient []Reading
		wg.Go(func() { patient = within(t, r, 9*time.Second, a) })
		synctest.Wait()
		hangUp()
		wg.Wait()
		if ups(patient) != "1" || asked.Load() != 1 {
			t.Errorf("up %s after %d requests, want 1 after 1: %v", ups(patient), asked.Load(), patient[0].Err)
		}
		if m := r.ledger.Recall(r.ledger.Enter(a.Key, a.API)); m.Reads != 1 || m.Failures != 0 {
			t.Errorf("%v reads and %v failures, want 1 and 0", m.Reads, m.Failures)
		}
	})
}

func TestReadOutlivesAScrapeUntilItsOwnTimeout(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *Reader) {
		a := enginetest.Target("a", enginetest.Hang)
		within(t, r, time.Second, a)
		if m := r.ledger.Recall(r.ledger.Enter(a.Key, a.API)); m.Reads != 0 {
			t.Errorf("%v reads recorded while the read goes on", m.Reads)
		}
		if got := within(t, r, time.Second, a); got[0].Duration != 2*time.Second {
			t.Errorf("the second scrape says %v, want 2s since the read began", got[0].Duration)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if m := r.ledger.Recall(r.ledger.Enter(a.Key, a.API)); m.Reads != 1 || m.Failures != 1 {
			t.Errorf("%v reads and %v failures, want 1 and 1", m.Reads, m.Failures)
		}
	})
}

func TestPanicInAProductIsAFailedRead(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *Reader) {
		var lines strings.Builder
		r.logger = log.NewLogfmtLogger(log.NewSyncWriter(&lines))
		got := within(t, r, time.Second, enginetest.Target("a", func(context.Context) (progress.Report, error) { panic("oh no") }),
			enginetest.Target("b", enginetest.Running),
			enginetest.Target("c", func(context.Context) (progress.Report, error) {
				return progress.Report{Samples: []progress.Sample{{Family: 99}}}, nil // a family that does not exist
			}),
			enginetest.Target("d", func(context.Context) (progress.Report, error) { return progress.Report{}, errors.New("no reason") }))
		if ups(got) != "0100" {
			t.Errorf("up %s", ups(got))
		}
		for _, i := range []int{0, 2, 3} {
			if got[i].Err.Reason != progress.Internal {
				t.Errorf("target %d fails with %v, want internal", i, got[i].Err)
			}
		}
		if !strings.Contains(lines.String(), "oh no") || !strings.Contains(lines.String(), "scrape_test.go") {
			t.Errorf("the log does not say where it happened: %s", &lines)
		}
	})
}

func TestMinInterval(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *Reader) {
		asked := 0
		a := enginetest.Target("a", func(ctx context.Context) (progress.Report, error) {
			asked++
			if asked == 2 {
				return progress.Report{}, progress.Errorf(progress.Connect, "refused")
			}
			return enginetest.Running(ctx)
		})
		a.MinInterval = 30 * time.Second
		var got string
		for range 9 { // at 0, 10, … 80 s
			got += ups(within(t, r, time.Second, a))
			time.Sleep(10 * time.Second)
		}
		if got != "111000111" || asked != 3 {
			t.Errorf("up %s with %d requests, want 111000111 with 3", got, asked)
		}
	})
}

// A debug read waits for a read that is under way, and outlives who asked.
func TestDebugSharesTheRule(t *testing.T) {
	inBubble(t, 8, func(t *testing.T, r *Reader) {
		now, most := 0, 0
		a := enginetest.Target("a", func(ctx context.Context) (progress.Report, error) {
			now++
			most = max(most, now)
			defer func() { now-- }()
			return enginetest.After(3 * time.Second)(ctx)
		})
		a.Fetch = func(*http.Request) (progress.Response, error) { return progress.Response{}, nil }
		done := make(chan struct{})
		go func() { within(t, r, time.Minute, a); close(done) }()
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		if o := r.ScrapeBy(ctx, a, a.Fetch); o.Err != nil || time.Since(began) != 5*time.Second {
			t.Errorf("%v after %v, want a good read after 2s of waiting and 3s of its own", o.Err, time.Since(began))
		}
		<-done
		if most != 1 {
			t.Errorf("%d reads of one target at a time", most)
		}
		soon, cancelSoon := context.WithTimeout(t.Context(), time.Second)
		defer cancelSoon()
		if o := r.ScrapeBy(soon, a, func(*http.Request) (progress.Response, error) {
			t.Error("the fetch of a read that could not begin was used")
			return progress.Response{}, nil
		}); o.Err == nil {
			t.Errorf("a read that did not end in time: %v", o.Err)
		}
	})
}

// Jobs of one target are read apart from each other and from the target itself.
func TestJobsAreReadApart(t *testing.T) {
	inBubble(t, 8, func(t *testing.T, r *Reader) {
		a := enginetest.Target("a", nil)
		var list []*plan.Target
		for _, job := range []string{"", "1", "2"} {
			p := *a
			p.Job, p.Source = job, enginetest.Source(func(ctx context.Context) (progress.Report, error) {
				_, err := enginetest.After(time.Second)(ctx)
				return progress.Report{Job: job, State: progress.Running}, err
			})
			list = append(list, &p)
		}
		for _, got := range within(t, r, 5*time.Second, list...) {
			if got.Err != nil || got.Report.Job != got.Target.Job {
				t.Errorf("asked for job %q, told of %q: %v", got.Target.Job, got.Report.Job, got.Err)
			}
		}
	})
}
