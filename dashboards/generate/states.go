package main

import (
	"strconv"

	"progress_exporter/collector/progress"
)

// stateColors are chosen so that what needs a person stands out: red has ended
// badly, orange needs a look, purple cannot be seen.
func stateColors() map[progress.State]string {
	return map[progress.State]string{
		progress.None:      "#6e7077",
		progress.Pending:   "light-blue",
		progress.Running:   "blue",
		progress.Ready:     "yellow",
		progress.Paused:    "#b8b8c0",
		progress.Succeeded: "green",
		progress.Failed:    "red",
		progress.Cancelled: "dark-yellow",
		progress.Unknown:   "light-orange",
	}
}

// stateNames says what the numbers of scope.state mean.
func stateNames() mapping {
	names := map[string]mapped{
		strconv.Itoa(notReadable): {Text: "not readable", Color: "purple"},
		strconv.Itoa(stalled):     {Text: "stalled", Color: "orange", Index: 1},
	}
	colors := stateColors()
	for place, state := range progress.States() {
		names[strconv.Itoa(place)] = mapped{Text: state.String(), Color: colors[state], Index: place + 2}
	}
	return mapping{Type: "value", Options: names}
}

// present says what the 1 of a series means whose label is the news.
func present(color string) mapping {
	return mapping{Type: "value", Options: map[string]mapped{"1": {Text: "yes", Color: color}}}
}

// flag says what 0 and 1 mean.
func flag(no, yes mapped) mapping {
	yes.Index = 1
	return mapping{Type: "value", Options: map[string]mapped{"0": no, "1": yes}}
}
