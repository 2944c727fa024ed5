package scrape

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
)

// The read of a job counts until it ends, also when nobody waits for it any more: who
// asks for ever new jobs and hangs up does not get more reads by that.
func TestJobsCountUntilTheyEnd(t *testing.T) {
	inBubble(t, 8, func(t *testing.T, r *Reader) {
		a := enginetest.Target("a", enginetest.Hang)
		for i := range maxProbedJobs {
			job := *a
			job.Job = fmt.Sprint(i)
			leave, err := r.Enter(&job)
			if err != nil {
				t.Fatal(err)
			}
			within(t, r, time.Millisecond, &job)
			leave()
		}
		for job, want := range map[string]bool{"0": true, "": true, "new": false} {
			k := flightKey{a, job}
			if err := r.crowd.enter(k); (err == nil) != want {
				t.Errorf("job %q: %v, want it let in: %v", job, err, want)
			} else if want {
				r.crowd.leave(k)
			}
		}
		if n := r.crowd.size(); n != maxProbedJobs {
			t.Errorf("%d jobs are probed, want %d", n, maxProbedJobs)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if diff := cmp.Diff(newCrowd(), r.crowd, cmp.AllowUnexported(crowd{}, flightKey{}), cmp.Comparer(func(a, b *plan.Target) bool { return a == b }), cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "mu" }, cmp.Ignore())); diff != "" {
			t.Errorf("left behind (-want +got):\n%s", diff)
		}
	})
}
