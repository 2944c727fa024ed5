package series

import (
	"slices"
	"strings"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"progress_exporter/collector/families"
	"progress_exporter/collector/progress"
)

// Series leave the exporter as client_model values, which is what expfmt
// encodes into every format. A registry of const metrics builds each of them
// anew, with its labels checked, copied and sorted; here the labels of a target are
// sorted once per plan, those of a closed set made once per process, and the rest is
// cut from slabs, which are kept from one answer to the next.

// Builder collects the series of one exposition, family by family.
type Builder struct {
	table    []families.Family
	order    []families.ID // by name
	targets  int
	metrics  [][]*dto.Metric    // by family
	heads    []dto.MetricFamily // by family
	gathered []*dto.MetricFamily

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

// manySeries is from how many series on a family's list is not kept for the next
// exposition: most are of one target.
const manySeries = 64

// NewBuilder returns a builder of the families in table.
func NewBuilder(table []families.Family) *Builder {
	n := len(table)
	b := &Builder{table: table, order: make([]families.ID, n), metrics: make([][]*dto.Metric, n), heads: make([]dto.MetricFamily, n)}
	for id := range table {
		f, head := &table[id], &b.heads[id]
		b.order[id] = families.ID(id)
		head.Name, head.Help, head.Type = &f.Name, &f.Help, kindOf(f.Kind)
	}
	slices.SortFunc(b.order, func(i, j families.ID) int { return strings.Compare(table[i].Name, table[j].Name) })
	b.zero, b.one = &dto.Gauge{Value: new(float64)}, &dto.Gauge{Value: new(1.0)}
	return b
}

// Of reports whether the builder is for expositions with that vocabulary.
func (b *Builder) Of(v *Vocabulary) bool { return &b.table[0] == &v.Families[0] }

// Reset makes b ready for another exposition. Nobody may use the one before any more.
func (b *Builder) Reset() {
	for id, list := range b.metrics {
		clear(list)
		if cap(list) > manySeries {
			list = nil
		}
		b.metrics[id] = list[:0]
		b.heads[id].Metric = nil
	}
	clear(b.gathered)
	b.gathered, b.none = b.gathered[:0], nil
	b.samples.reset()
	b.gauges.reset()
	b.counters.reset()
	b.values.reset()
	b.pairs.reset()
	b.texts.reset()
	b.labels.reset()
}

// pair returns a label whose value is known only now.
func (b *Builder) pair(name *string, value string) *dto.LabelPair {
	p, text := b.pairs.next(), b.texts.next()
	*text = value
	p.Name, p.Value = name, text
	return p
}

// base returns the labels that all series of a target share.
func (b *Builder) base(labels []progress.Label) []*dto.LabelPair {
	l := b.labels.list(len(labels))
	for i := range labels {
		l = append(l, b.pair(&labels[i].Name, labels[i].Value))
	}
	return l
}

// join returns base, which is sorted, with more labels in their places.
func (b *Builder) join(base []*dto.LabelPair, more ...*dto.LabelPair) []*dto.LabelPair {
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
func (b *Builder) gauge(id families.ID, labels []*dto.LabelPair, value float64) {
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
func (b *Builder) counter(id families.ID, labels []*dto.LabelPair, value float64, created *timestamppb.Timestamp) {
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

func (b *Builder) add(id families.ID, labels []*dto.LabelPair) *dto.Metric {
	m := b.samples.next()
	m.Label = labels
	if cap(b.metrics[id]) == 0 {
		b.metrics[id] = make([]*dto.Metric, 0, b.targets)
	}
	b.metrics[id] = append(b.metrics[id], m)
	return m
}

// gather returns the families that have series, sorted by name.
func (b *Builder) gather() []*dto.MetricFamily {
	for _, id := range b.order {
		if len(b.metrics[id]) > 0 {
			b.heads[id].Metric = b.metrics[id]
			b.gathered = append(b.gathered, &b.heads[id])
		}
	}
	return b.gathered
}

// fixedPair returns a label that is made once and shared by many series.
func fixedPair(name, value string) *dto.LabelPair {
	return &dto.LabelPair{Name: &name, Value: &value}
}

// kindOf returns the type of a metric as client_model has it.
func kindOf(k families.Kind) *dto.MetricType {
	if k == families.Counter {
		return dto.MetricType_COUNTER.Enum()
	}
	return dto.MetricType_GAUGE.Enum()
}
