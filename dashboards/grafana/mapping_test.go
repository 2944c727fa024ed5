package grafana

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestMappings(t *testing.T) {
	const text = `
	[{"type": "value", "options": {"5": {"text": "five", "color": "green"}, "-1": {"color": "purple"}, "a": {"text": "A"}}},
	 {"type": "range", "options": {"from": 10, "to": 20, "result": {"text": "teens"}}},
	 {"type": "range", "options": {"from": 100, "result": {"text": "many", "color": "red"}}},
	 {"type": "regex", "options": {"pattern": "/^(b+)c$/", "result": {"text": "$1!"}}},
	 {"type": "regex", "options": {"pattern": "d.*", "result": {"color": "blue"}}},
	 {"type": "special", "options": {"match": "nan", "result": {"text": "no number"}}},
	 {"type": "special", "options": {"match": "null", "result": {"text": "absent"}}},
	 {"type": "special", "options": {"match": "empty", "result": {"text": "empty"}}}]`
	var mappings []mapping
	if err := json.Unmarshal([]byte(text), &mappings); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		value       any
		text, color string // "-" for no text of the mapping's
	}{
		{5.0, "five", "green"}, {-1.0, "-", "purple"}, {"a", "A", ""}, {"5", "five", "green"},
		{10.0, "teens", ""}, {20.0, "teens", ""}, {"15", "teens", ""}, {100.0, "many", "red"},
		{"bbc", "bb!", ""}, {"de", "-", "blue"},
		{math.NaN(), "no number", ""}, {nil, "absent", ""}, {"", "empty", ""},
	} {
		got := lookUp(mappings, tc.value)
		if got == nil {
			t.Fatalf("%v is not mapped", tc.value)
		}
		shown := "-"
		if got.Text != nil {
			shown = *got.Text
		}
		if shown != tc.text || got.Color != tc.color {
			t.Errorf("%v: %q, %q; want %q, %q", tc.value, shown, got.Color, tc.text, tc.color)
		}
	}
	for _, value := range []any{6.0, 9.9, 20.1, "x", "bc d"} {
		if got := lookUp(mappings, value); got != nil {
			t.Errorf("%v: %v; want nothing", value, got)
		}
	}
}

func TestMappingErrors(t *testing.T) {
	for options, want := range map[string]string{
		`5`:                                `json`,
		`{"type": "value", "options": []}`: `mapping of type "value": json`,
		`{"type": "range", "options": []}`: `mapping of type "range": json`,
		`{"type": "regex", "options": []}`: `mapping of type "regex": json`,
		`{"type": "regex", "options": {"pattern": "/(/"}}`:  `missing closing`,
		`{"type": "special", "options": []}`:                `mapping of type "special": json`,
		`{"type": "special", "options": {"match": "full"}}`: `"full" is not known here`,
	} {
		var m mapping
		if err := json.Unmarshal([]byte(options), &m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %s", options, err, want)
		}
	}
}
