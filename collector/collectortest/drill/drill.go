// Package drill is the story that a fake product tells: a job that starts, moves
// and ends in one of the ways an operator wants to rehearse. It knows no product;
// each fake says a Moment in its vendor's words.
package drill

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Scenario names a story.
type Scenario string

// The stories. Fractions are of the work, shares of the drill's length.
const (
	Happy  Scenario = "happy"  // waits, works, ends well
	Stall  Scenario = "stall"  // stops moving at 40 % and never ends
	Fail   Scenario = "fail"   // fails at 60 %, one node with it
	Cancel Scenario = "cancel" // is stopped by its operator at 30 %
	Flap   Scenario = "flap"   // ends well, but one answer in four is an outage
	Vanish Scenario = "vanish" // is forgotten by the product at 50 %
)

// Scenarios returns every story.
func Scenarios() []Scenario { return []Scenario{Happy, Stall, Fail, Cancel, Flap, Vanish} }

// Parse returns the story with the given name.
func Parse(name string) (Scenario, error) {
	if s := Scenario(name); slices.Contains(Scenarios(), s) {
		return s, nil
	}
	names := make([]string, 0, len(Scenarios()))
	for _, s := range Scenarios() {
		names = append(names, string(s))
	}
	return "", fmt.Errorf("unknown scenario %q, want one of %s", name, strings.Join(names, ", "))
}

// Phase is where a story stands.
type Phase int

// The phases of a story. The zero value is a product that has nothing to do.
const (
	Idle Phase = iota
	Waiting
	Working
	Done
	Failed
	Cancelled
	Gone // the product no longer knows the job

	// These are only in plots: a Scenario has none of them. A product without such a
	// thing says it as Working.
	Paused    // its operator has stopped it, and may let it go on
	Finishing // all is done but the last step, such as a commit
	Reversing // it turns round, to go back
)

// Moment is one point of a story.
type Moment struct {
	Phase    Phase
	Fraction float64   // of the work that is done, 0–1
	Outage   bool      // this answer is a failure of the network or a proxy
	NodeFail bool      // one node has failed while the job goes on
	Began    time.Time // when the work began; zero before it did
	Now      time.Time
}

// Drill plays a Scenario against a clock. The zero value is an idle product.
type Drill struct {
	Scenario Scenario
	Start    time.Time
	Length   time.Duration    // from start to end of the happy story
	Now      func() time.Time // nil: time.Now

	// Plot tells a story of one's own in the place of a Scenario, by the time since
	// Start. Products that date their steps do so by Start and Length.
	Plot func(since time.Duration) Moment
}

// waiting is the share of a drill's length before the work begins.
const waiting = 0.05

// At returns the present moment. Number counts the requests so far, from 0: what
// an outage depends on.
func (d Drill) At(number int) Moment {
	if d.Plot == nil && d.Scenario == "" || d.Length <= 0 {
		return Moment{}
	}
	now := time.Now()
	if d.Now != nil {
		now = d.Now()
	}
	if d.Plot != nil {
		return d.told(now)
	}
	share := float64(now.Sub(d.Start)) / float64(d.Length)
	m := Moment{Now: now, Outage: d.Scenario == Flap && number%4 == 3}
	if share < waiting {
		m.Phase = Waiting
		return m
	}
	m.Phase, m.Fraction = Working, (share-waiting)/(1-waiting)
	m.Began = d.Start.Add(time.Duration(waiting * float64(d.Length)))
	turn := map[Scenario]struct {
		at   float64
		into Phase
	}{Stall: {0.4, Working}, Fail: {0.6, Failed}, Cancel: {0.3, Cancelled}, Vanish: {0.5, Gone}}
	if t, ok := turn[d.Scenario]; ok && m.Fraction >= t.at {
		m.Phase, m.Fraction = t.into, t.at
	}
	if m.Fraction >= 1 {
		m.Phase, m.Fraction = Done, 1
	}
	return m
}

// told is the moment of a plot.
func (d Drill) told(now time.Time) Moment {
	m := d.Plot(now.Sub(d.Start))
	m.Now = now
	if m.Phase != Idle && m.Phase != Waiting {
		m.Began = d.Start.Add(time.Duration(waiting * float64(d.Length)))
	}
	return m
}
