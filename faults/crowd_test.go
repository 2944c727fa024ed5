package faults

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
)

const (
	crowdHanging = 64 // as many as may be read at a time
	crowdHealthy = 1000
)

// TestCrowd has targets hang, at the head of the queue, until a thousand in health
// behind them were asked: if they kept those waiting, no scrape would end by itself.
func TestCrowd(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	for range 2 { // the second time it is known who hangs
		c.assemble()
		_, fams := c.scrape(t, 4*deadline)
		states, read := fams.states(), 0
		for i := range crowdHealthy {
			if states[fmt.Sprint("healthy-", i)] == "running" {
				read++
			}
		}
		if read != crowdHealthy {
			t.Errorf("%d healthy targets were read, want %d", read, crowdHealthy)
		}
		for i := range crowdHanging {
			fams.wantDown(t, fmt.Sprint("hangs-", i), "http_5xx") // what it says in the end
		}
	}
}

// crowd is an exporter with many targets of all products.
type crowd struct {
	stage
	mu       sync.Mutex
	unasked  int           // the healthy that were not asked yet
	everyone chan struct{} // closed when all were
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	c := &crowd{}
	all := slices.DeleteFunc(products(), func(p product) bool { return p.pages })
	dead := serve(t, http.HandlerFunc(c.hang))
	var targets []any
	for i := range crowdHanging {
		targets = append(targets, all[i%len(all)].entryOf(fmt.Sprint("hangs-", i), dead, dead.url, 8*deadline))
	}
	sites := make([]site, len(all))
	for i, p := range all {
		sites[i] = serve(t, c.counting(p.good()))
		c.product.secrets = append(c.product.secrets, p.secrets...)
	}
	for i := range crowdHealthy {
		at := sites[i%len(all)]
		targets = append(targets, all[i%len(all)].entryOf(fmt.Sprint("healthy-", i), at, at.url, 8*deadline))
	}
	c.load(t, targets)
	return c
}

// assemble begins anew.
func (c *crowd) assemble() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.unasked, c.everyone = crowdHealthy, make(chan struct{})
}

// hang answers when all the healthy were asked.
func (c *crowd) hang(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	everyone := c.everyone
	c.mu.Unlock()
	select {
	case <-everyone:
		send(http.StatusServiceUnavailable, html)(w, r)
	case <-r.Context().Done():
	}
}

// counting counts those who are asked for their progress.
func (c *crowd) counting(good http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		good.ServeHTTP(w, r)
		if !asksForProgress(r) {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.unasked--; c.unasked == 0 {
			close(c.everyone)
		}
	})
}
