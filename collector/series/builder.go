package series

import (
	"iter"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/families"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
)

// Builder makes the families of an exposition, one after the other. The series of a
// thousand targets would take a fifth of the heap if all were there at once, and most of
// what the garbage collector has to clean up: a family is made of the snapshot when its
// turn comes, in memory that is used again for the next one.
type Builder struct {
	vocabulary *Vocabulary
	order      []families.ID // by name

	snapshot []scrape.Reading
	bases    [][]*progress.Label // by reading: the labels that all series of a target share
	own      [][]ownSample       // by the families that products have of their own

	r      *scrape.Reading // of what is added
	base   []*progress.Label
	family Family
	pairs  slab[progress.Label]
	labels slab[*progress.Label]
}

// ownSample says where a sample of a product's own family is.
type ownSample struct{ reading, sample int32 }

// manySeries is from how many series on a list is not kept for the next exposition: most
// are of one target.
const manySeries = 64

// NewBuilder returns a builder of families with this vocabulary.
func (v *Vocabulary) NewBuilder() *Builder {
	b := &Builder{vocabulary: v, order: make([]families.ID, len(v.Families)), own: make([][]ownSample, len(v.Families)-int(families.OwnFirst))}
	for id := range v.Families {
		b.order[id] = families.ID(id)
	}
	slices.SortFunc(b.order, func(i, j families.ID) int { return strings.Compare(v.Families[i].Name, v.Families[j].Name) })
	return b
}

// Of reports whether the builder is for expositions with that vocabulary.
func (b *Builder) Of(v *Vocabulary) bool { return b.vocabulary == v }

// Expose returns the families of a snapshot that have series, sorted by name. Each is good
// until the next one is asked for.
func (b *Builder) Expose(snapshot []scrape.Reading) iter.Seq[*Family] {
	return func(yield func(*Family) bool) {
		defer b.reset()
		b.begin(snapshot)
		for _, id := range b.order {
			b.make(id)
			if len(b.family.Samples) > 0 && !yield(&b.family) {
				return
			}
		}
	}
}

// begin finds what belongs together.
func (b *Builder) begin(snapshot []scrape.Reading) {
	b.snapshot = snapshot
	for i := range snapshot {
		r := &snapshot[i]
		base := make([]*progress.Label, len(r.Target.Labels))
		for j := range base {
			base[j] = &r.Target.Labels[j]
		}
		b.bases = append(b.bases, base)
		own := b.vocabulary.own[r.Target.API.Name]
		if len(r.Report.Samples) == 0 || !own.are(r.Target.API) {
			continue
		}
		of := b.own[own.first-families.OwnFirst:]
		for j := range r.Report.Samples {
			f := r.Report.Samples[j].Family
			of[f] = append(of[f], ownSample{int32(i), int32(j)})
		}
	}
}

// make makes a family.
func (b *Builder) make(id families.ID) {
	b.family.Family = &b.vocabulary.Families[id]
	b.family.Samples = b.family.Samples[:0]
	b.pairs.reset()
	b.labels.reset()
	if id < families.OwnFirst {
		for i := range b.snapshot {
			b.r, b.base = &b.snapshot[i], b.bases[i]
			b.read(id)
		}
		return
	}
	for _, at := range b.own[id-families.OwnFirst] {
		b.base = b.bases[at.reading]
		s := &b.snapshot[at.reading].Report.Samples[at.sample]
		labels := b.base
		for i, value := range s.Labels {
			labels = b.join(labels, b.pair(b.family.Labels[i], value))
		}
		b.add(Sample{Labels: labels, Value: s.Value})
	}
}

// reset lets go of the snapshot.
func (b *Builder) reset() {
	b.snapshot, b.r, b.base = nil, nil, nil
	b.bases = kept(b.bases)
	for i := range b.own {
		b.own[i] = kept(b.own[i])
	}
	b.family = Family{Samples: kept(b.family.Samples[:cap(b.family.Samples)])}
	b.pairs.reset()
	b.labels.reset()
}

// kept returns an emptied list to be used again, or nil if it had become long.
func kept[T any](list []T) []T {
	if cap(list) > manySeries {
		return nil
	}
	clear(list)
	return list[:0]
}

// pair returns a label whose value is known only now.
func (b *Builder) pair(name, value string) *progress.Label {
	p := b.pairs.next()
	p.Name, p.Value = name, value
	return p
}

// join returns labels, which are sorted, with more in their places.
func (b *Builder) join(labels []*progress.Label, more ...*progress.Label) []*progress.Label {
	if len(more) == 0 {
		return labels
	}
	l := append(b.labels.list(len(labels)+len(more)), labels...)
	for _, p := range more {
		at := len(l)
		for at > 0 && l[at-1].Name > p.Name {
			at--
		}
		l = slices.Insert(l, at, p)
	}
	return l
}

// gauge adds one value of a gauge of the target, with more labels.
func (b *Builder) gauge(value float64, more ...*progress.Label) {
	b.add(Sample{Labels: b.join(b.base, more...), Value: value})
}

// counter adds one value of a counter of the target.
func (b *Builder) counter(value float64, more ...*progress.Label) {
	s := Sample{Labels: b.join(b.base, more...), Value: value}
	if created := b.r.Memory.Created; !created.IsZero() {
		s.Created = created.UnixNano()
	}
	b.add(s)
}

// said adds a gauge if the product said its value.
func (b *Builder) said(value *float64, more ...*progress.Label) {
	if value != nil {
		b.gauge(*value, more...)
	}
}

// date adds a gauge if its date is known.
func (b *Builder) date(at time.Time, more ...*progress.Label) {
	if !at.IsZero() {
		b.gauge(float64(at.UnixMilli())/1e3, more...)
	}
}

func (b *Builder) add(s Sample) { b.family.Samples = append(b.family.Samples, s) }
