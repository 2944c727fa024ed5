package collector

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

const (
	timeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds"
	// maxScrape bounds what a client may claim as its scrape timeout, and so how long
	// it can keep others from being answered (Options.MaxRequests).
	maxScrape = 5 * time.Minute
)

// Metrics answers /metrics: every target, read now and in parallel, and the
// exporter's own metrics.
func (e *Exporter) Metrics() http.Handler {
	gate := e.newGate()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, leave, ok := e.enter(gate, handlerMetrics, w, r)
		if !ok {
			return
		}
		defer leave()
		var list []*target
		if e.opts.TargetsOnMetrics {
			list = e.plan.Load().targets
		}
		e.serve(w, r, list, e.self.registry)
	})
}

// serve reads targets and answers with their series and those of more gatherers.
func (e *Exporter) serve(w http.ResponseWriter, r *http.Request, list []*target, more ...prometheus.Gatherer) {
	timeout := e.timeout(r.Header, list)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout + writePatience))
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	b := e.takeBuilder()
	defer e.giveBuilder(b)
	families := e.vocabulary.exposeWith(b, e.reader.scrape(ctx, list))
	for _, g := range more {
		own, err := g.Gather()
		if err != nil {
			e.answers.refuse(w, err)
			return
		}
		families = append(families, own...)
	}
	if len(more) > 0 {
		slices.SortFunc(families, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	}
	e.answers.send(newPaced(w, r), r, families)
}

func (e *Exporter) takeBuilder() *builder {
	if b, ok := e.builders.Get().(*builder); ok {
		return b
	}
	return newBuilder(e.vocabulary.families)
}

// giveBuilder keeps what an exposition was made of, when its answer is over.
func (e *Exporter) giveBuilder(b *builder) {
	b.reset()
	e.builders.Put(b)
}

// timeout returns how long a scrape may take: what Prometheus says in its header,
// less the offset; without a header as long as the slowest target may take. An
// offset that leaves nothing is halved into the header instead of refusing.
func (e *Exporter) timeout(h http.Header, list []*target) time.Duration {
	if s, err := strconv.ParseFloat(h.Get(timeoutHeader), 64); err == nil && s > 0 && s < math.MaxInt32 {
		asked := min(time.Duration(s*float64(time.Second)), maxScrape)
		return max(asked-e.opts.TimeoutOffset, asked/2)
	}
	longest := time.Second
	for _, t := range list {
		longest = max(longest, t.timeout)
	}
	return longest + time.Second // a target's own timeout comes first and says more
}
