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

// slab hands out pointers to values that are allocated many at a time.
type slab[T any] struct{ free []T }

const slabSize = 512

func (s *slab[T]) next() *T {
	if len(s.free) == 0 {
		s.free = make([]T, slabSize)
	}
	v := &s.free[0]
	s.free = s.free[1:]
	return v
}

// list returns an empty slice with room for n values.
func (s *slab[T]) list(n int) []T {
	if len(s.free) < n {
		s.free = make([]T, max(slabSize, n))
	}
	l := s.free[:0:n]
	s.free = s.free[n:]
	return l
}

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
}

// newBuilder returns a builder for the series of about so many targets.
func newBuilder(families []family, targets int) *builder {
	return &builder{families: families, targets: targets, metrics: make([][]*dto.Metric, len(families))}
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
	v, g := b.values.next(), b.gauges.next()
	*v, g.Value = value, v
	b.add(id, labels).Gauge = g
}

// counter adds one value of a counter that began at created.
func (b *builder) counter(id familyID, labels []*dto.LabelPair, value float64, created *timestamppb.Timestamp) {
	v, c := b.values.next(), b.counters.next()
	*v, c.Value, c.CreatedTimestamp = value, v, created
	b.add(id, labels).Counter = c
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
