package collector

import (
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
	"progress_exporter/collector/series"
	"progress_exporter/collector/web"
)

// Options are what a person may choose about the engine.
type Options struct {
	// Concurrency bounds the reads under way that are prompt; at least 1.
	Concurrency int
	// MaxRequests bounds the requests that are answered at a time: of /metrics, of
	// debug views, and of the probes of any one target or job; 0: no bound.
	MaxRequests int
	// TimeoutOffset is taken off Prometheus' scrape timeout, to have time to answer.
	TimeoutOffset time.Duration
	// TargetsOnMetrics says whether /metrics reads the targets (otherwise only
	// /probe does).
	TargetsOnMetrics bool
	// External is where Prometheus reaches the exporter, for /sd: scheme, host, and a path
	// without a slash at its end; what is empty is as in the request.
	External url.URL
	// SecretDir bounds the files that targets may name; empty: no bound.
	SecretDir string
	// MemoryFile is where what is remembered survives a restart; empty: nowhere.
	MemoryFile string
	Logger     log.Logger
	// Now is the clock; nil: time.Now.
	Now func() time.Time
	// Fetch returns how a target is asked, by its name, if that is not over the network but
	// out of a recording; nil: over the network.
	Fetch func(target string) progress.Fetch
}

// Exporter is the engine: it reads the targets of its plan when it is scraped.
type Exporter struct {
	opts       Options
	plan       atomic.Pointer[plan.Plan]
	ledger     *ledger.Ledger
	reader     *scrape.Reader
	self       *selfMetrics
	saver      *ledger.Saver                     // nil: nothing is kept in a file
	vocabulary atomic.Pointer[series.Vocabulary] // of the plan
	*web.Handlers
}

// New returns an Exporter for the given products, with an empty plan.
func New(apis []progress.API, opts Options) *Exporter {
	if opts.Now == nil {
		opts.Now = time.Now
	}
	e := &Exporter{opts: opts, ledger: ledger.New(opts.Now)}
	e.self = newSelfMetrics(apis, e.ledger.Jobs, func() []plan.File { return e.plan.Load().Files })
	e.plan.Store(&plan.Plan{})
	e.vocabulary.Store(series.NewVocabulary(apis))
	reads := scrape.Options{Concurrency: opts.Concurrency, Logger: opts.Logger, Now: opts.Now}
	if opts.MemoryFile != "" {
		e.saver = ledger.NewSaver(opts.MemoryFile, e.ledger, e.self.remember(), opts.Logger, opts.Now)
		reads.Settle = e.saver.Settle
	}
	e.reader = scrape.New(reads, e.ledger, e.self)
	e.Handlers = web.New(web.Options{
		MaxRequests: opts.MaxRequests, TimeoutOffset: opts.TimeoutOffset, TargetsOnMetrics: opts.TargetsOnMetrics,
		External: opts.External, Logger: opts.Logger, Now: opts.Now,
	}, e.plan.Load, e.reader, e.vocabulary.Load, e.self)
	return e
}

// reloaded says that the configuration was loaded.
func (e *Exporter) reloaded() {
	e.self.reloadOK.Set(1)
	e.self.reloadSuccess.Set(float64(e.opts.Now().UnixMilli()) / 1e3)
}

// failed says that the last attempt to load the configuration did not succeed.
func (e *Exporter) failed() { e.self.reloadOK.Set(0) }

// Use makes a plan the one that is read. Scrapes under way finish with the plan
// they began with; what is known about targets that are in both plans stays.
func (e *Exporter) Use(p *plan.Plan) {
	for _, t := range p.Targets {
		if t.Entry == nil { // it was not in the plan before
			t.Entry = e.ledger.Enter(t.Key, t.API)
			if e.opts.Fetch != nil {
				t.AskBy(e.opts.Fetch(t.Target))
			}
		}
	}
	members := make([]ledger.Member, len(p.Targets))
	keys := make([]ledger.Key, len(p.Targets))
	for i, t := range p.Targets {
		members[i], keys[i] = ledger.Member{Entry: t.Entry, API: t.API.Name, Migration: t.Migration()}, t.Key
	}
	e.ledger.Join(members)
	if all := p.APIs(); all != nil && !slices.Equal(all, e.plan.Load().APIs()) {
		apis := make([]progress.API, len(all))
		for i, api := range all {
			apis[i] = *api
		}
		e.vocabulary.Store(series.NewVocabulary(apis))
	}
	for _, t := range p.Targets {
		e.self.know(t.API.Name)
	}
	old := e.plan.Swap(p)
	e.ledger.Keep(keys, len(p.Warnings()) > 0)
	e.reader.Expect(p.Len())
	e.self.targets.Set(float64(p.Len()))
	old.Close(p)
}

// Close ends the reads under way and returns when the last one is over.
func (e *Exporter) Close() {
	e.reader.Close()
	if e.saver != nil {
		e.saver.Close()
	}
	e.plan.Load().Close(&plan.Plan{})
}
