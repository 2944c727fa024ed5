package main

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"progress_exporter/collector/progress"
)

// goal is what a person waits for: succeeded, ready, a ratio, or a lag. A job that has
// succeeded is past all of them.
type goal struct {
	text  string
	ready bool           // ready will do
	ratio float64        // and so will this ratio; 0: no ratio will
	lag   *time.Duration // and so will this lag or a smaller one; nil: none will
}

// Set takes the goal from the command line.
func (g *goal) Set(text string) error {
	*g = goal{text: text}
	switch text {
	case "succeeded":
		return nil
	case "ready":
		g.ready = true
		return nil
	}
	if value, ok := strings.CutPrefix(text, "ratio="); ok {
		ratio, err := strconv.ParseFloat(value, 64)
		if err == nil && ratio > 0 && ratio <= 1 {
			g.ratio = ratio
			return nil
		}
	}
	if value, ok := strings.CutPrefix(text, "lag="); ok {
		lag, err := time.ParseDuration(value)
		if err == nil && lag >= 0 {
			g.lag = &lag
			return nil
		}
	}
	return fmt.Errorf("--until is %q, want succeeded, ready, a ratio greater than 0 and at most 1 such as ratio=0.9, or a lag such as lag=5s", text)
}

// String returns the goal as it was given.
func (g *goal) String() string { return g.text }

// reached reports whether a job is there.
func (g *goal) reached(r *progress.Report) bool {
	switch r.State {
	case progress.Succeeded:
		return true
	case progress.Failed, progress.Cancelled:
		return false
	case progress.Ready:
		if g.ready {
			return true
		}
	}
	if g.lag != nil && r.Lag != nil && *r.Lag <= g.lag.Seconds() {
		return true
	}
	return g.ratio > 0 && r.Ratio != nil && *r.Ratio >= g.ratio
}
