package described

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	// Zones have to be known in a container without zoneinfo, too.
	_ "time/tzdata"

	"github.com/itchyny/gojq"
)

// milliseconds is from where on a number counts milliseconds and not seconds: as seconds
// it is the year 5138, as milliseconds 1973.
const milliseconds = 1e11

// zoneCost is what it costs to look for a zone: it may be read from a file.
const zoneCost = 1000

// maxZone bounds the name of a zone, in bytes; the longest has 32.
const maxZone = 64

var errNoZone = errors.New("no zone has this name")

// zones are the zones that an expression has asked for. There are some hundreds in the
// world. It is safe for concurrent use.
type zones struct{ known sync.Map }

// time is the function time; its arguments are a zone and the meter, or none.
func (z *zones) time(in any, args []any) any {
	if len(args) == 0 {
		return secondsOf(in, time.UTC)
	}
	name, ok := args[0].(string)
	if !ok {
		return mistakef(`time wants the name of a zone, such as time("Asia/Seoul"), found %s`, kind(args[0]))
	}
	if zone, ok := z.known.Load(name); ok {
		return secondsOf(in, zone.(*time.Location))
	}
	if err := args[1].(*meter).pay(zoneCost); err != nil {
		return err
	}
	var zone *time.Location
	err := errNoZone
	if name != "" && name != "Local" && len(name) <= maxZone {
		zone, err = time.LoadLocation(name)
	}
	if err != nil {
		return mistake(`time does not know this zone; want a name such as "Asia/Seoul"`)
	}
	z.known.Store(strings.Clone(name), zone)
	return secondsOf(in, zone)
}

// secondsOf returns the seconds since 1970 of a date as products write them. What is
// absent, empty, or 0 or less, as products write a date that is not there, is null.
func secondsOf(in any, zone *time.Location) any {
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
