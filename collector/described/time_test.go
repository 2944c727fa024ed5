package described

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTime(t *testing.T) {
	for in, want := range map[any]any{
		"2026-11-22T09:12:03Z":           1795338723.0,
		"2026-11-22T09:12:03.25+09:00":   1795306323.25,
		"2026-11-22T09:12:03.123456789Z": 1795338723.123456789,
		"2026-11-22T09:12:03+0900":       1795306323.0,
		"2026-11-22T09:12:03":            1795338723.0,
		"2026-11-22T09:12:03.5":          1795338723.5,
		"2026-11-22 09:12:03.5":          1795338723.5,
		"2026-11-22 09:12:03+00:00":      1795338723.0,
		"2026-11-22 09:12:03 +0000":      1795338723.0,
		" 2026-11-22T09:12:03Z ":         1795338723.0,
		"1795338723":                     1795338723.0,
		"1795338723250":                  1795338723.25,
		1795338723:                       1795338723.0,
		1795338723250:                    1795338723.25,
		1795338723.25:                    1795338723.25,
		json.Number("1795338723250"):     1795338723.25,
		json.Number("1.79533872325e9"):   1795338723.25,
		nil:                              nil,
		"":                               nil,
		-1:                               nil,
		0:                                nil,
		"0001-01-01T00:00:00Z":           nil,
		"0":                              nil,
		json.Number("1e999"):             nil,
	} {
		if diff := cmp.Diff(want, secondsOf(in, time.UTC)); diff != "" {
			t.Errorf("%v (-want +got):\n%s", in, diff)
		}
	}
	for _, zone := range []string{"", "Local", "Nowhere/Here", "../etc/passwd"} {
		if v, ok := new(zones).time("2026-11-22T09:12:03", []any{zone, newMeter(t.Context())}).(mistake); !ok {
			t.Errorf("zone %q: %v", zone, v)
		}
	}
	if got := new(zones).time("2026-11-22 09:12:03", []any{"Asia/Seoul", newMeter(t.Context())}); got != 1795306323.0 {
		t.Errorf("in Seoul: %v", got)
	}
	if got := new(zones).time("2026-11-22T09:12:03Z", []any{"Asia/Seoul", newMeter(t.Context())}); got != 1795338723.0 {
		t.Errorf("with a zone of its own: %v", got)
	}
	for _, in := range []any{"TIME_NOW", "22.11.2026", "NaN", "inf", true, []any{}} {
		switch v := secondsOf(in, time.UTC).(type) {
		case mistake, nil:
		default:
			t.Errorf("%v: %v", in, v)
		}
	}
}
