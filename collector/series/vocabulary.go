package series

import (
	"slices"
	"time"

	"progress_exporter/collector/families"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
)

// Vocabulary is the labels that all targets share, made once.
type Vocabulary struct {
	schema
	states  []stateLabel // in the order in which they are shown
	reasons map[progress.Reason]*progress.Label
	codes   map[string]*progress.Label // the documented error codes
	bounds  [3]*progress.Label         // of an estimate: early, likely, late
}

// NewVocabulary returns the labels of the targets of products.
func NewVocabulary(apis []progress.API) *Vocabulary {
	v := &Vocabulary{
		schema:  newSchema(apis),
		reasons: map[progress.Reason]*progress.Label{},
		codes:   map[string]*progress.Label{},
		bounds:  [3]*progress.Label{{Name: "bound", Value: "early"}, {Name: "bound", Value: "likely"}, {Name: "bound", Value: "late"}},
	}
	for _, s := range progress.States() {
		v.states = append(v.states, stateLabel{s, &progress.Label{Name: "state", Value: s.String()}})
	}
	for _, r := range progress.Reasons() {
		v.reasons[r] = &progress.Label{Name: "reason", Value: string(r)}
	}
	for _, api := range apis {
		for _, code := range slices.Concat(api.ErrorCodes, api.NodeErrorCodes) {
			v.codes[code] = &progress.Label{Name: "error_code", Value: code}
		}
	}
	return v
}

// stateLabel is one value of the label state.
type stateLabel struct {
	state progress.State
	label *progress.Label
}

// Expose turns a snapshot into series. It asks nothing and remembers nothing.
func (v *Vocabulary) Expose(snapshot []scrape.Reading) []Family {
	return v.ExposeWith(NewBuilder(v.Families), snapshot)
}

// NewBuilder returns a builder for expositions with this vocabulary.
func (v *Vocabulary) NewBuilder() *Builder { return NewBuilder(v.Families) }

// ExposeWith is Expose with a builder whose last exposition nobody uses any more.
func (v *Vocabulary) ExposeWith(b *Builder, snapshot []scrape.Reading) []Family {
	b.targets = len(snapshot)
	for i := range snapshot {
		v.reading(b, &snapshot[i])
	}
	return b.gather()
}

func (v *Vocabulary) reading(b *Builder, r *scrape.Reading) {
	base := b.base(r.Target.Labels)
	v.reads(b, r, base)
	if r.Target.IsList() {
		b.gauge(families.ListedJobs, base, float64(len(r.Memory.Jobs)))
		b.gauge(families.CutJobs, base, float64(r.Memory.CutJobs))
	} else {
		v.remembered(b, r, base)
		if r.Err == nil {
			v.job(b, r, base)
			v.nodes(b, r, base)
		}
	}
	if len(r.Report.Samples) == 0 || !v.own[r.Target.API.Name].are(r.Target.API) {
		return
	}
	own := v.own[r.Target.API.Name].first
	for i := range r.Report.Samples {
		s := &r.Report.Samples[i]
		b.gauge(own+families.ID(s.Family), v.ownLabels(b, base, &v.Families[own+families.ID(s.Family)], s), s.Value)
	}
}

// reads adds how reads go. The jobs of a list are read with it, and why that fails is said
// once.
func (v *Vocabulary) reads(b *Builder, r *scrape.Reading, base []*progress.Label) {
	m := &r.Memory
	b.counter(families.Scrapes, base, m.Reads, m.Created)
	b.counter(families.ScrapeErrors, base, m.Failures, m.Created)
	b.date(families.LastRead, base, m.LastRead)
	b.gauge(families.Up, base, progress.Flag(r.Err == nil))
	if r.Target.Lists && !r.Target.IsList() && r.Target.Only == "" {
		return
	}
	b.gauge(families.ScrapeDuration, base, r.Duration.Seconds())
	if r.Err != nil {
		b.gauge(families.ScrapeFailure, b.join(base, v.reasons[r.Err.Reason], v.code(b, r.Memory.FailureCode)), 1)
	}
}

// remembered adds what stays of a job when a read fails: counters, dates and thresholds.
func (v *Vocabulary) remembered(b *Builder, r *scrape.Reading, base []*progress.Label) {
	m := &r.Memory
	for _, c := range m.JobErrors {
		b.counter(families.JobErrors, b.join(base, v.code(b, c.Code)), c.Count, m.Created)
	}
	for _, c := range m.NodeErrors {
		b.counter(families.NodeErrors, b.join(base, v.code(b, c.Code)), c.Count, m.Created)
	}
	b.date(families.FirstSeen, base, m.FirstSeen)
	b.date(families.LastChange, base, m.LastChange)
	if !m.LastRead.IsZero() {
		b.gauge(families.Ended, base, progress.Flag(m.Ended))
	}
	b.date(families.End, base, m.End)
	b.date(families.Deadline, base, r.Target.Deadline)
	if r.Target.StallAfter > 0 {
		b.gauge(families.StallThreshold, base, r.Target.StallAfter.Seconds())
	}
}

// job adds what a good read says about the job as a whole.
func (v *Vocabulary) job(b *Builder, r *scrape.Reading, base []*progress.Label) {
	rep := &r.Report
	for _, s := range v.states {
		b.gauge(families.State, b.join(base, s.label), progress.Flag(s.state == rep.State))
	}
	b.said(families.TotalRatio, base, rep.Ratio)
	b.said(families.Nodes, base, rep.NodeCount)
	b.said(families.NodesCompleted, base, rep.NodesCompleted)
	b.said(families.Lag, base, rep.Lag)
	b.said(families.CopiedBytes, base, rep.CopiedBytes)
	b.said(families.TotalBytes, base, rep.TotalBytes)
	b.date(families.Start, base, rep.Start)
	v.verdict(b, r, base)
	b.gauge(families.WorkHash, base, r.WorkHash)
	if rep.ErrorCode != "" {
		b.gauge(families.JobError, b.join(base, v.code(b, rep.ErrorCode)), 1)
	}
	if len(rep.Info) > 0 {
		labels := base
		for i := range rep.Info {
			labels = b.join(labels, &rep.Info[i])
		}
		b.gauge(families.JobInfo, labels, 1)
	}
}

// verdict adds what is made of the job's history.
func (v *Vocabulary) verdict(b *Builder, r *scrape.Reading, base []*progress.Label) {
	m := &r.Memory
	stalled := m.Stalled(r.Target.StallAfter)
	if r.Target.StallAfter > 0 && !m.Undecided {
		b.gauge(families.Stalled, base, progress.Flag(stalled))
	}
	b.date(families.Standstill, base, m.Still)
	if !stalled {
		b.date(families.EstimatedEnd, b.join(base, v.bounds[0]), m.Earliest)
		b.date(families.EstimatedEnd, b.join(base, v.bounds[1]), m.Expected)
		b.date(families.EstimatedEnd, b.join(base, v.bounds[2]), m.Latest)
	}
}

// nodes adds what a good read says about each node.
func (v *Vocabulary) nodes(b *Builder, r *scrape.Reading, base []*progress.Label) {
	for i := range r.Report.Nodes {
		n := &r.Report.Nodes[i]
		labels := b.join(base,
			b.pair("node_guid", n.ID), b.pair("node_name", n.Name), b.pair("node_type", n.Type))
		b.said(families.NodeRatio, labels, n.Ratio)
		if n.Status != "" {
			b.gauge(families.NodeStatus, b.join(labels, b.pair("status", n.Status)), 1)
		}
		if n.ErrorCode != "" {
			b.gauge(families.NodeError, b.join(labels, v.code(b, n.ErrorCode)), 1)
		}
	}
}

// code returns the label of an error code.
func (v *Vocabulary) code(b *Builder, code string) *progress.Label {
	if p := v.codes[code]; p != nil {
		return p
	}
	return b.pair("error_code", code)
}

func (v *Vocabulary) ownLabels(b *Builder, base []*progress.Label, f *families.Family, s *progress.Sample) []*progress.Label {
	labels := base
	for i, value := range s.Labels {
		labels = b.join(labels, b.pair(f.Labels[i], value))
	}
	return labels
}

// said adds a gauge if the product said its value.
func (b *Builder) said(id families.ID, labels []*progress.Label, value *float64) {
	if value != nil {
		b.gauge(id, labels, *value)
	}
}

// date adds a gauge if its date is known.
func (b *Builder) date(id families.ID, labels []*progress.Label, at time.Time) {
	if !at.IsZero() {
		b.gauge(id, labels, float64(at.UnixMilli())/1e3)
	}
}
