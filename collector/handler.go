package collector

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	_ "github.com/prometheus/client_golang/prometheus/promhttp/zstd" // the encoding that promhttp leaves out by itself
	dto "github.com/prometheus/client_model/go"
)

const (
	timeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds"
	// writeTime is how long a client may take to receive an answer.
	writeTime = 30 * time.Second
	// maxScrape bounds what a client may claim as its scrape timeout, and so how long
	// it can keep others from being answered (Options.MaxRequests).
	maxScrape = 5 * time.Minute
)

// Metrics answers /metrics: every target, read now and in parallel, and the
// exporter's own metrics.
func (e *Exporter) Metrics() http.Handler {
	gate := e.newGate()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := gate.enter(); err != nil {
			e.refuse(w, handlerMetrics, err)
			return
		}
		defer gate.leave()
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
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout + writeTime))
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	gather := func() ([]*dto.MetricFamily, error) {
		families := e.vocabulary.expose(e.reader.scrape(ctx, list))
		for _, g := range more {
			own, err := g.Gather()
			if err != nil {
				return nil, err
			}
			families = append(families, own...)
		}
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeTime)) // of what the client claimed nothing is left
		slices.SortFunc(families, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
		return families, nil
	}
	promhttp.HandlerFor(prometheus.GathererFunc(gather), promhttp.HandlerOpts{
		ErrorLog:          errorLog{e.opts.Logger},
		EnableOpenMetrics: true,
	}).ServeHTTP(w, r)
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

// errorLog is a promhttp.Logger over ours.
type errorLog struct{ logger log.Logger }

// Println logs what promhttp has to say: an answer that could not be encoded or sent.
func (l errorLog) Println(v ...any) {
	_ = level.Warn(l.logger).Log("msg", "cannot answer a scrape", "err", strings.TrimSpace(fmt.Sprintln(v...)))
}
