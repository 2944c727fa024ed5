package sanitize

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// The same jobs are kept, in whatever order they come.
func TestJobsAreCutByImportance(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 5, 12, hour, 0, 0, 0, time.UTC) }
	job := func(id string, s progress.State, start time.Time) progress.Listed {
		return progress.Listed{ID: id, Report: progress.Report{State: s, Start: start}}
	}
	jobs := []progress.Listed{
		job("running", progress.Running, at(1)), job("odd", progress.Unknown, at(2)), job("queued", progress.Pending, time.Time{}),
		job("failed late", progress.Failed, at(9)), job("failed", progress.Failed, at(3)), job("failed, nobody knows when", progress.Failed, time.Time{}),
		job("done late", progress.Succeeded, at(9)), job("a done", progress.Succeeded, at(4)), job("b done", progress.Cancelled, at(4)),
	}
	order := []string{"odd", "running", "queued", "failed late", "failed", "failed, nobody knows when", "done late", "a done", "b done"}
	for most := range len(jobs) {
		shuffled := append([]progress.Listed{}, jobs...)
		rand.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		kept, cut := New(nil).Jobs(shuffled, most)
		var ids []string
		for _, j := range kept {
			ids = append(ids, j.ID)
		}
		if diff := cmp.Diff(order, append(ids, cut...)); diff != "" || len(kept) != most {
			t.Errorf("at most %d: %d are kept (-want +got):\n%s", most, len(kept), diff)
		}
	}
}

// Ids are labels: short, without secrets, and no two the same.
func TestJobsAreLabels(t *testing.T) {
	long := strings.Repeat("x", 200)
	c := New(progress.NewSecrets([]string{"hunter2-and-more"}, nil))
	kept, cut := c.Jobs([]progress.Listed{{ID: "a", Name: "hunter2-and-more"}, {ID: ""}, {ID: "a"}, {ID: long + "1"}, {ID: long + "2"}, {ID: "\xff"}}, 10)
	want := []progress.Listed{{ID: "a", Name: "<redacted>"}, {ID: strings.Repeat("x", 125) + "…"}, {ID: "\uFFFD"}}
	if diff := cmp.Diff(want, kept); diff != "" || cut != nil || c.Drops[dropDuplicate] != 3 {
		t.Errorf("%d left out, %q cut (-want +got):\n%s", c.Drops[dropDuplicate], cut, diff)
	}
}
