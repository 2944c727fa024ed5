package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// line is what a line of the screen is about: a job, a node of one, or what the screen
// has no lines for.
type line struct {
	job    *status.Job
	node   *progress.Node
	hidden []*status.Job
}

func (l *line) name() string {
	switch {
	case l.node != nil:
		return "  " + nodeName(l.node)
	case l.job != nil:
		return titled(l.job)
	}
	return fmt.Sprintf("%d more", len(l.hidden))
}

func (l *line) ratio() *float64 {
	switch {
	case l.node != nil:
		return l.node.Ratio
	case l.job != nil:
		return l.job.Progress()
	}
	return nil
}

func (l *line) kind() string {
	switch {
	case l.node != nil:
		return l.node.Status
	case l.job != nil:
		return l.job.Kind()
	}
	return ""
}

// detail is made when a line is drawn, so that the times go on between two reads.
func (l *line) detail(now time.Time) string {
	switch {
	case l.node != nil:
		return l.node.ErrorCode
	case l.job != nil:
		return detail(l.job, now)
	}
	return tally(l.hidden)
}

// tally says how many jobs are of which kind.
func tally(jobs []*status.Job) string {
	number := map[string]int{}
	for _, r := range jobs {
		number[r.Kind()]++
	}
	var parts []string
	for _, kind := range palette.Kinds() {
		if number[kind.Word] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", number[kind.Word], kind.Word))
		}
	}
	return strings.Join(parts, ", ")
}

// layout chooses what a screen with room for so many lines shows. All jobs as they were
// asked for, and the nodes for which there are lines left; or else those jobs that want a
// look most, and how many others there are.
func layout(jobs []*status.Job, room int) []*line {
	if len(jobs) > room {
		urgent := slices.Clone(jobs)
		slices.SortStableFunc(urgent, func(a, b *status.Job) int { return cmp.Compare(urgency(a), urgency(b)) })
		shown := max(room-1, 0)
		lines := make([]*line, 0, shown+1)
		for _, r := range urgent[:shown] {
			lines = append(lines, &line{job: r})
		}
		return append(lines, &line{hidden: urgent[shown:]})
	}
	var lines []*line
	left := room - len(jobs)
	for _, r := range jobs {
		lines = append(lines, &line{job: r})
		nodes := r.Report.Nodes[:min(len(r.Report.Nodes), left)]
		for i := range nodes {
			lines = append(lines, &line{node: &nodes[i]})
		}
		left -= len(nodes)
	}
	return lines
}

// urgency is lower for what wants a look more.
func urgency(r *status.Job) int { return palette.Urgency(r.Kind()) }
