package lives

import (
	"slices"
	"time"
)

// ofMongosync are the lives that only a migration of one process has.
func ofMongosync() []Life {
	const h, m = time.Hour, time.Minute
	p := Mongosync()
	begin := Plot{waits(5 * m)}
	applied := begin.then(works(0.91, h), works(0.93, 5*m)) // ready since 68m 45s
	return []Life{
		one("failed", p, 3*h, begin.then(works(0.5, h), failed), // it says so instead of an answer
			Want{Alert: "ProgressTargetDown", Severity: "critical", Cause: 65 * m, Earliest: 5 * m, Latest: 7 * m}),
		one("vanished", p, 3*h, begin.then(works(0.5, h), idle),
			Want{Alert: "ProgressJobVanished", Severity: "warning", Cause: 65 * m, Earliest: 2 * m, Latest: 3 * m, Fades: true}),
		one("replaced", p, 5*h, begin.then(p.finishes(h)...).lasting(20*m).then(idle).lasting(10*m).then(begin...).then(p.finishes(h)...)),
		one("paused", p, 5*h, begin.then(works(0.3, h), pauses(2*h)).then(p.finishes(h)...)),
		one("paused, then stalled", p, 5*h, begin.then(works(0.3, h), pauses(2*h), stands(h)), stalls(p, 185*m, 0)),
		one("ready", p, 4*h, applied.then(stands(h)),
			Want{Alert: "ProgressReadyToCommit", Severity: "info", Cause: 67*m + 30*time.Second, Earliest: 15 * m, Latest: 16 * m}),
		one("commit hanging", p, 4*h, applied.then(commits(h)), stalls(p, 70*m, 0)),
		one("commit long, but done", p, 4*h, applied.then(commits(12*m), done)),
		one("reverse hanging", p, 4*h, applied.then(commits(3*m), done).lasting(10*m).then(reverses(h)), stalls(p, 83*m, 0)),
		one("indexes are built", p, 4*h, begin.then(works(0.912, h), stands(80*m), works(0.915, 2*m)).then(p.finishing(works(0.92, m))...)),
		one("lag not falling", p, 3*h, begin.then(works(0.8, h), stands(h)),
			Want{Alert: "ProgressLagNotFalling", Severity: "warning", Cause: 65 * m, Earliest: 15 * m, Latest: 27 * m}),
	}
}

// two is a migration of two shards, the first with more of the bytes.
func two(name string, watch time.Duration, first, second Plot, want ...Want) Life {
	p := Mongosync()
	return Life{
		Name: "mongosync shards " + name, Watch: watch, Want: want,
		Parts: []Part{
			{Target: "shard0", Product: p, Migration: "orders", Share: 0.6, Plot: first},
			{Target: "shard1", Product: p, Migration: "orders", Share: 0.4, Plot: second},
		},
	}
}

// both is a page of each of the two.
func both(w Want) []Want {
	a, b := w, w
	a.Target, b.Target = "shard0", "shard1"
	return []Want{a, b}
}

// copied is the work of a process that has copied its share, and waits for the others.
const copied = 0.699

// sharded are the lives of a migration of several processes.
func sharded() []Life {
	const h, m = time.Hour, time.Minute
	p := Mongosync()
	begin := Plot{waits(5 * m)}
	happy := begin.then(p.finishes(2 * h)...)
	rest := p.finishes(h)
	early := begin.then(works(copied, 30*m), stands(2*h)).then(rest...)
	down := []Fault{{Span{h, h + 50*m}, Down}}
	lives := []Life{
		two("happy", 4*h, happy, happy),
		two("early finisher", 5*h, begin.then(works(copied, 150*m)).then(rest...), early),
		two("one stuck while the other moves", 3*h, begin.then(works(0.4, 30*m), stands(2*h)), begin.then(works(copied, 175*m))),
		two("one stuck, the other done early", 3*h, begin.then(works(0.4, h), stands(2*h)), begin.then(works(copied, 30*m), stands(2*h)), both(stalls(p, 65*m, 0))...),
		two("all stuck", 3*h, begin.then(works(0.4, h), stands(2*h)), begin.then(works(0.3, h), stands(2*h)), both(stalls(p, 65*m, 0))...),
		two("one down, the other done early", 5*h, begin.then(works(copied, 150*m)).then(rest...), early,
			Want{Alert: "ProgressTargetDown", Target: "shard0", Severity: "critical", Cause: h, Earliest: 5 * m, Latest: 7 * m, Clear: h + 50*m}),
		two("one ready", 4*h, begin.then(works(0.8, h), works(0.9, 3*h)), begin.then(works(0.91, h), works(0.93, 5*m), stands(h))),
		two("deadline missed", 4*h, begin.then(works(0.69, 5*h)), begin.then(works(0.69, 5*h)), slices.Concat(
			both(Want{Alert: "ProgressDeadlineWillBeMissed", Severity: "warning", Cause: 5 * m, Earliest: 10 * m, Latest: 40 * m, Clear: 3 * h, Learning: p.learning()}),
			both(Want{Alert: "ProgressDeadlineOutOfReach", Severity: "critical", Cause: 5 * m, Earliest: 45 * m, Latest: 65 * m, Clear: 3 * h, Learning: p.learning()}),
			both(Want{Alert: "ProgressDeadlineMissed", Severity: "critical", Cause: 3 * h, Earliest: 2 * m, Latest: 3 * m}))...),
	}
	lives[5].Parts[0].Faults = down
	for i := range lives[7].Parts {
		lives[7].Parts[i].Deadline = 3 * h
	}
	return lives
}
