package faults

import (
	"fmt"
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
	for i := range 2 { // the second time the first reads still hang
		_, fams := s.scrape(t, 8*time.Second)
		if text := s.log.String(); i == 0 && text != "" {
			t.Errorf("logged of reads that are still under way:\n%s", text)
		}
		states := fams.states()
		for i := range hang {
			if state := states[fmt.Sprint("healthy-", i)]; state != "running" {
				t.Errorf("healthy-%d has the state %q", i, state)
			}
			fams.wantDown(t, fmt.Sprint("faulty-", i), "timeout")
		}
	}
}
