package grafana

import (
	"math"
	"strings"
	"testing"
	"time"
)

func TestUnits(t *testing.T) {
	two := 2
	for _, tc := range []struct {
		unit     string
		v        float64
		decimals *int
		want     string
	}{
		{"", 3, nil, "3"}, {"none", 1234567, nil, "1234567"}, {"none", 0.125, nil, "0.125"}, {"none", 12.3456, nil, "12.3"}, {"none", -12.3456, nil, "-12"},
		{"none", 5, &two, "5.00"}, {"none", math.Inf(-1), nil, "-∞"}, {"none", math.Inf(1), nil, "∞"}, {"none", 1e21, nil, "1e+21"},
		{"string", 2111, nil, "2111"}, {"string", 1e-7, nil, "1e-7"}, {"string", math.Inf(-1), nil, "-Infinity"}, {"string", math.Inf(1), nil, "Infinity"},
		{"short", 0, nil, "0"}, {"short", 999, nil, "999"}, {"short", 2111, nil, "2.11 K"}, {"short", -1500000, nil, "-1.5 Mil"}, {"short", math.Inf(1), nil, "∞"},
		{"percent", 12.5, nil, "12.5%"}, {"percentunit", 0.194, nil, "19.4%"}, {"percentunit", 1, nil, "100%"}, {"percentunit", 1.0 / 3, &two, "33.33%"},
		{"s", 0, nil, "0 s"}, {"s", 2e-9, nil, "2 ns"}, {"s", 2e-6, nil, "2 µs"}, {"s", 0.25, nil, "250 ms"}, {"s", 59.5, nil, "59.5 s"}, {"s", 500, nil, "8.33 mins"},
		{"s", 4500, nil, "1.25 hours"}, {"s", 86400, nil, "1 days"}, {"s", 1209600, nil, "2 weeks"}, {"s", 6.31138e7, nil, "2 years"}, {"s", -4500, nil, "-1.2 hours"},
		{"dtdhms", 59.9, nil, "00:00:59"}, {"dtdhms", 93784, nil, "1 d 02:03:04"}, {"dtdhms", -60, nil, "00:01:00 ago"},
		{"bytes", 0, nil, "0 B"}, {"bytes", 1024, nil, "1 KiB"}, {"bytes", 9.7 * (1 << 30), nil, "9.70 GiB"}, {"binBps", 5 << 20, nil, "5 MiB/s"},
		{"reqps", 0.5, nil, "0.500 req/s"}, {"reqps", 2500, nil, "2.50K req/s"}, {"cpm", 3, nil, "3 c/m"},
		{"dateTimeAsIso", 1773489600000, nil, "2026-03-14 12:00:00"}, {"time:MMM D HH:mm", 1772366700000, nil, "Mar 1 12:05"}, {"time:ddd DD.MM.YYYY", 1772366700000, nil, "Sun 01.03.2026"},
	} {
		format, err := unit(tc.unit, noon())
		if err != nil {
			t.Fatal(err)
		}
		if got := format(tc.v, tc.decimals); got != tc.want {
			t.Errorf("%v as %q: %q, want %q", tc.v, tc.unit, got, tc.want)
		}
	}
}

func TestFromNow(t *testing.T) {
	const day = 24 * time.Hour
	for age, want := range map[time.Duration]string{
		10 * time.Second: "a few seconds ago", 50 * time.Second: "a minute ago", 44 * time.Minute: "44 minutes ago", 50 * time.Minute: "an hour ago",
		21 * time.Hour: "21 hours ago", 30 * time.Hour: "a day ago", 25 * day: "25 days ago", 30 * day: "a month ago", 100 * day: "3 months ago", 365 * day: "a year ago",
		800 * day: "2 years ago", -3 * time.Hour: "in 3 hours",
	} {
		format, err := unit("dateTimeFromNow", noon())
		if err != nil {
			t.Fatal(err)
		}
		if got := format(float64(noon().Add(-age).UnixMilli()), nil); got != want {
			t.Errorf("%v: %q, want %q", age, got, want)
		}
	}
}

func TestUnknownUnits(t *testing.T) {
	for id, want := range map[string]string{
		"clocks":      `unit "clocks" is not known here`,
		"time:dddd D": `"dddd" in the pattern "dddd D" is not known here`,
		"time:HH a":   `"a" in the pattern "HH a" is not known here`,
	} {
		if _, err := unit(id, noon()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", id, err, want)
		}
	}
}
