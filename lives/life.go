package lives

import (
	"time"
)

// Life is a story and what has to page in it. Times are counted from its beginning, when
// the exporter and Prometheus begin to look.
type Life struct {
	Name  string
	Parts []Part
	// Watch is how long it is looked at.
	Watch time.Duration
	// Away are stretches in which the exporter does not run; each ends with a new one,
	// which knows nothing.
	Away []Span
	// Want is what has to page. Everything else that fires is for nothing.
	Want []Want
	// Holds are expressions that have to be true at a moment, and Never those that must
	// have no result, at any full quarter of an hour.
	Holds []Check
	Never []string
	// Own are the ways in which the life has to be looked at, where that belongs to the
	// story; nil: each of the conditions.
	Own []Condition
}

// Check is an expression that has a result at a moment.
type Check struct {
	At   time.Duration
	Expr string
}

// Part is one target of a life.
type Part struct {
	Target     string
	Product    *Product
	Plot       Plot
	Jobs       []Job // of a list, instead of the Plot
	Faults     []Fault
	StallAfter time.Duration // 0: the product's
	Deadline   time.Duration // 0: none
	Interval   time.Duration // min_interval
	Migration  string        // the label migration
	Share      float64       // of the bytes, where the product is a process of several; 0: all
	// Next is another job in the place of this one; nil: there is none.
	Next *Next
}

// Next is a job that takes another's place.
type Next struct {
	At   time.Duration
	Job  string // its key in the target's options; empty: it has none
	Plot Plot
}

// Span is a stretch of a life.
type Span struct{ From, To time.Duration }

// in reports whether the span holds a moment.
func (s Span) in(at time.Duration) bool { return at >= s.From && at < s.To }

// Want is an alert that has to fire.
type Want struct {
	Alert, Severity string
	Target          string // and of a list /JOB; empty: the life's only one, or none for alerts that have none
	Cause           time.Duration
	// Earliest and Latest bound how long after its cause it fires. What a condition costs
	// is added to Latest.
	Earliest, Latest time.Duration
	// Clear is when its reason is gone: it has to be resolved then, or after so long as
	// rules look back, and not before. 0: it fires to the end.
	Clear time.Duration
	// Unseen is how much longer it takes until the product shows that the reason is gone.
	Unseen time.Duration
	// Fades says that the alert may end by itself: it tells of something that has happened.
	Fades bool
	// Learning is how long an exporter has to live to know it. One that forgets more often
	// need not say it, or may say it each time anew.
	Learning time.Duration
	// Says has to stand in the summary or the description.
	Says string
}

// Condition is how a life is looked at.
type Condition struct {
	Name     string
	Interval time.Duration
	Evaluate time.Duration
	Probe    bool
	Restart  time.Duration // the exporter restarts each so often; 0: never
	Memory   bool          // with a memory file; without one it forgets with each restart
	Gaps     Gaps
}

// slack is how much later than else an alert may fire, or be resolved: what is new is seen
// at the next scrape and the evaluation after it, and a record an evaluation before the
// alert; an exporter that restarts loses a scrape, and in a gap nothing is seen.
func (c *Condition) slack() time.Duration {
	d := 2*c.Interval + 2*c.Evaluate
	if c.Restart > 0 {
		d += c.Interval
	}
	return d + c.Gaps.Length
}

// Gaps are stretches in which no scrape reaches the exporter.
type Gaps struct{ Every, Length time.Duration }

// in reports whether a moment is in a gap.
func (g Gaps) in(at time.Duration) bool {
	return g.Every > 0 && at%g.Every >= g.Every-g.Length
}

// Conditions returns every way to look at a life.
func Conditions() []Condition {
	return []Condition{
		{Name: "15s", Interval: 15 * time.Second, Evaluate: 30 * time.Second},
		{Name: "60s", Interval: time.Minute, Evaluate: time.Minute},
		{Name: "120s", Interval: 2 * time.Minute, Evaluate: time.Minute},
		{Name: "probe", Interval: 30 * time.Second, Evaluate: time.Minute, Probe: true},
		{Name: "restart 17m", Interval: 30 * time.Second, Evaluate: time.Minute, Restart: 17 * time.Minute},
		{Name: "restart 67m", Interval: time.Minute, Evaluate: time.Minute, Restart: 67 * time.Minute},
		{Name: "restart 17m, memory", Interval: 30 * time.Second, Evaluate: time.Minute, Restart: 17 * time.Minute, Memory: true},
		{Name: "gaps", Interval: 30 * time.Second, Evaluate: time.Minute, Gaps: Gaps{50 * time.Minute, 4 * time.Minute}},
	}
}

// forgets reports whether no exporter lives for so long, or remembers.
func (c *Condition) forgets(within time.Duration) bool {
	return c.Restart > 0 && !c.Memory && c.Restart < within
}

// restartTakes is how long an exporter that restarts cannot be scraped.
const restartTakes = 10 * time.Second
