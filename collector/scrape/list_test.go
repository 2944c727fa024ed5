package scrape

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// list returns a target that is a list, as f says it.
func list(f enginetest.Source) *plan.Target {
	t := enginetest.Target("list", f)
	t.Lists, t.MaxJobs = true, 10
	return t
}

// shown says of each reading which job it is of, and its state, or that it could not be
// read.
func shown(snapshot []Reading) string {
	var said []string
	for _, r := range WithJobs(snapshot) {
		state := r.Report.State.String()
		if r.Err != nil {
			state = string(r.Err.Reason)
		}
		said = append(said, r.Target.Target+"/"+r.Target.Job+" "+state)
	}
	return strings.Join(said, ", ")
}

// What is known of the jobs of a list stays when a read of it is late or fails, and is
// served while the product is not to be asked.
func TestReadsOfAList(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *Reader) {
		asked := 0
		a := list(func(ctx context.Context) (progress.Report, error) {
			switch asked++; asked {
			case 2:
				return enginetest.Hang(ctx)
			case 3:
				return progress.Report{}, progress.Errorf(progress.Connect, "refused")
			}
			return progress.Report{Jobs: []progress.Listed{{ID: "1", Report: progress.Report{State: progress.Running}}, {ID: "2", Report: progress.Report{State: progress.Failed}}}}, nil
		})
		other := enginetest.Target("other", enginetest.Running)
		good := "list/ none, list/1 running, list/2 failed, other/ running"
		for i, want := range []string{
			good,
			"list/ timeout, list/1 timeout, list/2 timeout, other/ running",
			"list/ connect, list/1 connect, list/2 connect, other/ running",
			good,
		} {
			if got := shown(within(t, r, 5*time.Second, a, other)); got != want {
				t.Errorf("scrape %d: %s; want %s", i, got, want)
			}
			time.Sleep(30 * time.Second)
		}
		a.MinInterval = time.Hour
		if got := shown(within(t, r, 5*time.Second, a, other)); got != good || asked != 4 {
			t.Errorf("while it is held: %s, asked %d times", got, asked)
		}
		if got := shown(r.Known([]*plan.Target{a})); got != "list/ none, list/1 running, list/2 failed" {
			t.Errorf("known: %s", got)
		}
	})
}

// The jobs of a list are read with it, whoever asks for which of them.
func TestOneReadForAllJobs(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *Reader) {
		asked := 0
		a := list(func(ctx context.Context) (progress.Report, error) {
			asked++
			_, err := enginetest.After(time.Second)(ctx)
			return progress.Report{Jobs: []progress.Listed{{ID: "1", Report: progress.Report{State: progress.Running}}}}, err
		})
		one, none := *a, *a
		one.Only, none.Only = "1", "9"
		if got := shown(within(t, r, 5*time.Second, a, &one, &none)); got != "list/ none, list/1 running, list/1 running, list/9 none" || asked != 1 {
			t.Errorf("%s, asked %d times", got, asked)
		}
	})
}

// A job that fails alone costs neither its list nor the others anything.
func TestAJobThatFailsAlone(t *testing.T) {
	inBubble(t, 4, func(t *testing.T, r *Reader) {
		fails := false
		a := list(func(context.Context) (progress.Report, error) {
			one := progress.Listed{ID: "1", Report: progress.Report{State: progress.Running}}
			if fails {
				one.Report, one.Err = progress.Report{}, progress.Errorf(progress.Timeout, "no answer")
			}
			return progress.Report{Jobs: []progress.Listed{one, {ID: "2", Report: progress.Report{State: progress.Running}}}}, nil
		})
		for i, want := range []string{"list/ none, list/1 running, list/2 running", "list/ none, list/1 timeout, list/2 running"} {
			fails = i == 1
			snapshot := within(t, r, 5*time.Second, a)
			if got := shown(snapshot); got != want {
				t.Errorf("%s; want %s", got, want)
			}
			for _, job := range WithJobs(snapshot) {
				if job.Alone != (fails && job.Target.Job == "1") {
					t.Errorf("scrape %d: job %q fails alone: %v", i, job.Target.Job, job.Alone)
				}
			}
			time.Sleep(30 * time.Second)
		}
	})
}

// Jobs that nobody asked about are in the list, beyond those that are shown.
func TestJobsNobodyAskedAbout(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		all := list(func(context.Context) (progress.Report, error) {
			return progress.Report{Jobs: []progress.Listed{{ID: "1", Report: progress.Report{State: progress.Running}}}, Unasked: []string{"2", "3"}}, nil
		})
		snapshot := within(t, r, 5*time.Second, all)
		if got, cut := shown(snapshot), snapshot[0].Memory.CutJobs; got != "list/ none, list/1 running" || cut != 2 {
			t.Errorf("%s, and %d more", got, cut)
		}
	})
}

// Fields that could not be read in the answers about jobs are those of the list, once each.
func TestUnreadFieldsOfJobs(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, r *Reader) {
		lag, lines := progress.Unread{Field: "lag", Kind: progress.NumberField}, progress.Unread{Field: "lines", Kind: progress.ListField}
		snapshot := within(t, r, 5*time.Second, list(func(context.Context) (progress.Report, error) {
			return progress.Report{Unread: []progress.Unread{lines}, Jobs: []progress.Listed{
				{ID: "1", Report: progress.Report{State: progress.Running, Unread: []progress.Unread{lag}}},
				{ID: "2", Report: progress.Report{State: progress.Running, Unread: []progress.Unread{lines, lag}}},
			}}, nil
		}))
		if diff := cmp.Diff([]progress.Unread{lines, lag}, snapshot[0].Report.Unread); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}
