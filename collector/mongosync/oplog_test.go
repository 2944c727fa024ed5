package mongosync

import (
	"math"
	"strings"
	"testing"
)

func TestParseOplogTime(t *testing.T) {
	tests := []struct {
		text    string
		seconds float64
		bound   string
		ok      bool
	}{
		{"12 hours", 43200, boundNone, true},
		{"1 hour", 3600, boundNone, true},
		{"45 minutes", 2700, boundNone, true},
		{"12.5 minutes", 750, boundNone, true},
		{"1 hour 30 minutes", 5400, boundNone, true},
		{"0 minutes", 0, boundNone, true},
		{"2 days", 172800, boundNone, true},
		{"30 seconds", 30, boundNone, true},
		{" 3  Hours ", 10800, boundNone, true},
		{"more than 72 hours", 259200, boundMoreThan, true},
		{"less than 15 minutes", 900, boundLessThan, true},
		{"Less than 15 minutes", 900, boundLessThan, true},
		{strings.Repeat("1 second ", longestOplogTime/9), 22, boundNone, true},
		{strings.Repeat("1 second ", longestOplogTime/9+1), 0, "", false},
		{text: ""},
		{text: "not checked yet"},
		{text: "not yet checked"},
		{text: "more than"},
		{text: "less than 15"},
		{text: "other than 3 hours"},
		{text: "3"},
		{text: "hours"},
		{text: "3 parsecs"},
		{text: "-3 hours"},
		{text: "inf hours"},
		{text: "nan hours"},
		{text: "1e308 hours"},
		{text: "1e999 hours"},
		{text: "about 3 hours"},
	}
	for _, tt := range tests {
		seconds, bound, ok := parseOplogTime(tt.text)
		if seconds != tt.seconds || bound != tt.bound || ok != tt.ok {
			t.Errorf("parseOplogTime(%q) = %v, %q, %v, want %v, %q, %v", tt.text, seconds, bound, ok, tt.seconds, tt.bound, tt.ok)
		}
	}
}

func FuzzParseOplogTime(f *testing.F) {
	for _, s := range []string{"12 hours", "12.5 minutes", "1 hour 30 minutes", "more than 72 hours", "less than 15 minutes", "not checked yet", "1e308 days", "nan hours", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		seconds, bound, ok := parseOplogTime(text)
		if math.IsNaN(seconds) || math.IsInf(seconds, 0) || seconds < 0 {
			t.Errorf("parseOplogTime(%q) = %v seconds", text, seconds)
		}
		known := bound == boundNone || bound == boundMoreThan || bound == boundLessThan
		if ok != known || !ok && (seconds != 0 || bound != "") {
			t.Errorf("parseOplogTime(%q) = %v, %q, %v", text, seconds, bound, ok)
		}
	})
}
