package ledger

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

func counts(list []CodeCount) map[string]float64 {
	m := map[string]float64{}
	for _, c := range list {
		m[c.Code] = c.Count
	}
	return m
}

func TestErrorEdges(t *testing.T) {
	running := func(job, code string, nodes ...string) func(*clock) *Result {
		return func(c *clock) *Result {
			r := progress.Report{Job: job, State: progress.Running, ErrorCode: code}
			for i, n := range nodes {
				r.Nodes = append(r.Nodes, progress.Node{ID: string(rune('a' + i)), ErrorCode: n})
			}
			return c.good(r)
		}
	}
	nodes := func(list ...progress.Node) func(*clock) *Result { // all with the code disk
		return func(c *clock) *Result {
			for i := range list {
				list[i].ErrorCode = "disk"
			}
			return c.good(progress.Report{State: progress.Running, Nodes: list})
		}
	}
	fails := func(c *clock) *Result { return c.bad(progress.Timeout, "") }
	forgotten := func(c *clock) *Result { return c.good(progress.Report{State: progress.None}) }
	for _, tc := range []struct {
		name  string
		reads []func(*clock) *Result
		job   map[string]float64
		node  map[string]float64
	}{
		{"documented codes exist at 0", nil, map[string]float64{"disk": 0, "net": 0}, map[string]float64{"disk": 0}},
		{"the first sight counts", []func(*clock) *Result{running("1", "disk")}, map[string]float64{"disk": 1, "net": 0}, map[string]float64{"disk": 0}},
		{"the same code again does not", []func(*clock) *Result{running("1", "disk"), running("1", "disk")}, map[string]float64{"disk": 1, "net": 0}, map[string]float64{"disk": 0}},
		{"another code does", []func(*clock) *Result{running("1", "disk"), running("1", "net")}, map[string]float64{"disk": 1, "net": 1}, map[string]float64{"disk": 0}},
		{"gone and back counts again", []func(*clock) *Result{running("1", "disk"), running("1", ""), running("1", "disk")}, map[string]float64{"disk": 2, "net": 0}, map[string]float64{"disk": 0}},
		{"a failed read changes nothing", []func(*clock) *Result{running("1", "disk"), fails, running("1", "disk")}, map[string]float64{"disk": 1, "net": 0}, map[string]float64{"disk": 0}},
		{"a new job starts afresh", []func(*clock) *Result{running("1", "disk"), running("2", "disk")}, map[string]float64{"disk": 2, "net": 0}, map[string]float64{"disk": 0}},
		{"a forgotten job is no new one", []func(*clock) *Result{running("1", ""), forgotten, running("1", "disk")}, map[string]float64{"disk": 1, "net": 0}, map[string]float64{"disk": 0}},
		{"an undocumented code", []func(*clock) *Result{running("1", "odd")}, map[string]float64{"disk": 0, "net": 0, "odd": 1}, map[string]float64{"disk": 0}},
		{"nodes count by node and code", []func(*clock) *Result{running("1", "", "disk", "disk"), running("1", "", "disk", "net"), running("1", "", "", "net"), running("1", "", "disk", "net")},
			map[string]float64{"disk": 0, "net": 0}, map[string]float64{"disk": 3, "net": 1}},
		{"a node's code gone and back counts again", []func(*clock) *Result{running("1", "", "disk"), running("1", "", ""), running("1", "", "disk")},
			map[string]float64{"disk": 0, "net": 0}, map[string]float64{"disk": 2}},
		{"nodes that share a name", []func(*clock) *Result{nodes(progress.Node{ID: "a", Name: "n"}), nodes(progress.Node{ID: "a", Name: "n"}, progress.Node{ID: "b", Name: "n"})},
			map[string]float64{"disk": 0, "net": 0}, map[string]float64{"disk": 2}},
		{"nodes without an ID", []func(*clock) *Result{nodes(progress.Node{Name: "m"}), nodes(progress.Node{Name: "m"}, progress.Node{Name: "n"})},
			map[string]float64{"disk": 0, "net": 0}, map[string]float64{"disk": 2}},
		{"nodes of a new job", []func(*clock) *Result{running("1", "", "disk"), running("2", "", "disk")}, map[string]float64{"disk": 0, "net": 0}, map[string]float64{"disk": 2}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := newClock()
			l, k := New(c.now), Key{Target: "t", API: "test"}
			m := l.Recall(l.Enter(k, &ledgerAPI))
			for _, read := range tc.reads {
				c.tick(time.Second)
				m, _ = l.Record(l.Enter(k, &ledgerAPI), read(c))
			}
			if diff := cmp.Diff(tc.job, counts(m.JobErrors)); diff != "" {
				t.Errorf("job errors (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.node, counts(m.NodeErrors)); diff != "" {
				t.Errorf("node errors (-want +got):\n%s", diff)
			}
		})
	}
}

// More nodes fail than are shown, and the product lists them in another order each time:
// nothing is new.
func TestErrorsBeyondTheBoundOfNodes(t *testing.T) {
	for _, failing := range []int{sanitize.MaxNodes + 100, maxNodeErrors + 100} {
		c := newClock()
		l, k := New(c.now), Key{Target: "t", API: "test"}
		var m Memory
		for i := range 4 {
			nodes := make([]progress.Node, failing)
			for n := range nodes {
				at := n
				if i%2 == 1 {
					at = failing - 1 - n
				}
				nodes[at] = progress.Node{ID: strconv.Itoa(n), ErrorCode: "disk"}
			}
			res := c.good(progress.Report{State: progress.Running, Nodes: nodes})
			res.Dropped = sanitize.New(nil).Report(&res.Report, nil, nil)
			m, _ = l.Record(l.Enter(k, &ledgerAPI), res)
			c.tick(time.Second)
		}
		if got, want := counts(m.NodeErrors)["disk"], float64(min(failing, maxNodeErrors)); got != want {
			t.Errorf("%d failing nodes count %v errors in four reads, want %v", failing, got, want)
		}
	}
}

func TestLateReadIsIgnored(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test"}
	l.Enter(k, &ledgerAPI)
	old := c.good(progress.Report{State: progress.Running, ErrorCode: "disk"})
	c.tick(time.Second)
	l.Record(l.Enter(k, &ledgerAPI), c.good(progress.Report{State: progress.Running}))
	m, changed := l.Record(l.Enter(k, &ledgerAPI), old)
	if changed != NothingNew || counts(m.JobErrors)["disk"] != 0 {
		t.Errorf("a read that began before the last one applied counted: %v, %v", changed, m.JobErrors)
	}
	if m.Reads != 2 {
		t.Errorf("reads = %v, want 2: it was a read all the same", m.Reads)
	}
	if o := l.Last(l.Enter(k, &ledgerAPI)); o.Result == old {
		t.Error("it is the last read")
	}
}

func TestCodesAreBounded(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test"}
	m := l.Recall(l.Enter(k, &ledgerAPI))
	for i := range 100 {
		c.tick(time.Second)
		m, _ = l.Record(l.Enter(k, &ledgerAPI), c.good(progress.Report{State: progress.Running, ErrorCode: string(rune('A' + i))}))
	}
	got := counts(m.JobErrors)
	if len(got) != 2+maxCodes+1 {
		t.Errorf("%d codes, want the 2 documented, %d others and %q", len(got), maxCodes, otherCode)
	}
	if got[otherCode] != 100-maxCodes {
		t.Errorf("%s = %v, want %d", otherCode, got[otherCode], 100-maxCodes)
	}
}

// The code of a failed read is a label of progress_scrape_failure, so that it is
// bounded like those of the job, and gone with the failure that had it.
func TestCodesOfFailures(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test"}
	l.Enter(k, &ledgerAPI)
	got := map[string]bool{}
	for i := range 100 {
		m, _ := l.Record(l.Enter(k, &ledgerAPI), c.bad(progress.APIError, string(rune('A'+i))))
		got[m.FailureCode] = true
	}
	if len(got) != maxCodes+1 || !got[otherCode] {
		t.Errorf("%d codes, want %d and %q: %v", len(got), maxCodes, otherCode, got)
	}
	if m, _ := l.Record(l.Enter(k, &ledgerAPI), c.bad(progress.Timeout, "")); m.FailureCode != "" {
		t.Errorf("a failure without a code has that of the one before, %q", m.FailureCode)
	}
	k.Target = "u"
	l.Enter(k, &ledgerAPI)
	if m, _ := l.Record(l.Enter(k, &ledgerAPI), c.bad(progress.APIError, "a\xff"+strings.Repeat("b", 200))); m.FailureCode != sanitize.LabelValue("a\uFFFD"+strings.Repeat("b", 200)) {
		t.Errorf("failure code %q is no label value", m.FailureCode)
	}
}

// What a view was given stays as it was: it is exposed while reads go on.
func TestCountsOfAViewStay(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test"}
	before := l.Recall(l.Enter(k, &ledgerAPI))
	l.Record(l.Enter(k, &ledgerAPI), c.good(progress.Report{State: progress.Running, ErrorCode: "disk"}))
	if got := counts(before.JobErrors)["disk"]; got != 0 {
		t.Errorf("a count of an earlier view became %v", got)
	}
	if !before.Created.Equal(c.at) {
		t.Errorf("the counters began at %v, want %v", before.Created, c.at)
	}
}
