package mongosync

import (
	"math"
	"strconv"
	"strings"

	"progress_exporter/collector/progress"
)

// The values of the label bound: how a time and the number in the text relate.
const (
	boundNone     = "none"      // the text is an estimate, such as "45 minutes"
	boundMoreThan = "more_than" // the time is longer: "more than 72 hours"
	boundLessThan = "less_than" // the time is shorter: "less than 15 minutes"
)

// longestOplogTime is the length of a text that is looked at, in bytes: those that are
// documented have less than thirty.
const longestOplogTime = 200

// parseOplogTime reads the text estimatedOplogTimeRemaining. It returns the number
// in it as seconds, finite and not negative, and the label bound. A text that
// holds no time ("not checked yet", or a wording of another version) is not ok.
func parseOplogTime(text string) (seconds float64, bound string, ok bool) {
	if len(text) > longestOplogTime {
		return 0, "", false
	}
	words := strings.Fields(strings.ToLower(text))
	bound = boundNone
	if len(words) > 2 && words[1] == "than" {
		switch words[0] {
		case "more":
			bound = boundMoreThan
		case "less":
			bound = boundLessThan
		default:
			return 0, "", false
		}
		words = words[2:]
	}
	if len(words) == 0 || len(words)%2 != 0 {
		return 0, "", false
	}
	for i := 0; i < len(words); i += 2 {
		n, err := strconv.ParseFloat(words[i], 64)
		unit := secondsIn(words[i+1])
		if err != nil || n < 0 || unit == 0 {
			return 0, "", false
		}
		seconds += n * unit
	}
	if math.IsNaN(seconds) || math.IsInf(seconds, 0) {
		return 0, "", false
	}
	return seconds, bound, true
}

// unchecked reports whether a text says that the time is not known yet: "not checked
// yet", or "not yet checked".
func unchecked(text string) bool {
	return len(text) <= longestOplogTime && strings.HasPrefix(strings.ToLower(text), "not ")
}

func isOplogTime(s progress.Sample) bool { return s.Family == famOplogTime }

// secondsIn returns the length of a unit of time; 0 if it is none. Hours and
// minutes are documented, the others cost nothing.
func secondsIn(unit string) float64 {
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return 24 * 60 * 60
	case "hour":
		return 60 * 60
	case "minute":
		return 60
	case "second":
		return 1
	}
	return 0
}
