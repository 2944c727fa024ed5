package progress

import (
	"cmp"
	"slices"
	"strings"
)

const (
	redacted = "<redacted>"

	// minSecret is the length, in bytes, from which on a secret is taken out of what a
	// product says freely: shorter ones are words such as "yes", and no credential.
	minSecret = 4
	// minInWords is the same for our own words and for labels, which may have to name
	// what a short secret happens to be.
	minInWords = 8
	// longSecret is the length from which on a part of a secret says too much: products
	// cut what they repeat as well.
	longSecret = 32
	// fragment is how much of a long secret is found, in bytes.
	fragment = 12
	// shortText is up to which length, in bytes, a text is not worth an index of fragments.
	shortText = 64
	// longestEscape is how many bytes of a text spell one of a secret at most.
	longestEscape = 12
	// window is how much of a text is looked at, beside what a secret may take.
	window = 16 << 10
)

// redactor takes secrets out of texts. It knows no spelling: it looks at what a text
// says.
type redactor struct {
	whole    []string
	long     []string // of whole, those whose fragments are looked for
	index    *index   // of the fragments of long, once a text is worth it
	margin   int      // how much of a text the longest secret may take
	shortest int      // the length of the shortest of whole
}

// index knows fragments.
type index struct {
	fragments map[[fragment]byte]bool
	begins    [64]uint64 // a bit for each of the first two bytes of a fragment, hashed
}

// newRedactor returns a redactor for the secrets of at least so many bytes; with parts,
// it finds the fragments of long ones, too.
func newRedactor(secrets []string, shortest int, parts bool) *redactor {
	r := &redactor{}
	for _, s := range secrets {
		if len(s) < shortest {
			continue
		}
		r.margin = max(r.margin, longestEscape*len(s))
		for _, spelt := range spellings(s) {
			if len(spelt) >= shortest && !slices.Contains(r.whole, spelt) {
				r.add(spelt)
			}
			if parts && len(s) >= longSecret {
				r.long = append(r.long, spelt)
			}
		}
	}
	return r
}

func (r *redactor) add(spelt string) {
	if len(r.whole) == 0 || len(spelt) < r.shortest {
		r.shortest = len(spelt)
	}
	r.whole = append(r.whole, spelt)
}

// from returns a redactor for those of the secrets that have at least so many bytes.
func (r *redactor) from(shortest int) *redactor {
	few := *r
	few.whole = nil
	for _, spelt := range r.whole {
		if len(spelt) >= shortest {
			few.add(spelt)
		}
	}
	return &few
}

// newIndex returns the index of all fragments of long secrets.
func newIndex(long []string) *index {
	x := &index{fragments: map[[fragment]byte]bool{}}
	for _, s := range long {
		for i := 0; i+fragment <= len(s); i++ {
			x.fragments[[fragment]byte([]byte(s[i:i+fragment]))] = true
			bit := bitOf(s[i], s[i+1])
			x.begins[bit/64] |= 1 << (bit % 64)
		}
	}
	return x
}

// isFragment reports whether s is one of a long secret.
func (r *redactor) isFragment(s string) bool {
	if r.index == nil {
		return slices.ContainsFunc(r.long, func(long string) bool { return strings.Contains(long, s) })
	}
	bit := bitOf(s[0], s[1])
	return r.index.begins[bit/64]&(1<<(bit%64)) != 0 && r.index.fragments[[fragment]byte([]byte(s))]
}

func bitOf(a, b byte) uint { return (uint(a)<<4 ^ uint(b)) % (64 * 64) }

// stretch is a part of a text.
type stretch struct{ from, to int }

// redact returns a text without the secrets. Of one that is too long to be shown as a
// whole the end is missing, and with it what may have been the beginning of a secret.
func (r *redactor) redact(text string) string {
	if len(r.whole) == 0 || len(text) < min(r.shortest, fragment) {
		return text
	}
	end := len(text)
	if end > window+r.margin {
		text, end = text[:window+r.margin], window
	}
	return r.cover(text, end)
}

// all is redact for a text of which nothing may be missing, however long it takes.
func (r *redactor) all(text string) string {
	if len(r.whole) == 0 {
		return text
	}
	return r.cover(text, len(text))
}

// cover returns a text up to its end, without the secrets in it.
func (r *redactor) cover(text string, end int) string {
	found := r.find(text)
	if len(found) == 0 {
		return text[:end]
	}
	slices.SortFunc(found, func(a, b stretch) int { return cmp.Or(a.from-b.from, b.to-a.to) })
	var b strings.Builder
	at := 0
	for i := 0; i < len(found) && found[i].from < end; i++ {
		f := found[i]
		for i+1 < len(found) && found[i+1].from < f.to { // they overlap
			i++
			f.to = max(f.to, found[i].to)
		}
		b.WriteString(text[at:f.from])
		b.WriteString(redacted)
		at = f.to
	}
	if at < end {
		b.WriteString(text[at:end])
	}
	return b.String()
}

// find returns where secrets are in a text.
func (r *redactor) find(text string) (found []stretch) {
	v, ok := view{text: text}, true
	for layer := 0; ok && layer <= maxLayers; layer++ {
		for _, s := range r.whole {
			found = append(found, v.all(s)...)
		}
		found = append(found, r.findFragments(&v)...)
		v, ok = v.unescape()
	}
	return found
}

// all returns where the view has s.
func (v *view) all(s string) (found []stretch) {
	for at := 0; ; {
		i := strings.Index(v.text[at:], s)
		if i < 0 {
			return found
		}
		from, to := v.span(at+i, at+i+len(s))
		found = append(found, stretch{from, to})
		at += i + len(s)
	}
}

// findFragments returns where something of long secrets is, as far as it goes on.
func (r *redactor) findFragments(v *view) (found []stretch) {
	if len(r.long) == 0 {
		return nil
	}
	if len(v.text) > shortText && r.index == nil {
		r.index = newIndex(r.long)
	}
	begin, end := -1, 0
	for i := 0; i+fragment <= len(v.text); i++ {
		if !r.isFragment(v.text[i : i+fragment]) {
			continue
		}
		if begin >= 0 && i > end {
			from, to := v.span(begin, end)
			found, begin = append(found, stretch{from, to}), -1
		}
		if begin < 0 {
			begin = i
		}
		end = i + fragment
	}
	if begin >= 0 {
		from, to := v.span(begin, end)
		found = append(found, stretch{from, to})
	}
	return found
}
