package collector

import (
	"errors"
	"testing"
	"time"

	"progress_exporter/collector/progress"
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

func TestLeft(t *testing.T) {
	half := progress.Ptr(0.5)
	for name, tc := range map[string]struct {
		reading Reading
		want    time.Duration
	}{
		"running":      {Reading{Rate: 0.001, Report: progress.Report{State: progress.Running, Ratio: half}}, 500 * time.Second},
		"ready":        {Reading{Rate: 0.001, Report: progress.Report{State: progress.Ready, Ratio: half}}, 0},
		"not moving":   {Reading{Report: progress.Report{State: progress.Running, Ratio: half}}, 0},
		"no ratio":     {Reading{Rate: 0.001, Report: progress.Report{State: progress.Running}}, 0},
		"failed read":  {Reading{Rate: 0.001, Err: progress.AsError(errors.New("x")), Report: progress.Report{State: progress.Running, Ratio: half}}, 0},
		"for all time": {Reading{Rate: 1e-12, Report: progress.Report{State: progress.Running, Ratio: half}}, 0},
	} {
		if got := tc.reading.Left(); got != tc.want {
			t.Errorf("%s: %v left, want %v", name, got, tc.want)
		}
	}
}
