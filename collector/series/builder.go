package series

import (
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/families"
	"progress_exporter/collector/progress"
)

// A registry of const metrics builds each series anew, with its labels checked, copied
// and sorted; here the labels of a target are sorted once per plan, those of a closed set
// made once per process, and the rest is cut from slabs, which are kept from one answer
// to the next.

// Builder collects the series of one exposition, family by family.
type Builder struct {
	families []Family      // by ID
	order    []families.ID // by name
	targets  int
	gathered []Family

	pairs  slab[progress.Label]
	labels slab[*progress.Label]
}

// manySeries is from how many series on a family's list is not kept for the next
// exposition: most are of one target.
const manySeries = 64

// NewBuilder returns a builder of the families in table.
func NewBuilder(table []families.Family) *Builder {
	b := &Builder{families: make([]Family, len(table)), order: make([]families.ID, len(table))}
	for id := range table {
		b.families[id].Family = &table[id]
		b.order[id] = families.ID(id)
	}
	slices.SortFunc(b.order, func(i, j families.ID) int { return strings.Compare(table[i].Name, table[j].Name) })
	return b
}

// Of reports whether the builder is for expositions with that vocabulary.
func (b *Builder) Of(v *Vocabulary) bool { return b.families[0].Family == &v.Families[0] }

// Reset makes b ready for another exposition. Nobody may use the one before any more.
func (b *Builder) Reset() {
	for id := range b.families {
		f := &b.families[id]
		clear(f.Samples)
		if cap(f.Samples) > manySeries {
			f.Samples = nil
		}
		f.Samples = f.Samples[:0]
	}
	clear(b.gathered)
	b.gathered = b.gathered[:0]
	b.pairs.reset()
	b.labels.reset()
}

// pair returns a label whose value is known only now.
func (b *Builder) pair(name, value string) *progress.Label {
	p := b.pairs.next()
	p.Name, p.Value = name, value
	return p
}

// base returns the labels that all series of a target share.
func (b *Builder) base(labels []progress.Label) []*progress.Label {
	l := b.labels.list(len(labels))
	for i := range labels {
		l = append(l, &labels[i])
	}
	return l
}

// join returns base, which is sorted, with more labels in their places.
func (b *Builder) join(base []*progress.Label, more ...*progress.Label) []*progress.Label {
	if len(more) == 0 {
		return base
	}
	l := append(b.labels.list(len(base)+len(more)), base...)
	for _, p := range more {
		at := len(l)
		for at > 0 && l[at-1].Name > p.Name {
			at--
		}
		l = slices.Insert(l, at, p)
	}
	return l
}

// gauge adds one value of a gauge.
func (b *Builder) gauge(id families.ID, labels []*progress.Label, value float64) {
	b.add(id, Sample{Labels: labels, Value: value})
}

// counter adds one value of a counter that began at created.
func (b *Builder) counter(id families.ID, labels []*progress.Label, value float64, created time.Time) {
	s := Sample{Labels: labels, Value: value}
	if !created.IsZero() {
		s.Created = created.UnixNano()
	}
	b.add(id, s)
}

func (b *Builder) add(id families.ID, s Sample) {
	f := &b.families[id]
	if cap(f.Samples) == 0 && id < families.OwnFirst { // which most targets have
		f.Samples = make([]Sample, 0, b.targets)
	}
	f.Samples = append(f.Samples, s)
}

// gather returns the families that have series, sorted by name.
func (b *Builder) gather() []Family {
	for _, id := range b.order {
		if len(b.families[id].Samples) > 0 {
			b.gathered = append(b.gathered, b.families[id])
		}
	}
	return b.gathered
}
