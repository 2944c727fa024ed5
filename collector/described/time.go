package described

import (
	"math"
	"strconv"
	"strings"
	"time"

	// Zones have to be known in a container without zoneinfo, too.
	_ "time/tzdata"

	"github.com/itchyny/gojq"
)

// milliseconds is from where on a number counts milliseconds and not seconds: as seconds
// it is the year 5138, as milliseconds 1973.
const milliseconds = 1e11

// hostTimeOf is the function time: seconds since 1970, of a date as products write them.
// What is absent, empty, or 0 or less, as products write a date that is not there, is
// null.
func hostTimeOf(in any, args []any) any {
	zone := time.UTC
	if len(args) == 1 {
		name, ok := args[0].(string)
		if !ok {
			return mistakef(`time wants the name of a zone, such as time("Asia/Seoul"), found %s`, kind(args[0]))
		}
		var err error
		if zone, err = time.LoadLocation(name); err != nil || name == "" || name == "Local" {
			return mistake(`time does not know this zone; want a name such as "Asia/Seoul"`)
		}
	}
	if in == nil {
		return nil
	}
	if n, ok := gojq.ToFloat64(in); ok {
		return seconds(n)
	}
	s, ok := in.(string)
	if !ok {
		return mistakef("time wants a text or a number, found %s", kind(in))
	}
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return seconds(n)
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			if t.Unix() <= 0 { // such as 0001-01-01T00:00:00Z
				return nil
			}
			return float64(t.Unix()) + float64(t.Nanosecond())/1e9
		}
	}
	return mistake("time does not know this form of a date; want RFC 3339, 2026-11-22T09:00:00 with or without a zone, or seconds or milliseconds since 1970")
}

func seconds(n float64) any {
	switch {
	case math.IsNaN(n) || math.IsInf(n, 0) || n <= 0:
		return nil
	case n >= milliseconds:
		return n / 1e3
	}
	return n
}
