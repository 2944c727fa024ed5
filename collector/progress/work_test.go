package progress

import (
	"testing"
	"time"
)

func report(change func(*Report)) *Report {
	r := &Report{
		Job: "1", State: Running, Ratio: Ptr(0.5), NodesCompleted: Ptr(1.0),
		Nodes: []Node{{ID: "a", Name: "x", Status: "running"}, {ID: "b", Ratio: Ptr(0.5)}},
	}
	r.Work.Text("phase", "copy")
	change(r)
	return r
}

func TestWorkHash(t *testing.T) {
	base := report(func(*Report) {}).WorkHash()
	for _, tc := range []struct {
		name  string
		moves bool
		with  func(*Report)
	}{
		{"nothing", false, func(*Report) {}},
		{"another job", true, func(r *Report) { r.Job = "2" }},
		{"state", true, func(r *Report) { r.State = Paused }},
		{"ready is running", false, func(r *Report) { r.State = Ready }},
		{"ratio", true, func(r *Report) { r.Ratio = Ptr(0.51) }},
		{"ratio absent", true, func(r *Report) { r.Ratio = nil }},
		{"nodes completed", true, func(r *Report) { r.NodesCompleted = Ptr(2.0) }},
		{"node count", false, func(r *Report) { r.NodeCount = Ptr(9.0) }},
		{"a node's status", true, func(r *Report) { r.Nodes[0].Status = "done" }},
		{"a node's ratio", true, func(r *Report) { r.Nodes[1].Ratio = Ptr(0.6) }},
		{"a node's date", true, func(r *Report) { r.Nodes[0].Work.Time("updated", time.Unix(1, 0)) }},
		{"a node gone", true, func(r *Report) { r.Nodes = r.Nodes[:1] }},
		{"nodes in another order", false, func(r *Report) { r.Nodes[0], r.Nodes[1] = r.Nodes[1], r.Nodes[0] }},
		{"total bytes", false, func(r *Report) { r.TotalBytes = Ptr(9.0) }},
		{"lag", false, func(r *Report) { r.Lag = Ptr(9.0) }},
		{"error code", false, func(r *Report) { r.ErrorCode = "x" }},
		{"the product's word", false, func(r *Report) { r.Word = "x" }},
		{"phase", true, func(r *Report) { r.Work = 0; r.Work.Text("phase", "apply") }},
		{"a count not said", false, func(r *Report) { r.Work.Number("events", nil) }},
		{"a count of 0", true, func(r *Report) { r.Work.Number("events", Ptr(0.0)) }},
		{"a date not said", false, func(r *Report) { r.Work.Time("action", time.Time{}) }},
	} {
		if got := report(tc.with).WorkHash(); (got != base) != tc.moves {
			t.Errorf("%s: moves %v, want %v", tc.name, got != base, tc.moves)
		}
	}
}

// The ratio of a job that reports bytes moves with the total, which is no work.
func TestWorkHashOfBytes(t *testing.T) {
	hash := func(copied, total float64) float64 {
		return (&Report{CopiedBytes: &copied, TotalBytes: &total, Ratio: Ptr(copied / total)}).WorkHash()
	}
	if hash(10, 100) != hash(10, 120) {
		t.Error("a moving total counts as work")
	}
	if hash(10, 100) == hash(11, 100) {
		t.Error("copied bytes do not count as work")
	}
}

// Dashboards and rules compare the number across restarts and releases.
func TestWorkHashIsStable(t *testing.T) {
	got := report(func(*Report) {}).WorkHash()
	if got != float64(uint64(got)) || got >= 1<<53 {
		t.Errorf("%v does not fit a float64 exactly", got)
	}
	if want := 7869766929148053.0; got != want {
		t.Errorf("work hash %.0f, want %.0f: every job would seem to have moved after an upgrade", got, want)
	}
}

func TestWorkOfDates(t *testing.T) {
	at := time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)
	seen := map[Work]time.Time{}
	for _, d := range []time.Duration{0, time.Nanosecond, time.Second, time.Minute} {
		var w Work
		w.Time("updated", at.Add(d))
		if other, ok := seen[w]; ok {
			t.Errorf("%v and %v have one hash", other, at.Add(d))
		}
		seen[w] = at.Add(d)
	}
}

func TestWorkSeparatesKeyAndValue(t *testing.T) {
	var a, b Work
	a.Text("ab", "c")
	b.Text("a", "bc")
	if a == b {
		t.Error("ab,c and a,bc have one hash")
	}
}
