package progress

import (
	"math"
	"time"
)

// Work is a running hash (FNV-1a, 64 bit) of whatever changes when a job moves.
// It depends on nothing but what was added, so it is the same in every process
// and after every restart. The zero value is empty and ready.
type Work uint64

const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// Text adds a word such as a phase. An empty word, which the product did not say,
// adds nothing.
func (w *Work) Text(key, value string) {
	if value == "" {
		return
	}
	w.write(key)
	w.write(value)
}

// Number adds a count or a ratio; nil adds nothing.
func (w *Work) Number(key string, value *float64) {
	if value == nil {
		return
	}
	w.write(key)
	w.bits(math.Float64bits(*value))
}

// Time adds a date; the zero time adds nothing.
func (w *Work) Time(key string, value time.Time) {
	if value.IsZero() {
		return
	}
	w.write(key)
	w.bits(uint64(value.UnixNano()))
}

func (w *Work) write(s string) {
	h := uint64(*w)
	if h == 0 {
		h = fnvOffset
	}
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * fnvPrime
	}
	*w = Work((h ^ 0xff) * fnvPrime) // ends the string: "ab","c" differs from "a","bc"
}

func (w *Work) bits(v uint64) {
	h := uint64(*w)
	for range 8 {
		h = (h ^ v&0xff) * fnvPrime
		v >>= 8
	}
	*w = Work(h)
}

// WorkHash returns a number that changes when the job moves and stays when it
// does not: the job's identity, its state, ratio, nodes, copied bytes and
// whatever the product added to Work. It fits a float64 exactly (53 bits).
//
// What is left out on purpose: the totals, because a moving estimate is not work;
// the ratio of a job that reports bytes, because it moves with the total; the
// error codes; and the difference between Running and Ready, because mongosync's
// canCommit flips with the lag.
func (r *Report) WorkHash() float64 {
	w := r.Work
	w.Text("job", r.Job)
	state := r.State
	if state == Ready {
		state = Running
	}
	w.Text("state", state.String())
	w.Number("copied", r.CopiedBytes)
	if r.CopiedBytes == nil {
		w.Number("ratio", r.Ratio)
	}
	w.Number("nodes_completed", r.NodesCompleted)
	var nodes uint64 // a sum, so that the order of the list does not matter
	for i := range r.Nodes {
		n := &r.Nodes[i]
		nw := n.Work
		nw.Text("node", n.ID)
		nw.Text("name", n.Name)
		nw.Text("status", n.Status)
		nw.Number("ratio", n.Ratio)
		nodes += uint64(nw)
	}
	w.write("nodes")
	w.bits(nodes)
	return float64(uint64(w) >> 11)
}
