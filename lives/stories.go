package lives

import "time"

// target is the name of a life's only target.
const target = "job"

// one is a life of one target.
func one(name string, p *Product, watch time.Duration, plot Plot, want ...Want) Life {
	return Life{Name: p.api + " " + name, Parts: []Part{{Target: target, Product: p, Plot: plot}}, Watch: watch, Want: want}
}

// with changes the part of a life of one target.
func (l Life) with(change func(*Part)) Life {
	change(&l.Parts[0])
	return l
}

// stalls is the page for a job that moved last at a moment.
func stalls(p *Product, cause, clear time.Duration) Want {
	return Want{Alert: "ProgressJobStalled", Severity: "critical", Cause: cause, Earliest: p.stallAfter, Latest: p.stallAfter, Clear: clear}
}

// resolved says how long a product may take to show that the reason is gone.
func resolved(w Want, unseen time.Duration) Want {
	w.Unseen = unseen
	return w
}

// common are the lives that a job of every product can have.
func common(p *Product) []Life {
	const h, m = time.Hour, time.Minute
	// How much of the work is done when something happens, a whole number of SES' nodes.
	const half, most = 0.5, 0.75
	begin := Plot{waits(5 * m)}
	return []Life{
		one("happy", p, 4*h, begin.then(p.finishes(2*h)...)),
		one("slow", p, 6*h, begin.then(works(half, 4*h), works(most, 2*h))).with(func(x *Part) { x.StallAfter = 2 * p.stallAfter }),
		one("seldom moving", p, 5*h, begin.then(p.finishing(seldom(p.worked(), 4*h, 2*p.stallAfter/3))...)),
		one("stalled", p, 3*h, begin.then(works(half, h), stands(h)), stalls(p, 65*m, 0)),
		one("stalled, then moving", p, 5*h, begin.then(works(half, h), stands(70*m)).then(p.finishes(h)...), resolved(stalls(p, 65*m, 135*m), p.finest())),
		one("stalled from the beginning", p, 2*h, Plot{works(0, h)}, stalls(p, 0, 0)),
		one("queued", p, 3*h, Plot{waits(90 * m)}.then(p.finishes(h)...), p.waiting(90*m)),
		one("flapping reads", p, 4*h, begin.then(p.finishes(2*h)...)).with(func(x *Part) {
			x.Faults = []Fault{{Span{0, 4 * h}, Flapping}}
		}),
		one("stalled, flapping reads", p, 3*h, begin.then(works(half, h), stands(h)), stalls(p, 65*m, 0)).with(func(x *Part) {
			x.Faults = []Fault{{Span{0, 4 * h}, Flapping}}
		}),
		one("product down", p, 4*h, begin.then(p.finishes(3*h)...),
			Want{Alert: "ProgressTargetDown", Severity: p.down, Cause: h, Earliest: 5 * m, Latest: 7 * m, Clear: h + 50*m}).with(func(x *Part) {
			x.Faults = []Fault{{Span{h, h + 50*m}, Down}}
		}),
		one("product down for a moment", p, 4*h, begin.then(p.finishes(3*h)...)).with(func(x *Part) {
			x.Faults = []Fault{{Span{h, h + 3*m}, Down}}
		}),
		one("credentials refused", p, 4*h, begin.then(p.finishes(3*h)...),
			Want{Alert: "ProgressAuthRefused", Severity: "warning", Cause: h, Earliest: 2 * m, Latest: 3 * m, Clear: h + 50*m}).with(func(x *Part) {
			x.Faults = []Fault{{Span{h, h + 50*m}, Refused}}
		}),
		one("throttled", p, 4*h, begin.then(p.finishes(3*h)...),
			Want{Alert: "ProgressRateLimited", Severity: "warning", Cause: h, Earliest: 10 * m, Latest: 26 * m, Clear: h + 50*m}).with(func(x *Part) {
			x.Faults = []Fault{{Span{h, h + 50*m}, Throttled}}
		}),
		one("one in six reads throttled", p, 4*h, begin.then(p.finishes(3*h)...)).with(func(x *Part) {
			x.Faults = []Fault{{Span{0, 4 * h}, Sixth}}
		}),
		one("finished, then off", p, 6*h, begin.then(p.finishes(h)...)).with(func(x *Part) {
			x.Faults = []Fault{{Span{2 * h, 6 * h}, Down}}
		}),
		one("finished, then gone", p, 5*h, begin.then(p.finishes(h)...).lasting(h).then(gone)),
		one("deadline met", p, 4*h, begin.then(p.finishes(2*h)...)).with(func(x *Part) { x.Deadline = 3 * h }),
		one("deadline missed", p, 4*h, begin.then(works(p.worked()*0.69, 4*h)),
			Want{Alert: "ProgressDeadlineWillBeMissed", Severity: "warning", Cause: 5 * m, Earliest: 10 * m, Latest: 30*m + 3*p.finest(), Clear: 3 * h, Learning: p.learning()},
			outOfReach(p),
			Want{Alert: "ProgressDeadlineMissed", Severity: "critical", Cause: 3 * h, Earliest: 2 * m, Latest: 3 * m},
		).with(func(x *Part) { x.Deadline = 3 * h }),
	}
}

// outOfReach is the page for a job that will miss its deadline also at its best. How soon
// that is certain depends on how evenly the product's ratio grows.
func outOfReach(p *Product) Want {
	const m = time.Minute
	w := Want{Alert: "ProgressDeadlineOutOfReach", Severity: "critical", Cause: 5 * m, Clear: 3 * time.Hour, Learning: p.learning()}
	switch p.api {
	case "mongosync":
		w.Earliest, w.Latest = 70*m, 95*m
	case "mrs":
		w.Earliest, w.Latest = 20*m, 50*m
	case "ses":
		w.Earliest, w.Latest = 95*m, 100*m
	default:
		w.Earliest, w.Latest = 125*m, 155*m
	}
	return w
}

// waiting is the page for a job that waits for too long. mongosync has no queue: it says
// that it initializes, and then something has to move.
func (p *Product) waiting(clear time.Duration) Want {
	w := stalls(p, 0, clear)
	if p.api != "mongosync" {
		w.Alert, w.Severity = "ProgressJobQueued", "warning"
	}
	return w
}

// finishes are the beats of a job that runs well to its end.
func (p *Product) finishes(d time.Duration) Plot { return p.finishing(works(p.worked(), d)) }

// finishing ends a job that has done its work: mongosync waits for a commit that its
// operator begins at once.
func (p *Product) finishing(b Beat) Plot {
	if p.api == "mongosync" {
		return Plot{b, works(0.93, 2*time.Minute), commits(3 * time.Minute), done}
	}
	return Plot{b, done}
}

// worked is the share at which a job has done its work by itself.
func (p *Product) worked() float64 {
	if p.api == "mongosync" {
		return 0.91
	}
	return 1
}

// finest is how long a job of the product stands still between two moves at most, where
// it works at the speed of these lives.
func (p *Product) finest() time.Duration {
	if p.api == "ses" {
		return 30 * time.Minute
	}
	return 3 * time.Minute
}

// learning is how long an exporter has to live to know that a job of the product is too
// slow for its deadline: it may find it just after a move, and has to see three. Here
// Logpresso's ratio promises an end a few minutes after the deadline at first, which takes
// half an hour of its moves to tell.
func (p *Product) learning() time.Duration {
	if p.api == "logpresso" {
		return 30 * time.Minute
	}
	return 4 * p.finest()
}
