package collector

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/progress"
)

// inBubble runs a test with a reader inside a bubble of fake time.
func inBubble(t *testing.T, concurrency int, test func(t *testing.T, r *reader)) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger(time.Now)
		opts := readerOptions{Concurrency: concurrency, Logger: log.NewNopLogger(), Now: time.Now}
		r := newReader(opts, l, &observed{late: map[string]int{}})
		test(t, r)
		r.close()
	})
}

// observed counts the late reads by cause.
type observed struct {
	mu   sync.Mutex
	late map[string]int
}

func (*observed) Read(string, *result) {}

func (o *observed) Late(_, cause string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.late[cause]++
}

func within(t *testing.T, r *reader, d time.Duration, list ...*target) []reading {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	return r.scrape(ctx, list)
}

func ups(snapshot []reading) string {
	var s strings.Builder
	for _, r := range snapshot {
		switch {
		case r.err == nil:
			s.WriteString("1")
		default:
			s.WriteString("0")
		}
	}
	return s.String()
}

// counted returns the value of a counter.
func counted(t *testing.T, c *prometheus.CounterVec, labels ...string) float64 {
	t.Helper()
	var m dto.Metric
	if err := c.WithLabelValues(labels...).Write(&m); err != nil {
		t.Fatal(err)
	}
	return m.GetCounter().GetValue()
}

func TestScrapeServesWhatIsKnownAtItsDeadline(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *reader) {
		began := time.Now()
		got := within(t, r, 5*time.Second, testTarget("a", running), testTarget("b", hang), testTarget("c", after(time.Second)))
		if took := time.Since(began); took != 5*time.Second {
			t.Errorf("took %v, want 5s", took)
		}
		if ups(got) != "101" || got[1].err.Reason != progress.Timeout || got[1].duration != 5*time.Second {
			t.Errorf("up %s, %v after %v", ups(got), got[1].err, got[1].duration)
		}
	})
}

func TestReadBelongsToNoAsker(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *reader) {
		var asked atomic.Int32
		a := testTarget("a", func(ctx context.Context) (progress.Report, error) {
			asked.Add(1)
			return after(3 * time.Second)(ctx)
		})
		gone, hangUp := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() { r.scrape(gone, []*target{a}) })
		synctest.Wait()
		var patient []reading
		wg.Go(func() { patient = within(t, r, 9*time.Second, a) })
		synctest.Wait()
		hangUp()
		wg.Wait()
		if ups(patient) != "1" || asked.Load() != 1 {
			t.Errorf("up %s after %d requests, want 1 after 1: %v", ups(patient), asked.Load(), patient[0].err)
		}
		if m := r.ledger.recall(r.ledger.enter(a.key, a.api)); m.reads != 1 || m.failures != 0 {
			t.Errorf("%v reads and %v failures, want 1 and 0", m.reads, m.failures)
		}
	})
}

func TestReadOutlivesAScrapeUntilItsOwnTimeout(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *reader) {
		a := testTarget("a", hang)
		within(t, r, time.Second, a)
		if m := r.ledger.recall(r.ledger.enter(a.key, a.api)); m.reads != 0 {
			t.Errorf("%v reads recorded while the read goes on", m.reads)
		}
		if got := within(t, r, time.Second, a); got[0].duration != 2*time.Second {
			t.Errorf("the second scrape says %v, want 2s since the read began", got[0].duration)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if m := r.ledger.recall(r.ledger.enter(a.key, a.api)); m.reads != 1 || m.failures != 1 {
			t.Errorf("%v reads and %v failures, want 1 and 1", m.reads, m.failures)
		}
	})
}

func TestConcurrencyIsBounded(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, r *reader) {
		var now, most atomic.Int32
		var list []*target
		for i := range 30 {
			list = append(list, testTarget(fmt.Sprint(i), func(ctx context.Context) (progress.Report, error) {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				return after(100 * time.Millisecond)(ctx)
			}))
		}
		began := time.Now()
		if got := ups(within(t, r, time.Minute, list...)); strings.Contains(got, "0") {
			t.Errorf("up %s", got)
		}
		if most.Load() != 3 || time.Since(began) != time.Second {
			t.Errorf("%d at a time for %v, want 3 for 1s", most.Load(), time.Since(began))
		}
	})
}

// Hanging targets that come first in the file must not keep the healthy ones from
// being read, not even at the first scrape, when nobody knows that they hang.
func TestHangingTargetsDoNotStarveHealthyOnes(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *reader) {
		var list []*target
		for i := range 64 {
			list = append(list, testTarget(fmt.Sprint("hangs", i), hang))
		}
		for i := range 1000 {
			list = append(list, testTarget(fmt.Sprint("healthy", i), after(50*time.Millisecond)))
		}
		for scrape := range 3 {
			began := time.Now()
			got := ups(within(t, r, 9500*time.Millisecond, list...))
			if n := strings.Count(got, "1"); n != 1000 {
				t.Errorf("scrape %d: %d targets up, want 1000", scrape, n)
			}
			time.Sleep(15*time.Second - time.Since(began))
		}
	})
}

func TestSlowAndFailingTargetsAreStartedLast(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *reader) {
		var mu sync.Mutex
		var order []string
		make := func(name string, f sourceFunc) *target {
			return testTarget(name, func(ctx context.Context) (progress.Report, error) {
				mu.Lock()
				order = append(order, name)
				mu.Unlock()
				return f(ctx)
			})
		}
		refuse := func(context.Context) (progress.Report, error) {
			return progress.Report{}, progress.Errorf(progress.Connect, "refused")
		}
		list := []*target{make("slow", after(slow+time.Millisecond)), make("failing", refuse), make("slower", after(4*time.Second)), make("quick", running)}
		within(t, r, time.Minute, list...)
		order = nil
		within(t, r, time.Minute, list...)
		if got := strings.Join(order, " "); got != "quick failing slow slower" {
			t.Errorf("started in the order %s", got)
		}
	})
}

func TestPanicInAProductIsAFailedRead(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *reader) {
		var lines strings.Builder
		r.logger = log.NewLogfmtLogger(log.NewSyncWriter(&lines))
		got := within(t, r, time.Second, testTarget("a", func(context.Context) (progress.Report, error) { panic("oh no") }),
			testTarget("b", running),
			testTarget("c", func(context.Context) (progress.Report, error) {
				return progress.Report{Samples: []progress.Sample{{Family: 99}}}, nil // a family that does not exist
			}),
			testTarget("d", func(context.Context) (progress.Report, error) { return progress.Report{}, errors.New("no reason") }))
		if ups(got) != "0100" {
			t.Errorf("up %s", ups(got))
		}
		for _, i := range []int{0, 2, 3} {
			if got[i].err.Reason != progress.Internal {
				t.Errorf("target %d fails with %v, want internal", i, got[i].err)
			}
		}
		if !strings.Contains(lines.String(), "oh no") || !strings.Contains(lines.String(), "scrape_test.go") {
			t.Errorf("the log does not say where it happened: %s", &lines)
		}
	})
}

func TestMinInterval(t *testing.T) {
	inBubble(t, 64, func(t *testing.T, r *reader) {
		asked := 0
		a := testTarget("a", func(ctx context.Context) (progress.Report, error) {
			asked++
			if asked == 2 {
				return progress.Report{}, progress.Errorf(progress.Connect, "refused")
			}
			return running(ctx)
		})
		a.minInterval = 30 * time.Second
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
