package lives

import (
	"fmt"
	"slices"
	"time"
)

// condition returns the condition of a name.
func condition(name string) Condition {
	all := Conditions()
	return all[slices.IndexFunc(all, func(c Condition) bool { return c.Name == name })]
}

// under says how a life has to be looked at.
func (l Life) under(names ...string) Life {
	for _, n := range names {
		l.Own = append(l.Own, condition(n))
	}
	return l
}

// absent is the page for an exporter that does not answer.
func absent(from, to time.Duration) Want {
	return Want{Alert: "ProgressExporterAbsent", Severity: "critical", Cause: from, Earliest: 5 * time.Minute, Latest: 17 * time.Minute, Clear: to}
}

// faults are lives in which the rules have erred.
func faults() []Life {
	var lives []Life
	for _, p := range []*Product{Logpresso(), Mongosync(), MRS(), SES()} {
		lives = append(lives, long(p)...)
	}
	return append(lives, beginnings()...)
}

// long are lives in which the exporter forgets more than a restart later.
func long(p *Product) []Life {
	const h, m = time.Hour, time.Minute
	begin := Plot{waits(5 * m)}
	slow := *p
	slow.stallAfter = 2 * h
	stall := one("stall_after 2h, restarts", &slow, 6*h, begin.then(works(0.5, h), stands(h)), stalls(&slow, 65*m, 0))
	over := one("ended, gone, exporter away", p, 12*h, begin.then(p.finishes(h)...), absent(3*h, 9*h)).with(func(x *Part) {
		x.Deadline = 4 * h
		x.Faults = []Fault{{Span{2 * h, 12 * h}, Down}}
	})
	over.Away = []Span{{3 * h, 9 * h}}
	known := one("ended before it was first seen", p, 3*h, Plot{done}).with(func(x *Part) { x.Deadline = h })
	known.Never = []string{"progress_end_timestamp_seconds"}
	forgot := one("ended, then the exporter restarts", p, 4*h, begin.then(p.finishes(h)...)).with(func(x *Part) { x.Deadline = 90 * m })
	forgot.Away = []Span{{3 * h, 3*h + 20*time.Second}}
	forgot.Never = []string{"progress_end_timestamp_seconds > " + fmt.Sprint(begins.Add(2*h).Unix())}
	return []Life{stall.under("restart 17m", "restart 67m"), over.under("60s", "probe"), known.under("60s"), forgot.under("60s")}
}

// beginnings are lives in which the exporter dies, or a job begins slowly.
func beginnings() []Life {
	const h, m = time.Hour, time.Minute
	begin := Plot{waits(5 * m)}
	early := begin.then(works(copied, 30*m), stands(4*h))
	dies := two("one done early, and the exporter dies", 4*h, begin.then(works(copied, 4*h)), early, absent(h, 2*h))
	dies.Away = []Span{{h, 2 * h}}
	stays := two("one done early, and the exporter dies for good", 4*h, begin.then(works(copied, 4*h)), early, absent(h, 0))
	stays.Away = []Span{{h, 5*h + m}}

	l := Logpresso()
	slow := Plot{works(0.01, 15*m), works(1, 2*h), done} // ends after 2 h 15 min
	well := one("near 0 percent, then well", MRS(), 3*h, slow).with(func(x *Part) { x.Deadline = 3 * h })
	well.Holds = []Check{{90 * m, fmt.Sprintf("abs(progress_estimated_end_timestamp_seconds{bound=\"likely\"} - %d) < 600", begins.Add(135*m).Unix())}}
	late := one("near 0 percent, then too late", MRS(), 3*h, slow,
		Want{Alert: "ProgressDeadlineWillBeMissed", Severity: "warning", Cause: 15 * m, Earliest: 10 * m, Latest: 40 * m, Clear: 105 * m},
		Want{Alert: "ProgressDeadlineOutOfReach", Severity: "critical", Cause: 15 * m, Earliest: 55 * m, Latest: 75 * m, Clear: 105 * m},
		Want{Alert: "ProgressDeadlineMissed", Severity: "critical", Cause: 105 * m, Earliest: 2 * m, Latest: 3 * m, Clear: 135 * m},
	).with(func(x *Part) { x.Deadline = 105 * m })
	late.Holds = well.Holds

	many := Life{Name: "logpresso 13 stalled, one restart", Watch: 4 * h, Away: []Span{{2 * h, 2*h + 20*time.Second}}}
	for i := range 13 {
		name := fmt.Sprintf("job%02d", i)
		many.Parts = append(many.Parts, Part{Target: name, Product: l, Plot: begin.then(works(0.5, h), stands(h))})
		w := stalls(l, 65*m, 0)
		w.Target = name
		many.Want = append(many.Want, w)
	}

	once := Life{Name: "logpresso exporter away, three targets", Watch: 3 * h, Away: []Span{{h, 2 * h}}, Want: []Want{absent(h, 2*h)}}
	for i := range 3 {
		once.Parts = append(once.Parts, Part{Target: fmt.Sprintf("job%d", i), Product: l, Plot: begin.then(works(1, 150*m), done)})
	}
	return []Life{dies.under("60s", "probe"), stays.under("60s", "probe"), well, late, many.under("60s", "probe"), once.under("60s", "probe")}
}
