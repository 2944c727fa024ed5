package web

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// process returns a target that is one of the processes of the migration orders.
func process(name string, s enginetest.Source) *plan.Target {
	t := enginetest.Target(name, s)
	t.Labels = []progress.Label{{Name: "migration", Value: "orders"}}
	return t
}

// copies returns a report of a process that has copied so much of the 100 bytes of all.
func copies(state progress.State, copied float64) progress.Report {
	return progress.Report{State: state, CopiedBytes: &copied, TotalBytes: progress.Ptr(100.0), Ratio: progress.Ptr(copied / 100)}
}

// joined joins the targets of a stage by their migrations, as the exporter does.
func joined(s *stage) {
	var members []ledger.Member
	for _, t := range s.targets.Targets {
		t.Entry = s.ledger.Enter(t.Key, t.API)
		members = append(members, ledger.Member{Entry: t.Entry, API: t.API.Name, Migration: t.Migration()})
	}
	s.ledger.Join(members)
}

// What belongs to one migration stands together, below a row that sums it up.
func TestPageSumsMigrations(t *testing.T) {
	fails := func(context.Context) (progress.Report, error) { return progress.Report{}, errors.New("x") }
	says := enginetest.Says
	for _, tc := range []struct {
		name   string
		s0, s1 enginetest.Source
		want   []string // of the migration; empty cells are left out
		order  string
	}{
		{"at work", says(copies(progress.Running, 10), copies(progress.Running, 20), copies(progress.Running, 30), copies(progress.Running, 40)), says(copies(progress.Running, 10)),
			[]string{"orders migration, 2 targets together", "test", "running", "50%", "5m left (2–10 min)"}, "orders s0 s1 other done"},
		{"one has ended", says(copies(progress.Succeeded, 60)), says(copies(progress.Running, 10)),
			[]string{"orders migration, 2 targets together", "test", "running", "70%"}, "orders s1 s0 other done"},
		{"both have ended", says(copies(progress.Running, 60), copies(progress.Succeeded, 60)), says(copies(progress.Running, 30), copies(progress.Running, 30), copies(progress.Succeeded, 30)),
			[]string{"orders migration, 2 targets together", "test", "succeeded", "100%", "ended 2m ago"}, "other done orders s0 s1"},
		{"one has failed", says(copies(progress.Running, 60)), says(copies(progress.Failed, 30)),
			[]string{"orders migration, 2 targets together", "test", "failed", "90%"}, "orders s1 s0 other done"},
		{"one was never read well", says(copies(progress.Running, 60)), fails,
			[]string{"orders migration, 2 targets together", "test", "cannot be read"}, "orders s1 s0 other done"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			list := []*plan.Target{enginetest.Target("done", says(progress.Report{State: progress.Succeeded})), process("s0", tc.s0), enginetest.Target("other", says(progress.Report{State: progress.Running})), process("s1", tc.s1)}
			withPage(t, list, func(t *testing.T, e *stage) {
				joined(e)
				readAll(t, e, 4)
				page := get(e, "/targets").Body.String()
				got := cells(lines(t, page, `<tbody class="whole"`, "</tbody>"))
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("(-want +got):\n%s", diff)
				}
				if got := names(page); got != tc.order {
					t.Errorf("order %s, want %s", got, tc.order)
				}
				if n := strings.Count(page, `<tbody class="part"`); n != 2 {
					t.Errorf("%d rows are parts of the migration, want 2", n)
				}
			})
		})
	}
}

// A row that sums up is above what a filter leaves, and is none of what is counted.
func TestPageOfOneKindWithMigrations(t *testing.T) {
	list := []*plan.Target{process("s0", enginetest.Running), process("s1", enginetest.Says(copies(progress.Failed, 30))), enginetest.Target("a", enginetest.Running)}
	withPage(t, list, func(t *testing.T, e *stage) {
		joined(e)
		readAll(t, e, 1)
		for query, want := range map[string]string{"": "orders s1 s0 a", "?kind=running": "orders s0 a", "?kind=failed": "orders s1"} {
			page := get(e, "/targets"+query).Body.String()
			if got := names(page); got != want {
				t.Errorf("%q: %s, want %s", query, got, want)
			}
			if want := "<b>2</b> running"; !strings.Contains(page, want) {
				t.Errorf("%q: no %s on\n%s", query, want, page)
			}
		}
	})
}

// The label alone makes no migration of a target.
func TestPageOfOneProcess(t *testing.T) {
	withPage(t, []*plan.Target{process("s0", enginetest.Running)}, func(t *testing.T, e *stage) {
		joined(e)
		readAll(t, e, 1)
		if page := get(e, "/targets").Body.String(); strings.Contains(page, `"whole"`) || strings.Contains(page, `class="part"`) || names(page) != "s0" {
			t.Errorf("one target is a migration on\n%s", page)
		}
	})
}

var headings = regexp.MustCompile(`<th scope="row(?:group)?">(?:<a [^>]*>)?<bdi>(\w+)`)

// names returns the names of all rows of a page.
func names(page string) string {
	var all []string
	for _, m := range headings.FindAllStringSubmatch(page, -1) {
		all = append(all, m[1])
	}
	return strings.Join(all, " ")
}

// cells returns the words of a row without the rest of its first tag.
func cells(lines []string) []string {
	var all []string
	for _, l := range lines {
		if l = strings.ReplaceAll(l, "ordersmigration", "orders migration"); !strings.HasPrefix(l, "data-kind=") {
			all = append(all, l)
		}
	}
	return all
}
