package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/term"

	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// absent stands in a table for what the product did not say.
const absent = "-"

// printable returns text that a product or a file gave as a terminal may get it:
// everything that could control a terminal is escaped.
func printable(s string) string {
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsGraphic(r) }) {
		return s
	}
	quoted := strconv.QuoteToGraphic(s)
	return quoted[1 : len(quoted)-1]
}

// cell returns text for a table.
func cell(s string) string {
	if s == "" {
		return absent
	}
	return printable(s)
}

// writeJSON writes v and a line feed. What could control a terminal is escaped
// also where JSON would not ask for it (DEL, C1 controls, text direction).
func writeJSON(w io.Writer, v any, indent string) {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", indent)
	if err := encoder.Encode(v); err != nil {
		panic(err) // the reports are words, numbers in range and times
	}
	var safe strings.Builder
	for _, r := range text.String() {
		if r == '\n' || unicode.IsGraphic(r) {
			safe.WriteRune(r)
			continue
		}
		for _, unit := range utf16.AppendRune(nil, r) {
			fmt.Fprintf(&safe, `\u%04x`, unit)
		}
	}
	_, _ = io.WriteString(w, safe.String())
}

func percent(ratio *float64) string {
	if ratio == nil {
		return absent
	}
	return strconv.FormatFloat(status.Percent(*ratio), 'f', 1, 64) + " %"
}

// behind says a lag, which is in seconds.
func behind(lag *float64) string {
	if lag == nil {
		return absent
	}
	return strconv.FormatFloat(*lag, 'f', -1, 64) + "s"
}

// counted says how many nodes are done, of how many.
func counted(r *progress.Report) string {
	if r.NodeCount == nil && r.NodesCompleted == nil {
		return absent
	}
	return number(r.NodesCompleted) + "/" + number(r.NodeCount)
}

func number(v *float64) string {
	if v == nil {
		return "?"
	}
	return strconv.FormatFloat(*v, 'f', -1, 64)
}

// isTerminal reports whether w is a terminal that can do more than print lines.
func isTerminal(w io.Writer) bool {
	f, ok := fileOf(w)
	return ok && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}

// paint colours the kinds of states, or does not.
type paint bool

// newPaint colours on a terminal, unless NO_COLOR forbids it (https://no-color.org).
func newPaint(w io.Writer) paint { return paint(isTerminal(w) && os.Getenv("NO_COLOR") == "") }

// by returns text in the colour of a kind. Whatever the kind, as many bytes are
// added, so that the columns of a table stay straight if each of their cells is
// painted.
func (p paint) by(kind, text string) string {
	if !p {
		return text
	}
	return "\x1b[" + palette.Of(kind).ANSI + "m" + text + "\x1b[0m"
}
