package web

import (
	"net/http"
	"sync"
	"time"

	"progress_exporter/collector/plan"
)

// The handlers whose refused requests are counted.
const (
	handlerMetrics = "metrics"
	handlerProbe   = "probe"
	handlerDebug   = "debug"
	handlerTargets = "targets"
)

// HandlerNames returns the values of the label handler of refused requests.
func HandlerNames() []string {
	return []string{handlerMetrics, handlerProbe, handlerDebug, handlerTargets}
}

// newGate returns a gate for requests of one kind.
func (h *Handlers) newGate() *gate {
	return newGate(h.opts.MaxRequests, "%d requests of this kind are being answered, which is the limit")
}

// enter lets a request in through a gate, with a context that ends after timeout, until
// leave, which has to be deferred; false if it was refused. The connection of a request
// that lost its place to another is closed.
func (h *Handlers) enter(g *gate, handler string, w http.ResponseWriter, r *http.Request, timeout time.Duration) (in *http.Request, leave func(), ok bool) {
	in, guest, err := g.enter(w, r, timeout)
	if err != nil {
		h.refuse(w, handler, err)
		return nil, nil, false
	}
	return in, func() {
		if g.leave(guest) {
			if r.Context().Err() == nil { // and neither has the client gone, nor was a place before this one lost
				h.own.Refused(handler)
			}
			panic(http.ErrAbortHandler)
		}
	}, true
}

// refuse turns a request away, and counts it.
func (h *Handlers) refuse(w http.ResponseWriter, handler string, why error) {
	h.own.Refused(handler)
	http.Error(w, why.Error()+".", http.StatusServiceUnavailable)
}

// askers are the gates for who may wait for a read, one for each target and job that
// somebody asks for: nobody is refused because of another target.
type askers struct {
	most int

	mu    sync.Mutex
	gates map[asked]*askedGate
}

// asked is a target, or a job of it, that somebody asks for.
type asked struct {
	target *plan.Target
	job    string
}

type askedGate struct {
	*gate
	askers int
}

func newAskers(most int) *askers { return &askers{most: most, gates: map[asked]*askedGate{}} }

// of returns the gate for who may wait for a read of a target, and what says that an
// asker is done with it.
func (a *askers) of(t *plan.Target) (of *gate, done func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	k := asked{t.Plain, t.Job}
	g := a.gates[k]
	if g == nil {
		g = &askedGate{gate: newGate(a.most, "%d requests wait for this target already, which is the limit")}
		a.gates[k] = g
	}
	g.askers++
	return g.gate, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		if g.askers--; g.askers == 0 {
			delete(a.gates, k)
		}
	}
}
