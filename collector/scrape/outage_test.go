package scrape

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// outage is a thousand targets of which many begin to hang at once, so that nothing in
// their past tells who does.
type outage struct {
	hanging     int
	concurrency int
	timeouts    []time.Duration // of each Prometheus that scrapes
}

const (
	outageTargets  = 1000
	outageInterval = 15 * time.Second
)

// targets returns the targets, the hanging ones spread evenly, and what makes them hang.
func (o *outage) targets() (list []*plan.Target, healthy int, begin func()) {
	var out atomic.Bool
	for i := range outageTargets {
		if (i+1)*o.hanging/outageTargets == i*o.hanging/outageTargets {
			list = append(list, enginetest.Target(fmt.Sprint("healthy", i), enginetest.After(50*time.Millisecond)))
			healthy++
			continue
		}
		list = append(list, enginetest.Target(fmt.Sprint("hangs", i), func(ctx context.Context) (progress.Report, error) {
			if out.Load() {
				return enginetest.Hang(ctx)
			}
			return enginetest.After(50 * time.Millisecond)(ctx)
		}))
	}
	return list, healthy, func() { out.Store(true) }
}

// Every healthy target is read in every scrape, also in the first one of an outage,
// whatever share of the others hangs, on /metrics and through /probe.
func TestHealthyTargetsInAnOutage(t *testing.T) {
	both := func(d time.Duration) []time.Duration { return []time.Duration{d, d} }
	var all []outage
	for _, hanging := range []int{64, 128, 300, 900, 999} {
		all = append(all, outage{hanging, 64, both(5 * time.Second)}, outage{hanging, 64, both(10 * time.Second)})
	}
	all = append(all,
		outage{900, 64, []time.Duration{2 * time.Second, 15 * time.Second}}, // the turns of one are too long for the other
		outage{900, 1, both(5 * time.Second)},
		outage{900, 2000, both(5 * time.Second)},
	)
	ways := map[string]func(*testing.T, *Reader, []*plan.Target, time.Duration) int{"metrics": upOnMetrics, "probe": upByProbes}
	for way, ask := range ways {
		for _, o := range all {
			t.Run(fmt.Sprintf("%s/hanging=%d,concurrency=%d,timeouts=%v", way, o.hanging, o.concurrency, o.timeouts), func(t *testing.T) {
				inBubble(t, o.concurrency, func(t *testing.T, r *Reader) {
					list, healthy, begin := o.targets()
					r.plan.Store(outageTargets)
					for n, want := range []int{outageTargets, healthy, healthy, healthy} {
						if n == 1 {
							begin()
						}
						began := time.Now()
						var replicas sync.WaitGroup
						for _, timeout := range o.timeouts {
							replicas.Go(func() {
								if up := ask(t, r, list, timeout-timeout/10); up != want {
									t.Errorf("scrape %d with %v: %d targets are up, want %d", n, timeout, up, want)
								}
							})
						}
						replicas.Wait()
						time.Sleep(outageInterval - time.Since(began))
					}
				})
			})
		}
	}
}

func upOnMetrics(t *testing.T, r *Reader, list []*plan.Target, d time.Duration) int {
	return strings.Count(ups(within(t, r, d, list...)), "1")
}

func upByProbes(t *testing.T, r *Reader, list []*plan.Target, d time.Duration) int {
	var up atomic.Int64
	var burst sync.WaitGroup
	for _, tt := range list {
		burst.Go(func() { up.Add(int64(upOnMetrics(t, r, []*plan.Target{tt}, d))) })
	}
	burst.Wait()
	return int(up.Load())
}
