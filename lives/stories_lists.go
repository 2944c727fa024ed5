package lives

import "time"

// listed is a life of a list of jobs.
func listed(name string, watch time.Duration, jobs []Job, want ...Want) Life {
	p := Queue()
	return Life{
		Name: p.api + " " + name, Watch: watch, Want: want,
		Parts: []Part{{Target: p.api, Product: p, Plot: Plot{idle}, Jobs: jobs}},
	}
}

// inList is a page of one job of the list.
func inList(job string, w Want) Want {
	w.Target = Queue().api + "/" + job
	return w
}

// ofLists are the lives of lists, whose jobs come, end and leave one by one.
func ofLists() []Life {
	const h, m = time.Hour, time.Minute
	p := Queue()
	begin := Plot{waits(5 * m)}
	steady := Job{"steady", begin.then(works(0.9, 6*h))}
	ended := Job{"ended", begin.then(works(1, h), done).lasting(10 * m).then(gone)}
	left := Job{"left-at-100", begin.then(works(1, h), stands(10*m), gone)} // the product says no end
	middle := Job{"left-at-60", begin.then(works(0.6, 75*m), gone)}
	stuck := Job{"stuck", begin.then(works(0.5, h), stands(2*h))}
	down := func(l Life, spans ...Span) Life {
		for _, s := range spans {
			l.Parts[0].Faults = append(l.Parts[0].Faults, Fault{s, Down})
		}
		return l
	}
	return []Life{
		listed("jobs end and leave", 4*h, []Job{steady, ended, left}),
		listed("jobs that had ended", 3*h, []Job{steady, {"old", Plot{done}.lasting(h).then(gone)}, {"old-failed", Plot{failed}.lasting(h).then(gone)}}),
		listed("one leaves in the middle", 4*h, []Job{steady, ended, middle},
			inList("left-at-60", Want{Alert: "ProgressJobVanished", Severity: p.vanished, Cause: 80 * m, Earliest: 2 * m, Latest: 3 * m, Fades: true})),
		listed("one stalls, one ends and leaves, one leaves in the middle", 3*h, []Job{stuck, ended, middle, steady},
			inList("stuck", stalls(p, 65*m, 0)),
			inList("left-at-60", Want{Alert: "ProgressJobVanished", Severity: p.vanished, Cause: 80 * m, Earliest: 2 * m, Latest: 3 * m, Fades: true})),
		listed("one fails", 3*h, []Job{steady, {"fails", begin.then(works(0.5, h), failed)}},
			inList("fails", Want{Alert: "ProgressJobFailed", Severity: "critical", Cause: 65 * m, Earliest: m, Latest: 2 * m})),
		down(listed("down for a moment", 4*h, []Job{steady, ended, left}), Span{h, h + 3*m}, Span{2 * h, 2*h + 3*m}),
		down(listed("down", 4*h, []Job{steady, ended, {"other", begin.then(works(0.8, 6*h))}},
			Want{Alert: "ProgressTargetDown", Severity: p.down, Cause: 100 * m, Earliest: 5 * m, Latest: 7 * m, Clear: 150 * m}), Span{100 * m, 150 * m}),
	}
}
