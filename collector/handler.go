package collector

import (
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

const (
	timeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds"
	// maxScrape bounds what a client may claim as its scrape timeout, and so how long
	// it can keep others from being answered (Options.MaxRequests).
	maxScrape = 5 * time.Minute
)

// ownMetrics is what the exporter says about itself.
type ownMetrics interface {
	prometheus.Gatherer
	Refused(handler string) // counts a request that was turned away
}

// handlerOptions are what a person may choose about answers.
type handlerOptions struct {
	MaxRequests      int // of a kind that are answered at a time; 0: no bound
	TimeoutOffset    time.Duration
	TargetsOnMetrics bool
	Logger           log.Logger
	Now              func() time.Time
}

// handlers answer the requests of Prometheus and of people.
type handlers struct {
	opts       handlerOptions
	plan       func() *Plan // the one in use
	reader     *reader
	vocabulary *vocabulary
	own        ownMetrics
	answers    *answers
	askers     *askers
	builders   sync.Pool // *builder
}

// newHandlers returns handlers that show what a reader reads of the targets of a plan.
func newHandlers(opts handlerOptions, plan func() *Plan, r *reader, v *vocabulary, own ownMetrics) *handlers {
	return &handlers{opts: opts, plan: plan, reader: r, vocabulary: v, own: own, answers: newAnswers(opts.Logger), askers: newAskers(opts.MaxRequests)}
}

// Metrics answers /metrics: every target, read now and in parallel, and the
// exporter's own metrics.
func (h *handlers) Metrics() http.Handler {
	gate := h.newGate()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, leave, ok := h.enter(gate, handlerMetrics, w, r)
		if !ok {
			return
		}
		defer leave()
		var list []*target
		if h.opts.TargetsOnMetrics {
			list = h.plan().targets
		}
		h.serve(w, r, list, h.own)
	})
}

// serve reads targets and answers with their series and those of more gatherers.
func (h *handlers) serve(w http.ResponseWriter, r *http.Request, list []*target, more ...prometheus.Gatherer) {
	timeout := h.timeout(r.Header, list)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(timeout + writePatience))
	ctx, cancel := context.WithTimeout(r.Context(), timeout)
	defer cancel()
	b := h.takeBuilder()
	defer h.giveBuilder(b)
	families := h.vocabulary.exposeWith(b, h.reader.scrape(ctx, list))
	for _, g := range more {
		own, err := g.Gather()
		if err != nil {
			h.answers.refuse(w, err)
			return
		}
		families = append(families, own...)
	}
	if len(more) > 0 {
		slices.SortFunc(families, func(a, b *dto.MetricFamily) int { return strings.Compare(a.GetName(), b.GetName()) })
	}
	h.answers.send(newPaced(w, r), r, families)
}

func (h *handlers) takeBuilder() *builder {
	if b, ok := h.builders.Get().(*builder); ok {
		return b
	}
	return newBuilder(h.vocabulary.families)
}

// giveBuilder keeps what an exposition was made of, when its answer is over.
func (h *handlers) giveBuilder(b *builder) {
	b.reset()
	h.builders.Put(b)
}

// timeout returns how long a scrape may take: what Prometheus says in its header,
// less the offset; without a header as long as the slowest target may take. An
// offset that leaves nothing is halved into the header instead of refusing.
func (h *handlers) timeout(header http.Header, list []*target) time.Duration {
	if s, err := strconv.ParseFloat(header.Get(timeoutHeader), 64); err == nil && s > 0 && s < math.MaxInt32 {
		asked := min(time.Duration(s*float64(time.Second)), maxScrape)
		return max(asked-h.opts.TimeoutOffset, asked/2)
	}
	longest := time.Second
	for _, t := range list {
		longest = max(longest, t.timeout)
	}
	return longest + time.Second // a target's own timeout comes first and says more
}
