package soak

import (
	"io"
	"net/http"
	"sync"
)

// cycle is the rhythm of a job: so many good answers, then so many failures.
const (
	cycle    = 12
	goodOnes = 8
)

// job plays a target's product. What it answers depends on nothing but how often it
// was asked, so that what the exporter has to count is known to the last unit.
type job struct {
	name     string
	product  product
	offset   int        // so that not all jobs fail at once
	failures []failure  // in turn
	oneShot  bool       // no connection is used twice
	mu       sync.Mutex // guards the rest
	asked    int
	failed   int
	job      codes // error codes of the job
	nodes    [2]codes
}

// tally is what a job has answered.
type tally struct {
	asked, failed int
	job, nodes    map[string]int // how often each error code appeared
}

// tally returns what the job has answered so far.
func (j *job) tally() tally {
	j.mu.Lock()
	defer j.mu.Unlock()
	t := tally{asked: j.asked, failed: j.failed, job: map[string]int{}, nodes: map[string]int{}}
	for code, n := range j.job.edges {
		t.job[code] = n
	}
	for i := range j.nodes {
		for code, n := range j.nodes[i].edges {
			t.nodes[code] += n
		}
	}
	return t
}

// ServeHTTP answers as the product does, or fails. The failures that close a
// connection without an answer get a fresh one, as Go's client repeats a request
// that got none on a connection that was used before: the exporter would have made
// one read, and the job would have been asked twice.
func (j *job) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	answer, closes := j.next()
	if closes {
		w.Header().Set("Connection", "close")
	}
	answer(w, r)
}

// next counts a request and returns its answer, and whether the connection must not
// be used again after it.
func (j *job) next() (answer http.HandlerFunc, closes bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now, after := j.failure(j.asked), j.failure(j.asked+1)
	good := j.asked - j.failed
	j.asked++
	closes = j.oneShot || after != nil && after.silent
	if now != nil {
		j.failed++
		return now.answer, closes
	}
	body := j.product.body(moment{
		percent: good % 101,
		job:     j.job.next(j.product.jobCodes),
		nodes:   [2]string{j.nodes[0].next(j.product.nodeCodes[0]), j.nodes[1].next(j.product.nodeCodes[1])},
	})
	return send(http.StatusOK, "application/json", body), closes
}

// failure returns how the request with this number fails; nil: not at all.
func (j *job) failure(number int) *failure {
	turn, place := (number+j.offset)/cycle, (number+j.offset)%cycle
	if place < goodOnes {
		return nil
	}
	return &j.failures[(turn*(cycle-goodOnes)+place-goodOnes+j.offset)%len(j.failures)]
}

// codes walks through a pattern of error codes and counts how often each appears:
// that it was not there before is the only thing that counts.
type codes struct {
	step  int
	last  string
	edges map[string]int
}

// next returns the next code of a pattern; empty for none.
func (c *codes) next(pattern []string) string {
	if len(pattern) == 0 {
		return ""
	}
	code := pattern[c.step%len(pattern)]
	c.step++
	if code != "" && code != c.last {
		if c.edges == nil {
			c.edges = map[string]int{}
		}
		c.edges[code]++
	}
	c.last = code
	return code
}
