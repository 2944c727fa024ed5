package ledger

import (
	"testing"
	"time"
)

// The range lies around what is likely, and is there whenever that is.
func TestForecast(t *testing.T) {
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	var p pace
	if got := p.forecast(now); got != (forecast{}) {
		t.Errorf("nothing was seen, but %v", got)
	}
	for i := range 61 {
		ratio := 0.01 * float64(i)
		p.add(now.Add(time.Duration(i)*time.Minute), &ratio)
	}
	now = now.Add(time.Hour)
	got := p.forecast(now)
	if want := now.Add(40 * time.Minute); got.likely.Sub(want).Abs() > time.Second {
		t.Errorf("likely at %s, want %s", got.likely, want)
	}
	if early, late := got.early.Sub(now), got.late.Sub(now); early < 20*time.Minute || early > 35*time.Minute || late < 52*time.Minute || late > 75*time.Minute {
		t.Errorf("from %s to %s", early, late)
	}
	// It has stood for an hour since: nobody knows that it will not go on at once.
	now = now.Add(time.Hour)
	if later := p.forecast(now); !later.early.Before(later.likely) || !later.late.After(later.likely) || !later.late.After(got.late) {
		t.Errorf("an hour later: %v, before %v", later, got)
	}
	done := 1.0
	p.add(now, &done)
	if got := p.forecast(now); got != (forecast{}) {
		t.Errorf("it is done, but %v", got)
	}
}
