package lives

import "time"

// ofLogpresso are the lives that only an install of an app has.
func ofLogpresso() []Life {
	const h, m = time.Hour, time.Minute
	p := Logpresso()
	begin := Plot{waits(5 * m)}
	return append(nodeLives(p, "general-error", "forwarder-node-1"), []Life{
		one("cancelled", p, 3*h, begin.then(works(0.5, h), cancelled), // which goes on being in progress
			Want{Alert: "ProgressJobCancelled", Severity: "info", Cause: 65 * m, Earliest: m, Latest: 2 * m},
			Want{Alert: "ProgressCancelUnfinished", Severity: "warning", Cause: 65 * m, Earliest: h, Latest: h + 2*m}),
		one("vanished", p, 3*h, begin.then(works(0.5, h), gone),
			Want{Alert: "ProgressJobVanished", Severity: "info", Cause: 65 * m, Earliest: 2 * m, Latest: 3 * m, Fades: true}),
		one("acknowledged", p, 4*h, begin.then(works(1, h), done).lasting(20*m).then(gone)),
		one("replaced", p, 5*h, begin.then(works(1, h), done)).with(func(x *Part) {
			x.Next = &Next{At: 2 * h, Job: p.next, Plot: begin.then(works(1, h), done)}
		}),
	}...)
}

// nodeLives are those of a product that names what failed, of the job and of a node.
func nodeLives(p *Product, code, node string) []Life {
	const h, m = time.Hour, time.Minute
	begin := Plot{waits(5 * m)}
	return []Life{
		one("failed", p, 3*h, begin.then(works(0.5, h), failed),
			Want{Alert: "ProgressJobFailed", Severity: "critical", Cause: 65 * m, Earliest: m, Latest: 2 * m, Says: code}),
		one("node failed", p, 4*h, begin.then(works(0.5, h), works(0.75, h).withFailedNode(), works(1, h), done),
			Want{Alert: "ProgressNodeFailed", Severity: "warning", Cause: 65 * m, Earliest: 2 * m, Latest: 3 * m, Clear: 125 * m, Says: node}),
	}
}

// ofMRS are the lives that only a command has.
func ofMRS() []Life {
	const h, m = time.Hour, time.Minute
	p := MRS()
	begin := Plot{waits(5 * m)}
	return append(nodeLives(p, "20019", "HDFS-DataNode-node-2"), []Life{
		one("cancelled", p, 3*h, begin.then(works(0.5, h), cancelled), // the product says FAILED
			Want{Alert: "ProgressJobFailed", Severity: "critical", Cause: 65 * m, Earliest: m, Latest: 2 * m}),
		one("vanished", p, 3*h, begin.then(works(0.5, h), gone), // the product says 404
			Want{Alert: "ProgressTargetDown", Severity: "warning", Cause: 65 * m, Earliest: 5 * m, Latest: 7 * m}),
		one("replaced", p, 5*h, begin.then(works(1, h), done)).with(func(x *Part) {
			x.Next = &Next{At: 2 * h, Job: p.next, Plot: begin.then(works(1, h), done)}
		}),
		one("replaced while it works", p, 5*h, begin.then(works(1, 4*h))).with(func(x *Part) {
			x.Next = &Next{At: 2 * h, Job: p.next, Plot: Plot{works(1, 2*h), done}}
		}),
	}...)
}

// ofSES are the lives that only a rolling upgrade has.
func ofSES() []Life {
	const h, m = time.Hour, time.Minute
	p := SES()
	begin := Plot{waits(5 * m)}
	return []Life{
		one("failed", p, 3*h, begin.then(works(0.51, h), failed),
			Want{Alert: "ProgressJobFailed", Severity: "critical", Cause: 65 * m, Earliest: m, Latest: 2 * m, Says: "logs-prod-d-a6"}),
		one("node failed", p, 4*h, begin.then(works(0.5, h), works(0.75, h).withFailedNode(), works(1, h), done),
			Want{Alert: "ProgressJobFailed", Severity: "critical", Cause: 65 * m, Earliest: m, Latest: 2 * m, Clear: 125 * m, Says: "logs-prod-d-a11"}),
		one("vanished", p, 3*h, begin.then(works(0.5, h), gone),
			Want{Alert: "ProgressJobVanished", Severity: "warning", Cause: 65 * m, Earliest: 2 * m, Latest: 3 * m, Fades: true}),
		one("replaced", p, 5*h, begin.then(works(1, h), done)).with(func(x *Part) {
			x.Next = &Next{At: 2 * h, Plot: begin.then(works(1, h), done)}
		}),
	}
}
