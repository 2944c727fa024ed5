package targets

import (
	"strings"
	"testing"
	"time"
)

func TestParseDuration(t *testing.T) {
	for in, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "10s": 10 * time.Second, "1h30m": 90 * time.Minute, "1d": 24 * time.Hour,
		"1w": 7 * 24 * time.Hour, "0.5s": 500 * time.Millisecond, "1.5s": 1500 * time.Millisecond, "250ms": 250 * time.Millisecond,
	} {
		if got, err := parseDuration(in); err != nil || got != want {
			t.Errorf("parseDuration(%q) = %v, %v, want %v", in, got, err, want)
		}
	}
	for _, in := range []string{"", "10", "s", "ten seconds", "1.5d", "300y", "-1s", "-0.5s", "NaN"} {
		if got, err := parseDuration(in); err == nil {
			t.Errorf("parseDuration(%q) = %v, want an error", in, got)
		}
	}
}

func TestParseTimeout(t *testing.T) {
	for _, in := range []string{"0", "0s", "0.0s", "-1s", ""} {
		if got, err := parseTimeout(in); err == nil {
			t.Errorf("parseTimeout(%q) = %v, want an error", in, got)
		}
	}
}

func TestParseURL(t *testing.T) {
	for _, in := range []string{"http://localhost", "HTTPS://example.com:443/", "https://[2001:db8::1]:28443/web", "http://192.0.2.1/a%20b"} {
		if u, err := parseURL(in); err != nil || u.Host == "" {
			t.Errorf("parseURL(%q) = %v, %v, want it accepted", in, u, err)
		}
	}
	for _, in := range []string{"http:example.com", "http:///path", "//example.com", "http://a b", "http://:80", "http://a:0", "http://a:65536", "http://a/%zz", "http://@a"} {
		if u, err := parseURL(in); err == nil {
			t.Errorf("parseURL(%q) = %v, want an error", in, u)
		}
	}
}

func TestParseNameAndLabelValue(t *testing.T) {
	for _, in := range []string{"a", "shard 0", "뉴스", strings.Repeat("n", 128)} {
		if got, err := parseName(in); err != nil || got != in {
			t.Errorf("parseName(%q) = %q, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "a\nb", "a\x7f", "a\u0085", "\xff", " ", "\u3000", "\u200b", "\u2060\u00a0", " a", "a ", "a\u00a0", strings.Repeat("é", 65)} {
		if got, err := parseName(in); err == nil {
			t.Errorf("parseName(%q) = %q, want an error", in, got)
		}
	}
	for _, in := range []string{"\xff", strings.Repeat("é", 65)} {
		if got, err := parseLabelValue(in); err == nil {
			t.Errorf("parseLabelValue(%q) = %q, want an error", in, got)
		}
	}
}

func TestCheckLabelName(t *testing.T) {
	for _, name := range []string{"team", "_x", "Job", "target_", "region2"} {
		if err := checkLabelName(name); err != nil {
			t.Errorf("checkLabelName(%q): %v", name, err)
		}
	}
	bad := append(ownLabels(), "", "a:b", "a.b", "2a", "é", "__name__", "__x")
	for _, name := range bad {
		if err := checkLabelName(name); err == nil {
			t.Errorf("checkLabelName(%q) accepts it", name)
		}
	}
	if n := len(ownLabels()); n != 16 {
		t.Errorf("%d labels are refused, want 16", n)
	}
}

func TestParseMaxJobs(t *testing.T) {
	for text, want := range map[string]int{"1": 1, "200": 200, "1000": 1000, "0": 0, "1001": 0, "-1": 0, "2.5": 0, "many": 0, "": 0} {
		if got, err := parseMaxJobs(text); got != want || (err == nil) != (want > 0) {
			t.Errorf("parseMaxJobs(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
}

func TestParseDeadline(t *testing.T) {
	got, err := parseDeadline("2026-12-01T06:00:00+09:00")
	if want := time.Date(2026, 11, 30, 21, 0, 0, 0, time.UTC); err != nil || !got.Equal(want) {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	for _, in := range []string{"", "2026-12-01", "2026-12-01 06:00:00", "2026-12-01T06:00:00", "0001-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59-01:00", "10000-01-01T00:00:00Z", "1764536400"} {
		if got, err := parseDeadline(in); err == nil {
			t.Errorf("parseDeadline(%q) = %v, want an error", in, got)
		}
	}
}
