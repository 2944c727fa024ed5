package scrape

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

// The end of the exporter ends the reads under way, waits for them, and is nobody's
// failure: nothing of it is counted or logged.
func TestCloseEndsReads(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *Reader) {
		var lines strings.Builder
		r.logger = log.NewLogfmtLogger(log.NewSyncWriter(&lines))
		var over atomic.Bool
		a := enginetest.Target("a", func(ctx context.Context) (progress.Report, error) {
			_, err := enginetest.Hang(ctx)
			time.Sleep(time.Second)
			over.Store(true)
			return progress.Report{}, err
		})
		within(t, r, time.Second, a)
		began := time.Now()
		r.Close()
		if took := time.Since(began); took != time.Second || !over.Load() {
			t.Errorf("closed after %v, the read was over: %v; want 1s and true", took, over.Load())
		}
		if m := r.ledger.Recall(r.entry(a)); m.Reads != 0 || m.Failures != 0 || lines.Len() > 0 {
			t.Errorf("%v reads and %v failures counted, want none: %s", m.Reads, m.Failures, &lines)
		}
		got := within(t, r, time.Second, enginetest.Target("b", func(context.Context) (progress.Report, error) {
			t.Error("a product was asked after the end")
			return progress.Report{}, nil
		}))
		synctest.Wait()
		if ups(got) != "0" {
			t.Errorf("up %s after the end", ups(got))
		}
	})
}

// Who waited for a slot and finds that somebody else has read the target gives it back.
func TestSlotOfAJoinedReadIsFree(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		a := enginetest.Target("a", enginetest.Running)
		a.MinInterval = time.Hour
		done := make(chan string)
		for range 3 {
			go func() { done <- ups(within(t, r, time.Minute, enginetest.Target("busy", enginetest.After(slow/2)), a)) }()
		}
		for range 3 {
			if got := <-done; got != "11" {
				t.Errorf("up %s, want 11", got)
			}
		}
		synctest.Wait()
		if n := len(r.slots); n != 0 {
			t.Errorf("%d slots are taken by nobody", n)
		}
	})
}

// Beside an error only the samples of a report count.
func TestReportBesideAnError(t *testing.T) {
	api := progress.API{Name: "test", Families: []progress.Family{{Name: "thing"}}}
	a := enginetest.Target("a", func(context.Context) (progress.Report, error) {
		return progress.Report{State: progress.Running, Ratio: progress.Ptr(0.5), Samples: []progress.Sample{{Value: 7}}}, errors.New("x")
	})
	a.API = &api
	res := readOnce(t.Context(), a, time.Now(), time.Now, nil)
	if r := res.Report; r.State != progress.Unknown || r.Ratio != nil || len(r.Samples) != 1 || r.Samples[0].Value != 7 {
		t.Errorf("state %v, ratio %v, samples %v; want the sample 7 alone", r.State, r.Ratio, r.Samples)
	}
}

// Work that moves beyond the bounds of what is shown has moved all the same.
func TestWorkOfWhatIsNotShown(t *testing.T) {
	var reports []progress.Report
	for last := range 2 {
		r := progress.Report{State: progress.Running}
		for i := range sanitize.MaxNodes {
			r.Nodes = append(r.Nodes, progress.Node{ID: strconv.Itoa(i)})
		}
		r.Nodes = append(r.Nodes, progress.Node{ID: "last", Ratio: progress.Ptr(float64(last))})
		reports = append(reports, r)
	}
	a := enginetest.Target("a", enginetest.Says(reports...))
	first := readOnce(t.Context(), a, time.Now(), time.Now, nil)
	second := readOnce(t.Context(), a, time.Now(), time.Now, nil)
	if first.WorkHash == second.WorkHash || len(second.Report.Nodes) != sanitize.MaxNodes {
		t.Errorf("work %v and %v with %d nodes shown; want different ones and %d", first.WorkHash, second.WorkHash, len(second.Report.Nodes), sanitize.MaxNodes)
	}
}

func TestLogOfAJob(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *Reader) {
		var lines strings.Builder
		r.logger = log.NewLogfmtLogger(log.NewSyncWriter(&lines))
		a := enginetest.Target("a", func(context.Context) (progress.Report, error) {
			return progress.Report{}, &progress.Error{Reason: progress.Connect, Message: "refused"}
		})
		job := *a
		job.Job = "17"
		within(t, r, time.Second, a)
		within(t, r, time.Second, &job)
		want := "level=warn target=a api=test msg=\"cannot read target\" reason=connect took=0s err=\"connect: refused\"\n" +
			"level=warn target=a api=test job_id=17 msg=\"cannot read target\" reason=connect took=0s err=\"connect: refused\"\n"
		if lines.String() != want {
			t.Errorf("log\n%swant\n%s", &lines, want)
		}
	})
}

// However few reads at a time are asked for, one is made.
func TestConcurrencyIsAtLeastOne(t *testing.T) {
	for asked, want := range map[int]int{-1: 1, 0: 1, 1: 1, 7: 7} {
		r := New(Options{Concurrency: asked, Logger: log.NewNopLogger(), Now: time.Now}, ledger.New(time.Now), &observed{})
		if got := cap(r.slots); got != want {
			t.Errorf("%d asked for: %d reads at a time, want %d", asked, got, want)
		}
		r.Close()
	}
}

// A field that cannot be read is worth one line, however often the target is read.
func TestUnreadIsLoggedOnce(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *Reader) {
		var lines strings.Builder
		r.logger = log.NewLogfmtLogger(log.NewSyncWriter(&lines))
		a := enginetest.Target("a", func(context.Context) (progress.Report, error) {
			return progress.Report{State: progress.Running, Unread: []progress.Unread{{Field: "lag", Kind: progress.ObjectField}, {Field: "copy.events", Kind: progress.NumberField}}}, nil
		})
		for range 3 {
			within(t, r, time.Second, a)
		}
		const want = `level=warn target=a api=test msg="fields of the answer are not what the product documents and are left out; state and ratio do not need them" fields="lag (want object), copy.events (want number)"` + "\n"
		if lines.String() != want {
			t.Errorf("got  %swant %s", &lines, want)
		}
	})
}
