package collector

import (
	"fmt"
	"math"
	"net/http"
	"sync"
)

// maxProbedJobs bounds the jobs of one target that are probed at a time, because
// anybody can invent some, and each is a read of its own.
const maxProbedJobs = 64

// The handlers whose refused requests are counted.
const (
	handlerMetrics = "metrics"
	handlerProbe   = "probe"
	handlerDebug   = "debug"
	handlerTargets = "targets"
)

func handlerNames() []string {
	return []string{handlerMetrics, handlerProbe, handlerDebug, handlerTargets}
}

// newGate returns a gate for requests of one kind.
func (e *Exporter) newGate() *gate {
	return &gate{most: e.opts.maxRequests(), full: "%d requests of this kind are being answered, which is the limit"}
}

// enter lets a request in through a gate, until leave, which has to be deferred; false
// if it was refused. The connection of a request that lost its place to another is closed.
func (e *Exporter) enter(g *gate, handler string, w http.ResponseWriter, r *http.Request) (in *http.Request, leave func(), ok bool) {
	in, guest, err := g.enter(w, r)
	if err != nil {
		e.refuse(w, handler, err)
		return nil, nil, false
	}
	return in, func() {
		if g.leave(guest) {
			if r.Context().Err() == nil { // and neither has the client gone, nor was a place before this one lost
				e.self.refused.WithLabelValues(handler).Inc()
			}
			panic(http.ErrAbortHandler)
		}
	}, true
}

// refuse turns a request away, and counts it.
func (e *Exporter) refuse(w http.ResponseWriter, handler string, why error) {
	e.self.refused.WithLabelValues(handler).Inc()
	http.Error(w, why.Error()+".", http.StatusServiceUnavailable)
}

// maxRequests returns the bound of Options.MaxRequests.
func (o *Options) maxRequests() int {
	if o.MaxRequests <= 0 {
		return math.MaxInt
	}
	return o.MaxRequests
}

// crowd knows who waits for which read, and which jobs are probed. It bounds both for
// each target by itself: nobody is refused because of another target.
type crowd struct {
	most int // askers of one read

	mu      sync.Mutex
	askers  map[flightKey]*asked
	flights map[flightKey]bool // reads of jobs that are under way, whether somebody waits or not
	jobs    map[*target]int    // of a target, in askers or flights
	probed  int                // the sum of jobs
}

// asked is a read that somebody asks for, and the gate for who may wait for it.
type asked struct {
	gate
	askers int
}

func newCrowd(most int) *crowd {
	return &crowd{most: most, askers: map[flightKey]*asked{}, flights: map[flightKey]bool{}, jobs: map[*target]int{}}
}

// enter lets somebody ask for a read, until leave, and returns the gate for who may wait
// for it; or says why not.
func (c *crowd) enter(k flightKey) (*gate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.job != "" && !c.present(k) && c.jobs[k.target] >= maxProbedJobs {
		return nil, fmt.Errorf("%d jobs of this target are being read, which is the limit; try again later", maxProbedJobs)
	}
	c.arrive(k)
	a := c.askers[k]
	if a == nil {
		a = &asked{gate: gate{most: c.most, full: "%d requests wait for this target already, which is the limit"}}
		c.askers[k] = a
	}
	a.askers++
	return &a.gate, nil
}

// leave is the end of what enter began.
func (c *crowd) leave(k flightKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.askers[k].askers--; c.askers[k].askers == 0 {
		delete(c.askers, k)
	}
	c.depart(k)
}

// takeOff says that a read is under way, until land: one of a job counts also when
// nobody waits for it any more.
func (c *crowd) takeOff(k flightKey) {
	if k.job == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.arrive(k)
	c.flights[k] = true
}

// land is the end of what takeOff began.
func (c *crowd) land(k flightKey) {
	if k.job == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.flights, k)
	c.depart(k)
}

// size returns how many jobs are probed.
func (c *crowd) size() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.probed
}

func (c *crowd) present(k flightKey) bool { return c.askers[k] != nil || c.flights[k] }

// arrive counts a job that was not there before.
func (c *crowd) arrive(k flightKey) {
	if k.job != "" && !c.present(k) {
		c.jobs[k.target]++
		c.probed++
	}
}

// depart forgets a job that is not there any more.
func (c *crowd) depart(k flightKey) {
	if k.job == "" || c.present(k) {
		return
	}
	c.probed--
	if c.jobs[k.target]--; c.jobs[k.target] == 0 {
		delete(c.jobs, k.target)
	}
}
