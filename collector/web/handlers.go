package web

import (
	"math"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/go-kit/log"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/exposition"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/scrape"
	"progress_exporter/collector/series"
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

// Options are what a person may choose about answers.
type Options struct {
	MaxRequests      int              // of a kind that are answered at a time; 0: no bound
	TimeoutOffset    time.Duration    // how much sooner than Prometheus' scrape timeout a scrape is answered
	TargetsOnMetrics bool             // whether /metrics shows the targets beside the exporter itself
	External         url.URL          // where Prometheus reaches the exporter, for /sd: scheme, host, and a path without a slash at its end; what is empty is as in the request
	Logger           log.Logger       // for answers that fail
	Now              func() time.Time // the clock
}

// Handlers answer the requests of Prometheus and of people.
type Handlers struct {
	opts       Options
	plan       func() *plan.Plan // the one in use
	reader     *scrape.Reader
	vocabulary func() *series.Vocabulary // of the products that the plan in use knows
	own        ownMetrics
	answers    *exposition.Answers
	askers     *askers
	builders   sync.Pool // *builder
}

// New returns handlers that show what a reader reads of the targets of the plan in use, in
// the words of the vocabulary in use.
func New(opts Options, plan func() *plan.Plan, r *scrape.Reader, v func() *series.Vocabulary, own ownMetrics) *Handlers {
	return &Handlers{opts: opts, plan: plan, reader: r, vocabulary: v, own: own, answers: exposition.NewAnswers(opts.Logger), askers: newAskers(opts.MaxRequests)}
}

// Metrics answers /metrics: every target, read now and in parallel, and the
// exporter's own metrics.
func (h *Handlers) Metrics() http.Handler {
	gate := h.newGate()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var list []*plan.Target
		if h.opts.TargetsOnMetrics {
			list = h.plan().Targets
		}
		r, leave, ok := h.enter(gate, handlerMetrics, w, r, h.timeout(r.Header, list))
		if !ok {
			return
		}
		defer leave()
		h.serve(w, r, list, h.own)
	})
}

// serve reads targets, until the context of the request ends, and answers with their
// series and those of another gatherer, if there is one.
func (h *Handlers) serve(w http.ResponseWriter, r *http.Request, list []*plan.Target, more prometheus.Gatherer) {
	snapshot := scrape.WithJobs(h.reader.Scrape(r.Context(), list))
	v := h.vocabulary()
	b := h.takeBuilder(v)
	defer h.builders.Put(b)
	var others []*dto.MetricFamily
	if more != nil {
		var err error
		if others, err = more.Gather(); err != nil {
			h.answers.Refuse(w, err)
			return
		}
	}
	h.answers.Send(newPaced(w, r), r, b.Expose(snapshot), others)
}

func (h *Handlers) takeBuilder(v *series.Vocabulary) *series.Builder {
	if b, ok := h.builders.Get().(*series.Builder); ok && b.Of(v) {
		return b
	}
	return v.NewBuilder()
}

// timeout returns how long a scrape may take: what Prometheus says in its header,
// less the offset; without a header as long as the slowest target may take. An
// offset that leaves nothing is halved into the header instead of refusing.
func (h *Handlers) timeout(header http.Header, list []*plan.Target) time.Duration {
	if s, err := strconv.ParseFloat(header.Get(timeoutHeader), 64); err == nil && s > 0 && s < math.MaxInt32 {
		asked := min(time.Duration(s*float64(time.Second)), maxScrape)
		return max(asked-h.opts.TimeoutOffset, asked/2)
	}
	longest := time.Second
	for _, t := range list {
		longest = max(longest, t.Timeout)
	}
	return longest + time.Second // a target's own timeout comes first and says more
}
