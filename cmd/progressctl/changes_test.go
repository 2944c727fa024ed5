package main

import (
	"bytes"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

func TestChanges(t *testing.T) {
	working := reading(progress.Running, 0)
	working.Target = "a\x1b"
	again := working
	again.LastRead, again.Report.Lag = noon.Add(time.Second), progress.Ptr(7.0)
	troubled := withCode(working, "x\r")
	troubled.Report.NodeCount, troubled.Report.Nodes = progress.Ptr(2.0), []progress.Node{{ID: "1"}, {Name: "n\n", ErrorCode: "disk"}}
	other := reading(progress.Running, 0)
	unreadable := failing()

	var out bytes.Buffer
	c := newChanges(&program{stdout: &out})
	c.now = func() time.Time { return noon }
	for _, r := range []*status.Job{&working, &again, &other, &working, &troubled, &working, &unreadable, &unreadable, &other} {
		c.tell(r)
	}
	const want = `2026-05-12T12:00:00Z a\x1b running, 50.0 %
2026-05-12T12:00:00Z a running, 50.0 %
2026-05-12T12:00:00Z a\x1b running, 50.0 %, nodes ?/2, error x\r, error disk on n\n
2026-05-12T12:00:00Z a\x1b running, 50.0 %
2026-05-12T12:00:00Z a cannot be read: connect: no connection
2026-05-12T12:00:00Z a running, 50.0 %
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
