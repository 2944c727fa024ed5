package scrape

import (
	"fmt"
	"sync"

	"progress_exporter/collector/plan"
)

// maxProbedJobs bounds the jobs of one target that are probed at a time, because
// anybody can invent some, and each is a read of its own.
const maxProbedJobs = 64

// crowd knows who waits for which read, and which jobs are probed. It bounds these for
// each target by itself: nobody is refused because of another target.
type crowd struct {
	mu      sync.Mutex
	askers  map[flightKey]int
	flights map[flightKey]bool   // reads of jobs that are under way, whether somebody waits or not
	jobs    map[*plan.Target]int // of a target, in askers or flights
	probed  int                  // the sum of jobs
}

func newCrowd() *crowd {
	return &crowd{askers: map[flightKey]int{}, flights: map[flightKey]bool{}, jobs: map[*plan.Target]int{}}
}

// enter lets somebody ask for a read, until leave; or says why not.
func (c *crowd) enter(k flightKey) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k.job != "" && !c.present(k) && c.jobs[k.target] >= maxProbedJobs {
		return fmt.Errorf("%d jobs of this target are being read, which is the limit; try again later", maxProbedJobs)
	}
	c.arrive(k)
	c.askers[k]++
	return nil
}

// leave is the end of what enter began.
func (c *crowd) leave(k flightKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.askers[k]--; c.askers[k] == 0 {
		delete(c.askers, k)
	}
	c.depart(k)
}

// takeOff notes that a read is under way, until land. A read of a probed job counts
// also after all who waited for it have left.
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

func (c *crowd) present(k flightKey) bool { return c.askers[k] > 0 || c.flights[k] }

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
