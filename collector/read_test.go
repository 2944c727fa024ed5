package collector

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

	"progress_exporter/collector/progress"
)

// The end of the exporter ends the reads under way, waits for them, and is nobody's
// failure: nothing of it is counted or logged.
func TestCloseEndsReads(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *reader) {
		var lines strings.Builder
		r.logger = log.NewLogfmtLogger(log.NewSyncWriter(&lines))
		var over atomic.Bool
		a := testTarget("a", func(ctx context.Context) (progress.Report, error) {
			_, err := hang(ctx)
			time.Sleep(time.Second)
			over.Store(true)
			return progress.Report{}, err
		})
		within(t, r, time.Second, a)
		began := time.Now()
		r.close()
		if took := time.Since(began); took != time.Second || !over.Load() {
			t.Errorf("closed after %v, the read was over: %v; want 1s and true", took, over.Load())
		}
		if m := r.ledger.recall(r.entry(a)); m.reads != 0 || m.failures != 0 || lines.Len() > 0 {
			t.Errorf("%v reads and %v failures counted, want none: %s", m.reads, m.failures, &lines)
		}
		got := within(t, r, time.Second, testTarget("b", func(context.Context) (progress.Report, error) {
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
	inBubble(t, 1, func(t *testing.T, r *reader) {
		a := testTarget("a", running)
		a.minInterval = time.Hour
		done := make(chan string)
		for range 3 {
			go func() { done <- ups(within(t, r, time.Minute, testTarget("busy", after(slow/2)), a)) }()
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
	a := testTarget("a", func(context.Context) (progress.Report, error) {
		return progress.Report{State: progress.Running, Ratio: progress.Ptr(0.5), Samples: []progress.Sample{{Value: 7}}}, errors.New("x")
	})
	a.api = &api
	res := readOnce(t.Context(), a, time.Now(), time.Now, nil)
	if r := res.report; r.State != progress.Unknown || r.Ratio != nil || len(r.Samples) != 1 || r.Samples[0].Value != 7 {
		t.Errorf("state %v, ratio %v, samples %v; want the sample 7 alone", r.State, r.Ratio, r.Samples)
	}
}

// Work that moves beyond the bounds of what is shown has moved all the same.
func TestWorkOfWhatIsNotShown(t *testing.T) {
	var reports []progress.Report
	for last := range 2 {
		r := progress.Report{State: progress.Running}
		for i := range maxNodes {
			r.Nodes = append(r.Nodes, progress.Node{ID: strconv.Itoa(i)})
		}
		r.Nodes = append(r.Nodes, progress.Node{ID: "last", Ratio: progress.Ptr(float64(last))})
		reports = append(reports, r)
	}
	a := testTarget("a", says(reports...))
	first := readOnce(t.Context(), a, time.Now(), time.Now, nil)
	second := readOnce(t.Context(), a, time.Now(), time.Now, nil)
	if first.workHash == second.workHash || len(second.report.Nodes) != maxNodes {
		t.Errorf("work %v and %v with %d nodes shown; want different ones and %d", first.workHash, second.workHash, len(second.report.Nodes), maxNodes)
	}
}

func TestLogOfAJob(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *reader) {
		var lines strings.Builder
		r.logger = log.NewLogfmtLogger(log.NewSyncWriter(&lines))
		a := testTarget("a", func(context.Context) (progress.Report, error) {
			return progress.Report{}, &progress.Error{Reason: progress.Connect, Message: "refused"}
		})
		job := *a
		job.job = "17"
		within(t, r, time.Second, a)
		within(t, r, time.Second, &job)
		want := "level=warn target=a api=test msg=\"cannot read target\" reason=connect took=0s err=\"connect: refused\"\n" +
			"level=warn target=a api=test job_id=17 msg=\"cannot read target\" reason=connect took=0s err=\"connect: refused\"\n"
		if lines.String() != want {
			t.Errorf("log\n%swant\n%s", &lines, want)
		}
	})
}
