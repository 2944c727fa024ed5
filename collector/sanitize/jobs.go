package sanitize

import (
	"cmp"
	"slices"
	"strings"

	"progress_exporter/collector/progress"
)

// Jobs makes the ids and names of a list's jobs labels, and returns at most so many jobs,
// with the ids of those that it cut. A job without an id, or with that of another one, is
// left out. Which ones are kept does not depend on the product's order: those that go on
// come before those that failed, and these before the other ended ones; among equals the
// one that began last. What the jobs report is left for Report.
func (d *Cleaner) Jobs(jobs []progress.Listed, most int) (kept []progress.Listed, cut []string) {
	seen := make(map[string]bool, len(jobs))
	for _, j := range jobs {
		j.ID, j.Name = d.Label(j.ID), d.Label(j.Name)
		if j.ID == "" || seen[j.ID] {
			d.Drops[dropDuplicate]++
			continue
		}
		seen[j.ID] = true
		kept = append(kept, j)
	}
	if len(kept) <= most {
		return kept, nil
	}
	slices.SortStableFunc(kept, jobsByImportance)
	for _, j := range kept[most:] {
		cut = append(cut, j.ID)
	}
	return slices.Clone(kept[:most]), cut
}

func jobsByImportance(a, b progress.Listed) int {
	rank := func(s progress.State) int {
		switch s {
		case progress.Failed:
			return 1
		case progress.Succeeded, progress.Cancelled, progress.None:
			return 2
		}
		return 0
	}
	return cmp.Or(cmp.Compare(rank(a.Report.State), rank(b.Report.State)),
		b.Report.Start.Compare(a.Report.Start), strings.Compare(a.ID, b.ID))
}
