package series

import (
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
)

// Vocabulary is the labels that all targets share, made once.
type Vocabulary struct {
	schema
	states  []stateLabel // in the order in which they are shown
	reasons map[progress.Reason]*dto.LabelPair
	codes   map[string]*dto.LabelPair // the documented error codes
	names   map[string]*string        // label names
}

func NewVocabulary(apis []progress.API) *Vocabulary {
	v := &Vocabulary{
		schema:  newSchema(apis),
		reasons: map[progress.Reason]*dto.LabelPair{},
		codes:   map[string]*dto.LabelPair{},
		names:   map[string]*string{},
	}
	for _, s := range progress.States() {
		v.states = append(v.states, stateLabel{s, fixedPair("state", s.String())})
	}
	for _, r := range progress.Reasons() {
		v.reasons[r] = fixedPair("reason", string(r))
	}
	for _, api := range apis {
		for _, code := range slices.Concat(api.ErrorCodes, api.NodeErrorCodes) {
			v.codes[code] = fixedPair("error_code", code)
		}
	}
	for _, f := range v.Families {
		for _, l := range f.Labels {
			v.names[l] = &l
		}
	}
	return v
}

// stateLabel is one value of the label state.
type stateLabel struct {
	state progress.State
	label *dto.LabelPair
}

// Expose turns a snapshot into series. It asks nothing and remembers nothing.
func (v *Vocabulary) Expose(snapshot []scrape.Reading) []*dto.MetricFamily {
	return v.ExposeWith(NewBuilder(v.Families), snapshot)
}

// ExposeWith is expose with a builder whose last exposition nobody uses any more.
func (v *Vocabulary) ExposeWith(b *Builder, snapshot []scrape.Reading) []*dto.MetricFamily {
	b.targets = len(snapshot)
	for i := range snapshot {
		v.reading(b, &snapshot[i])
	}
	return b.gather()
}

func (v *Vocabulary) reading(b *Builder, r *scrape.Reading) {
	base := b.base(r.Target.Labels)
	v.remembered(b, r, base)
	b.gauge(famUp, base, progress.Flag(r.Err == nil))
	b.gauge(famScrapeDuration, base, r.Duration.Seconds())
	if r.Err != nil {
		b.gauge(famScrapeFailure, b.join(base, v.reasons[r.Err.Reason], v.code(b, r.Memory.FailureCode)), 1)
	} else {
		v.job(b, r, base)
		v.nodes(b, r, base)
	}
	own := v.own[r.Target.API.Name]
	for i := range r.Report.Samples {
		s := &r.Report.Samples[i]
		b.gauge(own+familyID(s.Family), v.ownLabels(b, base, &v.Families[own+familyID(s.Family)], s), s.Value)
	}
}

// remembered adds what stays when a read fails: counters, dates and thresholds.
func (v *Vocabulary) remembered(b *Builder, r *scrape.Reading, base []*dto.LabelPair) {
	m, created := &r.Memory, timestamppb.New(r.Memory.Created)
	b.counter(famScrapes, base, m.Reads, created)
	b.counter(famScrapeErrors, base, m.Failures, created)
	for _, c := range m.JobErrors {
		b.counter(famJobErrors, b.join(base, v.code(b, c.Code)), c.Count, created)
	}
	for _, c := range m.NodeErrors {
		b.counter(famNodeErrors, b.join(base, v.code(b, c.Code)), c.Count, created)
	}
	b.date(famLastRead, base, m.LastRead)
	b.date(famFirstSeen, base, m.FirstSeen)
	b.date(famLastChange, base, m.LastChange)
	if !m.LastRead.IsZero() {
		b.gauge(famEnded, base, progress.Flag(m.Ended))
	}
	b.date(famEnd, base, m.End)
	b.date(famDeadline, base, r.Target.Deadline)
	if r.Target.StallAfter > 0 {
		b.gauge(famStallThreshold, base, r.Target.StallAfter.Seconds())
	}
}

// job adds what a good read says about the job as a whole.
func (v *Vocabulary) job(b *Builder, r *scrape.Reading, base []*dto.LabelPair) {
	rep := &r.Report
	for _, s := range v.states {
		b.gauge(famState, b.join(base, s.label), progress.Flag(s.state == rep.State))
	}
	b.said(famTotalRatio, base, rep.Ratio)
	b.said(famNodes, base, rep.NodeCount)
	b.said(famNodesCompleted, base, rep.NodesCompleted)
	b.said(famLag, base, rep.Lag)
	b.said(famCopiedBytes, base, rep.CopiedBytes)
	b.said(famTotalBytes, base, rep.TotalBytes)
	b.date(famStart, base, rep.Start)
	v.verdict(b, r, base)
	b.gauge(famWorkHash, base, r.WorkHash)
	if rep.ErrorCode != "" {
		b.gauge(famJobError, b.join(base, v.code(b, rep.ErrorCode)), 1)
	}
	if len(rep.Info) > 0 {
		labels := base
		for i := range rep.Info {
			labels = b.join(labels, b.pair(&rep.Info[i].Name, rep.Info[i].Value))
		}
		b.gauge(famJobInfo, labels, 1)
	}
}

// verdict adds what is made of the job's history.
func (v *Vocabulary) verdict(b *Builder, r *scrape.Reading, base []*dto.LabelPair) {
	m := &r.Memory
	stalled := m.Stalled(r.Target.StallAfter)
	if r.Target.StallAfter > 0 && !m.Undecided {
		b.gauge(famStalled, base, progress.Flag(stalled))
	}
	b.date(famStandstill, base, m.Still)
	if !stalled {
		b.date(famEstimatedEnd, base, m.Expected)
	}
}

// nodes adds what a good read says about each node.
func (v *Vocabulary) nodes(b *Builder, r *scrape.Reading, base []*dto.LabelPair) {
	for i := range r.Report.Nodes {
		n := &r.Report.Nodes[i]
		labels := b.join(base,
			b.pair(v.names["node_guid"], n.ID), b.pair(v.names["node_name"], n.Name), b.pair(v.names["node_type"], n.Type))
		b.said(famNodeRatio, labels, n.Ratio)
		if n.Status != "" {
			b.gauge(famNodeStatus, b.join(labels, b.pair(v.names["status"], n.Status)), 1)
		}
		if n.ErrorCode != "" {
			b.gauge(famNodeError, b.join(labels, v.code(b, n.ErrorCode)), 1)
		}
	}
}

// code returns the label of an error code.
func (v *Vocabulary) code(b *Builder, code string) *dto.LabelPair {
	if p := v.codes[code]; p != nil {
		return p
	}
	return b.pair(v.names["error_code"], code)
}

func (v *Vocabulary) ownLabels(b *Builder, base []*dto.LabelPair, f *Family, s *progress.Sample) []*dto.LabelPair {
	labels := base
	for i, value := range s.Labels {
		labels = b.join(labels, b.pair(v.names[f.Labels[i]], value))
	}
	return labels
}

// said adds a gauge if the product said its value.
func (b *Builder) said(id familyID, labels []*dto.LabelPair, value *float64) {
	if value != nil {
		b.gauge(id, labels, *value)
	}
}

// date adds a gauge if its date is known.
func (b *Builder) date(id familyID, labels []*dto.LabelPair, at time.Time) {
	if !at.IsZero() {
		b.gauge(id, labels, float64(at.UnixMilli())/1e3)
	}
}
