package ledger

import (
	"slices"
	"time"

	"progress_exporter/collector/memoryfile"
)

// saved returns a course as it is to stand in the file; nil if it is of no use. Of one that
// was lost the next process finds the middle, and loses it again.
func (c *course) saved() *memoryfile.Course {
	if !c.begun || c.lost {
		return nil
	}
	return &memoryfile.Course{Ran: c.ran.UTC(), Worked: seconds(c.worked), Ratio: c.ratio, Reached: c.reached[:c.marks], Took: c.took}
}

func courseFrom(m *memoryfile.Course) course {
	if m == nil || len(m.Reached) > marks || !ascending(m.Reached, m.Worked) {
		return course{}
	}
	c := course{begun: true, worked: time.Duration(m.Worked) * time.Second, ran: m.Ran, ratio: m.Ratio, marks: len(m.Reached), took: m.Took}
	copy(c.reached[:], m.Reached)
	return c
}

func savedRuns(runs []run) (list []memoryfile.Run) {
	for i := range runs {
		list = append(list, memoryfile.Run{Took: runs[i].took, Reached: runs[i].reached[:]})
	}
	return list
}

// runsFrom leaves out what is no run, or one with other marks than are remembered now.
func runsFrom(list []memoryfile.Run) (runs []run) {
	for _, m := range list {
		if m.Took > 0 && len(m.Reached) == marks && ascending(m.Reached, m.Took) {
			runs = append(runs, run{m.Took, [marks]uint32(m.Reached)})
		}
	}
	return runs
}

// ascending reports whether no second comes before the one before it, or after the end.
func ascending(list []uint32, end uint32) bool {
	return slices.IsSorted(list) && (len(list) == 0 || list[len(list)-1] <= end)
}
