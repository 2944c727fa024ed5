package ses

import (
	"time"

	"progress_exporter/collector/progress"
)

// phase is how the status of a node is read.
type phase int

// The phases, with the values of the label phase.
const (
	waiting phase = iota
	working
	done
	failed
	unknown
	phases
)

var phaseNames = [phases]string{"waiting", "working", "done", "failed", "unknown"}

// phaseOfState says which states a word of a node can be mapped to by states:.
var phaseOfState = map[progress.State]phase{
	progress.Pending:   waiting,
	progress.Running:   working,
	progress.Succeeded: done,
	progress.Failed:    failed,
	progress.Unknown:   unknown,
}

// phaseOf reads the status of a node.
//
// No page lists the words. The sample of the call shows three, and how they are
// read is an inference from it: nodes that are "running" with a date of the day
// before the upgrade was requested, which have not been touched yet; a node that is
// "complete"; and one at "Upgrade_OpenSearch", the name of a step. So any other word
// is a step, and node failures have to be named by states:. If nobody names one, the
// job stalls, which is an alarm as well.
//
// A date tells apart what the words do not. A node that is complete since before
// the request is left over from an earlier upgrade: counting it would end a job
// that has not begun. A node that is running since the request or later was changed
// by this upgrade and is in no step any more: it is back to normal. Reading it as
// waiting instead would let each upgrade after which nodes go back to "running"
// stall for ever; reading it as done is wrong only if the product touches nodes that
// it has not begun with, and its sample shows that it does not. Who learns otherwise
// writes `states: {running: pending}`.
func (c *cluster) phaseOf(word string, updated, requested time.Time) phase {
	if p, ok := c.words[word]; ok {
		return p
	}
	dated := !updated.IsZero() && !requested.IsZero()
	before := dated && updated.Before(requested)
	switch word {
	case "":
		return unknown
	case "complete":
		if before {
			return waiting
		}
		return done
	case "running":
		if dated && !before {
			return done
		}
		return waiting
	}
	return working
}

// tally is how many nodes are in each phase.
type tally [phases]int

// listed returns how many nodes there are.
func (t *tally) listed() (n int) {
	for _, in := range t {
		n += in
	}
	return n
}

// state is the state of a job with so many nodes, some of which may not be listed.
func (t *tally) state(nodes float64) progress.State {
	switch {
	case t[failed] > 0:
		return progress.Failed
	case t[working] > 0:
		return progress.Running
	case t[unknown] > 0:
		return progress.Unknown
	case float64(t[done]) >= nodes:
		return progress.Succeeded
	case t[done] > 0:
		return progress.Running
	}
	return progress.Pending
}
