package series

import (
	"iter"
	"slices"

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

// Expose returns the families of a snapshot that have series, sorted by name. Each is good
// until the next one is asked for.
func (v *Vocabulary) Expose(snapshot []scrape.Reading) iter.Seq[*Family] {
	return v.NewBuilder().Expose(snapshot)
}

// code returns the label of an error code.
func (b *Builder) code(code string) *progress.Label {
	if p := b.vocabulary.codes[code]; p != nil {
		return p
	}
	return b.pair("error_code", code)
}
