package main

import (
	"fmt"
	"strings"
	"sync"
	"time"

	"progress_exporter/collector/status"
)

// changes writes a line whenever something about a job changes: text, or a JSON
// object. It is for output that is kept, such as a pipeline's log.
type changes struct {
	p    *program
	now  func() time.Time
	mu   sync.Mutex
	last map[string]string // of each target, without the time
}

func newChanges(p *program) *changes {
	return &changes{p: p, now: time.Now, last: map[string]string{}}
}

// tell writes a line about a reading, unless it would say the same as the last one
// about that target.
func (c *changes) tell(r *status.Job) {
	c.mu.Lock()
	defer c.mu.Unlock()
	line := describe(r)
	if line == c.last[r.Title()] {
		return
	}
	c.last[r.Title()] = line
	if c.p.output == "json" {
		writeJSON(c.p.stdout, newReport(r), "")
		return
	}
	fmt.Fprintf(c.p.stdout, "%s %s %s\n", c.now().Format(time.RFC3339), printable(r.Title()), line)
}

// describe says in a line where a job stands.
func describe(r *status.Job) string {
	parts := []string{r.Kind()}
	if r.Err != nil {
		return parts[0] + ": " + printable(r.Err.Error())
	}
	if done := r.Progress(); done != nil {
		parts = append(parts, percent(done))
	}
	if nodes := counted(&r.Report); nodes != absent {
		parts = append(parts, "nodes "+nodes)
	}
	if r.Report.ErrorCode != "" {
		parts = append(parts, "error "+printable(r.Report.ErrorCode))
	}
	for _, n := range r.Report.Nodes {
		if n.ErrorCode != "" {
			parts = append(parts, fmt.Sprintf("error %s on %s", printable(n.ErrorCode), printable(nodeName(&n))))
		}
	}
	return strings.Join(parts, ", ")
}
