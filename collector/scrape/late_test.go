package scrape

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// A read that could not begin in time is a timeout that names the remedy, counted each
// time and logged once until one begins; one that is under way is counted by itself; and
// nothing is said of what somebody did not wait for.
func TestLateReads(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		var lines strings.Builder
		r.logger = log.NewLogfmtLogger(log.NewSyncWriter(&lines))
		late := r.watcher.(*observed).late
		counts := func() string { return fmt.Sprint([]int{late[NotBegun], late[Unanswered]}) }
		want := func(when, count, logged string) {
			t.Helper()
			if got := counts(); got != count || lines.String() != logged {
				t.Errorf("%s: late reads %s, want %s; log\n%swant\n%s", when, got, count, &lines, logged)
			}
			lines.Reset()
		}
		a, b := enginetest.Target("a", enginetest.After(3*time.Second)), enginetest.Target("b", enginetest.Running)
		got := within(t, r, -1, a, b)
		if ups(got) != "00" || got[1].Err.Reason != progress.Timeout || got[1].Err.Error() !=
			"timeout: not begun: too much was to be read until the scrape had to be answered; raise the scrape timeout or --scrape.concurrency" {
			t.Errorf("up %s: %v", ups(got), got[1].Err)
		}
		if m := r.ledger.Recall(r.ledger.Enter(b.Key, &enginetest.API)); m.Reads != 0 {
			t.Error("a read that never began was counted as one")
		}
		missed := func(name string) string {
			return "level=warn target=" + name + " api=test msg=\"no time was left to read target; raise the scrape timeout or --scrape.concurrency\"\n"
		}
		want("the first time", "[2 0]", missed("a")+missed("b"))
		within(t, r, -1, a, b)
		want("again", "[4 0]", "")
		within(t, r, 2*time.Second, a, b)
		want("begun", "[4 1]", "")
		gone, hangUp := context.WithCancel(t.Context())
		hangUp()
		r.Scrape(gone, []*plan.Target{a, b})
		want("hung up", "[4 1]", "")
		within(t, r, -1, b)
		want("and anew", "[5 1]", missed("b"))
	})
}

// A read that is late has no error code: the last one's is not its own.
func TestLateReadHasNoCode(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *Reader) {
		failed := false
		a := enginetest.Target("a", func(ctx context.Context) (progress.Report, error) {
			if failed {
				return enginetest.Hang(ctx)
			}
			failed = true
			return progress.Report{}, &progress.Error{Reason: progress.APIError, Code: "E1"}
		})
		var codes []string
		for range 2 {
			codes = append(codes, within(t, r, time.Second, a)[0].Memory.FailureCode)
		}
		if codes[0] != "E1" || codes[1] != "" {
			t.Errorf("codes %q, want E1 and none", codes)
		}
	})
}
