package progress

import (
	"encoding/json"
	"testing"
	"time"
)

func TestIsDate(t *testing.T) {
	for text, want := range map[string]bool{
		"2026-12-01T06:00:00+09:00": true,
		"1970-01-01T00:00:00Z":      true,
		"1970-01-01T00:00:00+09:00": false,
		"1969-12-31T23:00:00-01:00": true,
		"9999-12-31T23:59:59Z":      true,
		"9999-12-31T23:59:59-01:00": false,
		"9999-12-31T23:59:59+01:00": true,
		"0000-01-01T00:00:00Z":      false,
		"0001-01-01T00:00:00+01:00": false,
		"0001-01-01T00:00:00Z":      false,
	} {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := IsDate(at); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
		if _, err := json.Marshal(at.UTC()); want && err != nil {
			t.Errorf("%s is a date, but not for JSON: %v", text, err)
		}
	}
}
