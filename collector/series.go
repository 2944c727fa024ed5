package collector

import (
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// Series leave the exporter as client_model values, which is what promhttp
// encodes into every format. A registry of const metrics builds each of them
// anew, with its labels checked, copied and sorted; here the labels of a target
// are prepared once per plan, those of a closed set once per process, and the
// rest is cut from slabs.

// builder collects the series of one exposition, family by family.
type builder struct {
	families []family
	targets  int
	metrics  [][]*dto.Metric // by family

	samples  slab[dto.Metric]
	gauges   slab[dto.Gauge]
	counters slab[dto.Counter]
	values   slab[float64]
	pairs    slab[dto.LabelPair]
	texts    slab[string]
	labels   slab[*dto.LabelPair]

	// Of a closed set most series are 0 and one is 1, so that these share their values.
	zero, one *dto.Gauge
	none      *dto.Counter // 0, of the last counter that was
}

// newBuilder returns a builder for the series of about so many targets.
func newBuilder(families []family, targets int) *builder {
	b := &builder{families: families, targets: targets, metrics: make([][]*dto.Metric, len(families))}
	b.zero, b.one = &dto.Gauge{Value: new(float64)}, &dto.Gauge{Value: new(1.0)}
	return b
}

// pair returns a label whose value is known only now.
func (b *builder) pair(name *string, value string) *dto.LabelPair {
	p, text := b.pairs.next(), b.texts.next()
	*text = value
	p.Name, p.Value = name, text
	return p
}

// join returns base, which is sorted, with more labels in their places.
func (b *builder) join(base []*dto.LabelPair, more ...*dto.LabelPair) []*dto.LabelPair {
	if len(more) == 0 {
		return base
	}
	l := append(b.labels.list(len(base)+len(more)), base...)
	for _, p := range more {
		at := len(l)
		for at > 0 && *l[at-1].Name > *p.Name {
			at--
		}
		l = slices.Insert(l, at, p)
	}
	return l
}

// gauge adds one value of a gauge.
func (b *builder) gauge(id familyID, labels []*dto.LabelPair, value float64) {
	m := b.add(id, labels)
	switch value {
	case 0:
		m.Gauge = b.zero
	case 1:
		m.Gauge = b.one
	default:
		v, g := b.values.next(), b.gauges.next()
		*v, g.Value = value, v
		m.Gauge = g
	}
}

// counter adds one value of a counter that began at created.
func (b *builder) counter(id familyID, labels []*dto.LabelPair, value float64, created *timestamppb.Timestamp) {
	m := b.add(id, labels)
	if value == 0 && b.none != nil && b.none.CreatedTimestamp == created {
		m.Counter = b.none
		return
	}
	v, c := b.values.next(), b.counters.next()
	*v, c.Value, c.CreatedTimestamp = value, v, created
	m.Counter = c
	if value == 0 {
		b.none = c
	}
}

func (b *builder) add(id familyID, labels []*dto.LabelPair) *dto.Metric {
	m := b.samples.next()
	m.Label = labels
	if b.metrics[id] == nil {
		b.metrics[id] = make([]*dto.Metric, 0, b.targets)
	}
	b.metrics[id] = append(b.metrics[id], m)
	return m
}

// gather returns the families that have series, sorted by name.
func (b *builder) gather() []*dto.MetricFamily {
	var out []*dto.MetricFamily
	for id := range b.families {
		if f := &b.families[id]; len(b.metrics[id]) > 0 {
			out = append(out, &dto.MetricFamily{Name: &f.name, Help: &f.help, Type: f.kind.Enum(), Metric: b.metrics[id]})
		}
	}
	slices.SortFunc(out, func(a, b *dto.MetricFamily) int { return strings.Compare(*a.Name, *b.Name) })
	return out
}

// fixedPair returns a label that is made once and shared by many series.
func fixedPair(name, value string) *dto.LabelPair {
	return &dto.LabelPair{Name: &name, Value: &value}
}
