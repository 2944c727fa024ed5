package faults

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestDeadline hangs in every way at once, for longer than Prometheus waits: the
// answer comes in time, with everybody who is in health.
func TestDeadline(t *testing.T) {
	t.Parallel()
	s := &stage{}
	var targets []any
	hang := 0
	for _, p := range products() {
		s.product.secrets = append(s.product.secrets, p.secrets...)
		for _, f := range faults() {
			if !f.hangs {
				continue
			}
			good := p.good()
			health := serve(t, good)
			targets = append(targets,
				p.entryOf(fmt.Sprint("faulty-", hang), f.start(t, p, good), health.url, patience),
				p.entryOf(fmt.Sprint("healthy-", hang), health, health.url, patience))
			hang++
		}
	}
	s.load(t, targets)
	for range 2 { // the second time the first reads still hang
		_, fams := s.scrape(t, 5*time.Second)
		states := fams.states()
		for i := range hang {
			if state := states[fmt.Sprint("healthy-", i)]; state != "running" {
				t.Errorf("healthy-%d has the state %q", i, state)
			}
			fams.wantDown(t, fmt.Sprint("faulty-", i), "timeout")
		}
	}
	if text := s.log.String(); text != "" {
		t.Errorf("logged of reads that are still under way:\n%s", text)
	}
}

// TestCrowd has as many targets hang as may be read at a time, at the head of the
// queue, before a thousand in health.
func TestCrowd(t *testing.T) {
	t.Parallel()
	const hang, healthy = 64, 1000
	s := &stage{}
	all := slices.DeleteFunc(products(), func(p product) bool { return p.pages })
	at := slices.IndexFunc(faults(), func(f fault) bool { return f.name == "hangs before the header" })
	dead := faults()[at].start(t, product{}, nil)
	var targets []any
	for i := range hang {
		p := all[i%len(all)]
		targets = append(targets, p.entryOf(fmt.Sprint("hangs-", i), dead, dead.url, patience))
	}
	health := make([]site, len(all))
	for i, p := range all {
		health[i] = serve(t, p.good())
		s.product.secrets = append(s.product.secrets, p.secrets...)
	}
	for i := range healthy {
		p, h := all[i%len(all)], health[i%len(all)]
		targets = append(targets, p.entryOf(fmt.Sprint("healthy-", i), h, h.url, patience))
	}
	s.load(t, targets)
	for range 2 {
		_, fams := s.scrape(t, 10*time.Second)
		var missing []string
		states := fams.states()
		for i := range healthy {
			if name := fmt.Sprint("healthy-", i); states[name] != "running" {
				missing = append(missing, name)
			}
		}
		if len(missing) > 0 {
			t.Errorf("%d of %d healthy targets were not read: %s", len(missing), healthy, strings.Join(missing, " "))
		}
		for i := range hang {
			fams.wantDown(t, fmt.Sprint("hangs-", i), "timeout")
		}
	}
}
