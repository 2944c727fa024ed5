package grafana

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// formatter writes a number with its unit. Without decimals it takes as many as
// Grafana thinks fit.
type formatter func(v float64, decimals *int) string

// dated are the units that take a text for a date.
func dated(unit string) bool {
	return strings.HasPrefix(unit, "time:") || unit == "dateTimeAsIso" || unit == "dateTimeFromNow"
}

// unit returns the formatter of a unit at a moment. The text of the unit "string" is
// the value as it is.
func unit(id string, now time.Time) (formatter, error) {
	if pattern, ok := strings.CutPrefix(id, "time:"); ok {
		return date(pattern)
	}
	switch id {
	case "", "none":
		return fixed, nil
	case "string":
		return func(v float64, _ *int) string { return number(v) }, nil
	case "short":
		return scaled(1000, "", " K", " Mil", " Bil", " Tri", " Quadr", " Quint", " Sext", " Sept"), nil
	case "percent":
		return func(v float64, decimals *int) string { return fixed(v, decimals) + "%" }, nil
	case "percentunit":
		return func(v float64, decimals *int) string { return fixed(100*v, decimals) + "%" }, nil
	case "s":
		return seconds, nil
	case "dtdhms":
		return func(v float64, _ *int) string { return clock(v) }, nil
	case "bytes":
		return scaled(1024, " B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB", " ZiB", " YiB"), nil
	case "binBps":
		return scaled(1024, " B/s", " KiB/s", " MiB/s", " GiB/s", " TiB/s", " PiB/s", " EiB/s", " ZiB/s", " YiB/s"), nil
	case "reqps":
		return scaled(1000, " req/s", "K req/s", "M req/s", "B req/s", "T req/s"), nil
	case "cpm":
		return scaled(1000, " c/m", "K c/m", "M c/m", "B c/m", "T c/m"), nil
	case "dateTimeAsIso":
		return date("YYYY-MM-DD HH:mm:ss")
	case "dateTimeFromNow":
		return func(v float64, _ *int) string { return fromNow(now.Sub(time.UnixMilli(int64(v)))) }, nil
	}
	return nil, fmt.Errorf("unit %q is not known here", id)
}

// number writes a number as JavaScript does.
func number(v float64) string {
	switch abs := math.Abs(v); {
	case math.IsInf(v, 1):
		return "Infinity"
	case math.IsInf(v, -1):
		return "-Infinity"
	case abs >= 1e21 || abs > 0 && abs < 1e-6:
		return strings.Replace(strconv.FormatFloat(v, 'e', -1, 64), "e-0", "e-", 1)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// fixed is a number with so many decimals, or with those that make three digits of
// it, about.
func fixed(v float64, decimals *int) string {
	switch {
	case math.IsInf(v, 1):
		return "∞"
	case math.IsInf(v, -1):
		return "-∞"
	}
	n := fitting(v)
	if decimals != nil {
		n = max(0, *decimals)
	}
	factor := math.Pow(10, float64(n))
	rounded := math.Floor(v*factor+0.5) / factor
	if math.Abs(rounded) >= 1e21 {
		return number(rounded)
	}
	return strconv.FormatFloat(rounded, 'f', n, 64)
}

func fitting(v float64) int {
	if math.Trunc(v) == v {
		return 0
	}
	decimals := 1 - int(math.Floor(math.Log10(math.Abs(v))))
	if v/math.Pow(10, float64(-decimals)) > 2.25 { // Grafana's own oddity: never of a negative number
		decimals++
	}
	return max(0, decimals)
}

// scaled writes a number in the largest of the units that it reaches.
func scaled(factor float64, units ...string) formatter {
	return func(v float64, decimals *int) string {
		i := 0
		if v != 0 && !math.IsInf(v, 0) {
			i = min(max(0, int(math.Floor(math.Log10(math.Abs(v))/math.Log10(factor)))), len(units)-1)
		}
		return fixed(v/math.Pow(factor, float64(i)), decimals) + units[i]
	}
}

// seconds writes a span of time with one unit.
func seconds(v float64, decimals *int) string {
	abs := math.Abs(v)
	if v == 0 {
		return "0 s"
	}
	for _, u := range []struct {
		below, size float64
		name        string
	}{
		{1e-6, 1e-9, " ns"}, {1e-3, 1e-6, " µs"}, {1, 1e-3, " ms"}, {60, 1, " s"}, {3600, 60, " mins"},
		{86400, 3600, " hours"}, {604800, 86400, " days"}, {31536000, 604800, " weeks"},
	} {
		if abs < u.below {
			return fixed(v/u.size, decimals) + u.name
		}
	}
	return fixed(v/3.15569e7, decimals) + " years"
}

// clock writes a span of time as days, hours, minutes and seconds. What is negative
// is "ago".
func clock(v float64) string {
	if v < 0 {
		return clock(-v) + " ago"
	}
	days, rest := math.Floor(v/86400), math.Mod(v, 86400)
	text := fmt.Sprintf("%02d:%02d:%02d", int(rest/3600), int(math.Mod(rest, 3600)/60), int(math.Mod(rest, 60)))
	if days > 0 {
		text = fmt.Sprintf("%.0f d %s", days, text)
	}
	return text
}

// date writes milliseconds since 1970 by a pattern of moment.js.
func date(pattern string) (formatter, error) {
	tokens := map[string]string{"YYYY": "2006", "MMM": "Jan", "MM": "01", "ddd": "Mon", "DD": "02", "D": "2", "HH": "15", "mm": "04", "ss": "05"}
	var layout strings.Builder
	for rest := pattern; rest != ""; {
		n := len(rest) - len(strings.TrimLeft(rest, rest[:1])) // as many as the first letter is repeated
		token := rest[:n]
		rest = rest[n:]
		switch known, ok := tokens[token]; {
		case ok:
			layout.WriteString(known)
		case unicode.IsLetter(rune(token[0])):
			return nil, fmt.Errorf("%q in the pattern %q is not known here", token, pattern)
		default:
			layout.WriteString(token)
		}
	}
	return func(v float64, _ *int) string { return time.UnixMilli(int64(v)).UTC().Format(layout.String()) }, nil
}

// fromNow is how long ago something was, or in what time it will be, as moment.js
// says it.
func fromNow(age time.Duration) string {
	if age < 0 {
		return "in " + humanized(-age)
	}
	return humanized(age) + " ago"
}

func humanized(d time.Duration) string {
	in := func(unit time.Duration) int { return int(math.Floor(float64(d)/float64(unit) + 0.5)) }
	const day, month, year = 24 * time.Hour, 2629746 * time.Second, 31556952 * time.Second
	switch seconds, minutes, hours, days, months, years := in(time.Second), in(time.Minute), in(time.Hour), in(day), in(month), in(year); {
	case seconds < 45:
		return "a few seconds"
	case minutes <= 1:
		return "a minute"
	case minutes < 45:
		return fmt.Sprintf("%d minutes", minutes)
	case hours <= 1:
		return "an hour"
	case hours < 22:
		return fmt.Sprintf("%d hours", hours)
	case days <= 1:
		return "a day"
	case days < 26:
		return fmt.Sprintf("%d days", days)
	case months <= 1:
		return "a month"
	case months < 11:
		return fmt.Sprintf("%d months", months)
	case years <= 1:
		return "a year"
	default:
		return fmt.Sprintf("%d years", years)
	}
}
