package main

import (
	"fmt"
	"strconv"
	"strings"

	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
)

// vocabulary is a closed set of words: the values of a label of which one is 1. The
// number of a word is its place, from 1 on.
type vocabulary struct {
	label string
	words []said
}

// said is a word and the kind of job whose colour it has.
type said struct{ word, kind string }

// names says what the numbers of the words mean.
func (v vocabulary) names() mapping {
	names := map[string]mapped{}
	for i, w := range v.words {
		names[strconv.Itoa(i+1)] = mapped{Text: w.word, Color: palette.Of(w.kind).Fill, Index: i}
	}
	return mapping{Type: "value", Options: names}
}

// number is the number of the word that holds, so that a process is one band whose
// value is the word. select returns the series of one word.
func (v vocabulary) number(series func(matcher string) string) string {
	parts := make([]string, len(v.words))
	for i, w := range v.words {
		parts[i] = fmt.Sprintf("0 * (%s == 1) + %d", series(fmt.Sprintf("%s=%q", v.label, w.word)), i+1)
	}
	return strings.Join(parts, " or ")
}

// The kinds whose colours words and flags have.
func unknown() string   { return progress.Unknown.String() }
func none() string      { return progress.None.String() }
func pending() string   { return progress.Pending.String() }
func running() string   { return progress.Running.String() }
func ready() string     { return progress.Ready.String() }
func paused() string    { return progress.Paused.String() }
func succeeded() string { return progress.Succeeded.String() }
func failed() string    { return progress.Failed.String() }

// color is that of a kind.
func color(kind string) string { return palette.Of(kind).Fill }

// flag says what 0 and 1 mean, in the colours of two kinds.
func flag(no, noKind, yes, yesKind string) mapping {
	return mapping{Type: "value", Options: map[string]mapped{
		"0": {Text: no, Color: color(noKind)}, "1": {Text: yes, Color: color(yesKind), Index: 1},
	}}
}

// may says whether something is permitted.
func may() mapping { return flag("no", none(), "yes", succeeded()) }

// fine says whether something works.
func fine() mapping { return flag("failed", failed(), "fine", succeeded()) }
