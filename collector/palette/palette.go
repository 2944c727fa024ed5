// Package palette says how a job looks wherever a person sees it: in the dashboards,
// on the page /targets and in progressctl. It is a closed list of kinds, in the order
// in which they want a look, each with a word and with colours that go with it. The
// word is always shown; the colours are told apart by the colour-blind, too.
package palette

import (
	"slices"

	"progress_exporter/collector/progress"
)

// The words of what is told of a job instead of its state.
const (
	CannotBeRead = "cannot be read" // the last read failed
	Stalled      = "stalled"        // it has not moved for its stall_after, although it should
	Late         = "late"           // it has missed its deadline, or will; only in dashboards a kind of its own
	NotRead      = "not read yet"
)

// Kind is how one kind of job looks.
type Kind struct {
	Word  string
	Fill  string // background of the word in Grafana, which chooses black or white for the text
	Light string // text and bars on a light page
	Dark  string // text and bars on a dark page
	ANSI  string // foreground in a terminal: the two digits of its SGR code, 39 for the terminal's own
}

// Kinds returns all kinds; what wants a look comes first.
func Kinds() []Kind {
	return []Kind{
		{progress.Failed.String(), "#b80d06", "#b3261e", "#ff7b72", "31"},
		{Stalled, "#ffa51f", "#8a5a00", "#f0a020", "33"},
		{CannotBeRead, "#8718c4", "#8e3aa6", "#d58be5", "35"},
		{Late, "#ffb9a3", "#b3261e", "#ffb0a8", "91"},
		{progress.Unknown.String(), "#b27508", "#6b4a00", "#d9a55b", "33"},
		{progress.Cancelled.String(), "#8e9196", "#57606a", "#9aa4af", "90"},
		{progress.Ready.String(), "#fbf56b", "#6b5b00", "#f5e642", "93"},
		{progress.Running.String(), "#0a5c9c", "#0860c4", "#58a6ff", "94"},
		{progress.Pending.String(), "#7ac6ed", "#2a6fa8", "#8fc7f5", "96"},
		{progress.Paused.String(), "#cfd1d6", "#57606a", "#c9ccd3", "37"},
		{progress.Succeeded.String(), "#0c8347", "#0b7a53", "#3fc48f", "32"},
		{progress.None.String(), "#474a50", "#57606a", "#9aa4af", "90"},
		{NotRead, "#474a50", "#57606a", "#9aa4af", "39"},
	}
}

// Urgency returns the place of a word in Kinds, from 0 on; -1 for another word.
func Urgency(word string) int {
	return slices.IndexFunc(Kinds(), func(k Kind) bool { return k.Word == word })
}

// Of returns the kind with a word. For another word it is one without colours.
func Of(word string) Kind {
	if i := Urgency(word); i >= 0 {
		return Kinds()[i]
	}
	return Kind{Word: word, ANSI: "39"}
}
