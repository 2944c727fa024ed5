package collector

import (
	"testing"
	"time"
)

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 400 * time.Millisecond: "0s", 59600 * time.Millisecond: "1m", 90 * time.Second: "1m30s",
		time.Hour + 29*time.Second: "1h", 23*time.Hour + 59*time.Minute + 40*time.Second: "1d",
		76*time.Hour + 20*time.Minute: "3d4h", 14 * 24 * time.Hour: "2w",
	} {
		if got := Span(d); got != want {
			t.Errorf("Span(%v) = %s, want %s", d, got, want)
		}
	}
}

func TestPercent(t *testing.T) {
	for ratio, want := range map[float64]float64{0: 0, 0.29: 29, 0.9999: 99.9, 0.0004: 0, 1: 100} {
		if got := Percent(ratio); got != want {
			t.Errorf("Percent(%v) = %v, want %v", ratio, got, want)
		}
	}
}
