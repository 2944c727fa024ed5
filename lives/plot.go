package lives

import (
	"slices"
	"time"

	"progress_exporter/collector/collectortest/drill"
)

// Plot is a job's story, one beat after the other; the last one stays.
type Plot []Beat

// Beat is a stretch of a plot.
type Beat struct {
	For      time.Duration
	Phase    drill.Phase
	To       float64       // the share of the work that is done at its end
	Every    time.Duration // it moves only so often; 0: all the time
	NodeFail bool
}

// The beats. Where a story is told, they read as sentences.
func waits(d time.Duration) Beat  { return Beat{For: d, Phase: drill.Waiting} }
func pauses(d time.Duration) Beat { return Beat{For: d, Phase: drill.Paused, To: keep} }
func stands(d time.Duration) Beat { return Beat{For: d, Phase: drill.Working, To: keep} }
func commits(d time.Duration) Beat {
	return Beat{For: d, Phase: drill.Finishing, To: keep}
}
func reverses(d time.Duration) Beat {
	return Beat{For: d, Phase: drill.Reversing, To: keep}
}
func works(to float64, d time.Duration) Beat {
	return Beat{For: d, Phase: drill.Working, To: to}
}
func seldom(to float64, d, every time.Duration) Beat {
	return Beat{For: d, Phase: drill.Working, To: to, Every: every}
}

// What a plot ends with.
var (
	done      = Beat{Phase: drill.Done, To: 1}
	failed    = Beat{Phase: drill.Failed, To: keep}
	cancelled = Beat{Phase: drill.Cancelled, To: keep}
	gone      = Beat{Phase: drill.Gone}
	idle      = Beat{Phase: drill.Idle}
)

// keep leaves the work as it is.
const keep = -1

// withFailedNode says that a node has failed meanwhile.
func (b Beat) withFailedNode() Beat { b.NodeFail = true; return b }

// length returns how long all beats but the last take.
func (p Plot) length() time.Duration {
	var d time.Duration
	for _, b := range p[:len(p)-1] {
		d += b.For
	}
	return d
}

// at is the plot as a drill tells it.
func (p Plot) at(since time.Duration) drill.Moment {
	done := 0.0
	for i, b := range p {
		to := b.To
		if to == keep {
			to = done
		}
		if last := i == len(p)-1; since < b.For || last {
			m := drill.Moment{Phase: b.Phase, Fraction: to, NodeFail: b.NodeFail}
			if since < b.For {
				if b.Every > 0 {
					since -= since % b.Every
				}
				m.Fraction = done + (to-done)*float64(since)/float64(b.For)
			}
			return m
		}
		since, done = since-b.For, to
	}
	return drill.Moment{}
}

// lasting gives the last beat of a plot a length.
func (p Plot) lasting(d time.Duration) Plot {
	p = slices.Clone(p)
	p[len(p)-1].For = d
	return p
}

// then returns a plot with more beats.
func (p Plot) then(more ...Beat) Plot { return append(slices.Clone(p), more...) }
