package recording

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/confidential"
)

// Staging is how a life is played: what differs from the configuration that was recorded.
type Staging struct {
	// URL returns where a target is asked. Nil: where it was.
	URL func(Target) string
	// StallAfter returns how long a target may stand still. Nil: as it was configured.
	StallAfter func(Target) time.Duration
	// Deadline returns when a target has to be done that had a deadline. Nil: when it had to.
	Deadline func(time.Time) time.Time
	// Descriptions are files with descriptions of products that the library does not have.
	Descriptions []string
}

// Config returns a configuration, as YAML, that reads the targets of the life.
func (l *Life) Config(s Staging) string {
	var b strings.Builder
	if len(s.Descriptions) > 0 {
		fmt.Fprintf(&b, "api_files: %s\n", inYAML(s.Descriptions))
	}
	b.WriteString("targets:\n")
	for _, t := range l.Head.Targets {
		address, stallAfter := t.URL, time.Duration(t.StallAfter)
		if s.URL != nil {
			address = s.URL(t)
		}
		if s.StallAfter != nil {
			stallAfter = s.StallAfter(t)
		}
		fmt.Fprintf(&b, "- name: %s\n  api: %s\n  url: %s\n  stall_after: %s\n", inYAML(t.Name), inYAML(t.API), inYAML(address), stallAfter.Round(time.Millisecond))
		if t.Deadline != nil {
			deadline := *t.Deadline
			if s.Deadline != nil {
				deadline = s.Deadline(deadline)
			}
			fmt.Fprintf(&b, "  deadline: %s\n", deadline.UTC().Format(time.RFC3339))
		}
		if t.MaxJobs > 0 {
			fmt.Fprintf(&b, "  max_jobs: %d\n", t.MaxJobs)
		}
		if len(t.Labels) > 0 {
			b.WriteString("  labels:\n")
			for _, name := range slices.Sorted(maps.Keys(t.Labels)) {
				fmt.Fprintf(&b, "    %s: %s\n", name, inYAML(t.Labels[name]))
			}
		}
		if len(t.Options) > 0 {
			fmt.Fprintf(&b, "  options: %s\n", strings.ReplaceAll(string(t.Options), confidential.Hidden, StandIn))
		}
	}
	return b.String()
}

// inYAML returns a value as YAML, of which JSON is a part.
func inYAML(v any) string {
	line, _ := lineOf(v) // texts are always JSON
	return strings.TrimSuffix(string(line), "\n")
}
