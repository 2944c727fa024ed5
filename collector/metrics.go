package collector

import (
	"slices"
	"time"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"progress_exporter/collector/progress"
)

// vocabulary is the labels that all targets share, made once.
type vocabulary struct {
	schema
	states  []stateLabel // in the order in which they are shown
	reasons map[progress.Reason]*dto.LabelPair
	codes   map[string]*dto.LabelPair // the documented error codes
	names   map[string]*string        // label names
}

func newVocabulary(apis []progress.API) *vocabulary {
	v := &vocabulary{
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
	for _, f := range v.families {
		for _, l := range f.labels {
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

// expose turns a snapshot into series. It asks nothing and remembers nothing.
func (v *vocabulary) expose(snapshot []reading) []*dto.MetricFamily {
	return v.exposeWith(newBuilder(v.families), snapshot)
}

// exposeWith is expose with a builder whose last exposition nobody uses any more.
func (v *vocabulary) exposeWith(b *builder, snapshot []reading) []*dto.MetricFamily {
	b.targets = len(snapshot)
	for i := range snapshot {
		v.reading(b, &snapshot[i])
	}
	return b.gather()
}

func (v *vocabulary) reading(b *builder, r *reading) {
	base := b.base(r.target.labels)
	v.remembered(b, r, base)
	b.gauge(famUp, base, progress.Flag(r.err == nil))
	b.gauge(famScrapeDuration, base, r.duration.Seconds())
	if r.err != nil {
		b.gauge(famScrapeFailure, b.join(base, v.reasons[r.err.Reason], v.code(b, r.memory.failureCode)), 1)
	} else {
		v.job(b, r, base)
		v.nodes(b, r, base)
	}
	own := v.own[r.target.api.Name]
	for i := range r.report.Samples {
		s := &r.report.Samples[i]
		b.gauge(own+familyID(s.Family), v.ownLabels(b, base, &v.families[own+familyID(s.Family)], s), s.Value)
	}
}

// remembered adds what stays when a read fails: counters, dates and thresholds.
func (v *vocabulary) remembered(b *builder, r *reading, base []*dto.LabelPair) {
	m, created := &r.memory, timestamppb.New(r.memory.created)
	b.counter(famScrapes, base, m.reads, created)
	b.counter(famScrapeErrors, base, m.failures, created)
	for _, c := range m.jobErrors {
		b.counter(famJobErrors, b.join(base, v.code(b, c.code)), c.count, created)
	}
	for _, c := range m.nodeErrors {
		b.counter(famNodeErrors, b.join(base, v.code(b, c.code)), c.count, created)
	}
	b.date(famLastRead, base, m.lastRead)
	b.date(famFirstSeen, base, m.firstSeen)
	b.date(famLastChange, base, m.lastChange)
	if !m.lastRead.IsZero() {
		b.gauge(famEnded, base, progress.Flag(m.ended))
	}
	b.date(famEnd, base, m.end)
	b.date(famDeadline, base, r.target.deadline)
	if r.target.stallAfter > 0 {
		b.gauge(famStallThreshold, base, r.target.stallAfter.Seconds())
	}
}

// job adds what a good read says about the job as a whole.
func (v *vocabulary) job(b *builder, r *reading, base []*dto.LabelPair) {
	rep := &r.report
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
	b.gauge(famWorkHash, base, r.workHash)
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
func (v *vocabulary) verdict(b *builder, r *reading, base []*dto.LabelPair) {
	m := &r.memory
	stalled := m.stalled(r.target.stallAfter)
	if r.target.stallAfter > 0 && !m.undecided {
		b.gauge(famStalled, base, progress.Flag(stalled))
	}
	b.date(famStandstill, base, m.still)
	if !stalled {
		b.date(famEstimatedEnd, base, m.expected)
	}
}

// nodes adds what a good read says about each node.
func (v *vocabulary) nodes(b *builder, r *reading, base []*dto.LabelPair) {
	for i := range r.report.Nodes {
		n := &r.report.Nodes[i]
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
func (v *vocabulary) code(b *builder, code string) *dto.LabelPair {
	if p := v.codes[code]; p != nil {
		return p
	}
	return b.pair(v.names["error_code"], code)
}

func (v *vocabulary) ownLabels(b *builder, base []*dto.LabelPair, f *family, s *progress.Sample) []*dto.LabelPair {
	labels := base
	for i, value := range s.Labels {
		labels = b.join(labels, b.pair(v.names[f.labels[i]], value))
	}
	return labels
}

// said adds a gauge if the product said its value.
func (b *builder) said(id familyID, labels []*dto.LabelPair, value *float64) {
	if value != nil {
		b.gauge(id, labels, *value)
	}
}

// date adds a gauge if its date is known.
func (b *builder) date(id familyID, labels []*dto.LabelPair, at time.Time) {
	if !at.IsZero() {
		b.gauge(id, labels, float64(at.UnixMilli())/1e3)
	}
}
