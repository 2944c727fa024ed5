package ledger

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/sanitize"
)

var ledgerAPI = progress.API{
	Name:           "test",
	ErrorCodes:     []string{"disk", "net"},
	NodeErrorCodes: []string{"disk"},
}

// clock is a time that a test moves.
type clock struct{ at time.Time }

func (c *clock) now() time.Time       { return c.at }
func (c *clock) tick(d time.Duration) { c.at = c.at.Add(d) }
func newClock() *clock                { return &clock{time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)} }
func (c *clock) good(r progress.Report) *Result {
	return &Result{Report: r, WorkHash: r.WorkHash(), NodeErrors: NodeErrors(r.Nodes, sanitize.LabelValue), Started: c.at}
}
func (c *clock) bad(reason progress.Reason, code string) *Result {
	return &Result{Err: &progress.Error{Reason: reason, Code: code}, Started: c.at}
}

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

// Dates are those of the end of a read: until then nobody knew.
func TestDatesAreOfTheEndOfARead(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test"}
	l.Record(l.Enter(k, &ledgerAPI), c.good(progress.Report{Job: "1", State: progress.Running}))
	c.tick(time.Minute)
	r := c.good(progress.Report{Job: "1", State: progress.Succeeded})
	r.Duration = 7 * time.Second
	m, _ := l.Record(l.Enter(k, &ledgerAPI), r)
	if want := c.at.Add(7 * time.Second); !m.LastRead.Equal(want) || !m.LastChange.Equal(want) || !m.End.Equal(want) {
		t.Errorf("good read %v, change %v, end %v; want %v", m.LastRead, m.LastChange, m.End, want)
	}
}

// The pace is that of one run of the job, at work.
func TestRateOfAJob(t *testing.T) {
	step := func(job string, s progress.State, percent float64) progress.Report {
		return progress.Report{Job: job, State: s, Ratio: progress.Ptr(percent / 100)}
	}
	const r, w = progress.Running, progress.Ready
	for _, tc := range []struct {
		name  string
		reads []progress.Report // one a minute
		want  float64
	}{
		{"at work", []progress.Report{step("1", r, 6), step("1", r, 12), step("1", r, 18), step("1", r, 24)}, 0.001},
		{"ready is at work", []progress.Report{step("1", r, 6), step("1", w, 12), step("1", w, 18), step("1", r, 24)}, 0.001},
		{"a pause is not", []progress.Report{step("1", r, 6), step("1", r, 12), step("1", progress.Paused, 12), step("1", r, 18), step("1", r, 24), step("1", r, 30)}, 0},
		{"another job", []progress.Report{step("1", r, 6), step("1", r, 12), step("1", r, 18), step("2", r, 24)}, 0},
	} {
		c := newClock()
		l, k := New(c.now), Key{Target: "t", API: "test"}
		m := l.Recall(l.Enter(k, &ledgerAPI))
		for _, report := range tc.reads {
			c.tick(time.Minute)
			m, _ = l.Record(l.Enter(k, &ledgerAPI), c.good(report))
		}
		if math.Abs(m.Rate-tc.want) > 1e-9 {
			t.Errorf("%s: %v per second, want %v", tc.name, m.Rate, tc.want)
		}
	}
}

func TestDates(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test"}
	l.Enter(k, &ledgerAPI)
	begin := c.at
	at := func(minutes int) time.Time { return begin.Add(time.Duration(minutes) * time.Minute) }
	half, more := progress.Ptr(0.5), progress.Ptr(0.6)
	for _, step := range []struct {
		name              string
		read              func() *Result
		change, end, good time.Time
	}{
		{"first sight", func() *Result { return c.good(progress.Report{Job: "1", State: progress.Running, Ratio: half}) }, at(1), time.Time{}, at(1)},
		{"nothing moves", func() *Result { return c.good(progress.Report{Job: "1", State: progress.Running, Ratio: half}) }, at(1), time.Time{}, at(2)},
		{"ready is no work", func() *Result { return c.good(progress.Report{Job: "1", State: progress.Ready, Ratio: half}) }, at(1), time.Time{}, at(3)},
		{"a moving total is no work", func() *Result {
			return c.good(progress.Report{Job: "1", State: progress.Running, Ratio: half, TotalBytes: more})
		}, at(1), time.Time{}, at(4)},
		{"it moves", func() *Result { return c.good(progress.Report{Job: "1", State: progress.Running, Ratio: more}) }, at(5), time.Time{}, at(5)},
		{"a failed read", func() *Result { return c.bad(progress.Timeout, "") }, at(5), time.Time{}, at(5)},
		{"the end", func() *Result { return c.good(progress.Report{Job: "1", State: progress.Succeeded}) }, at(7), at(7), at(7)},
		{"still ended", func() *Result { return c.good(progress.Report{Job: "1", State: progress.Succeeded}) }, at(7), at(7), at(8)},
		{"a failed read after the end", func() *Result { return c.bad(progress.Connect, "") }, at(7), at(7), at(8)},
		{"forgotten", func() *Result { return c.good(progress.Report{State: progress.None}) }, at(10), at(7), at(10)},
		{"a new job", func() *Result { return c.good(progress.Report{Job: "2", State: progress.Pending}) }, at(11), time.Time{}, at(11)},
		{"cancelled", func() *Result { return c.good(progress.Report{Job: "2", State: progress.Cancelled}) }, at(12), at(12), at(12)},
		{"taken up again", func() *Result { return c.good(progress.Report{Job: "2", State: progress.Running}) }, at(13), time.Time{}, at(13)},
		{"ended again", func() *Result { return c.good(progress.Report{Job: "2", State: progress.Failed}) }, at(14), at(14), at(14)},
		{"a new job that has ended", func() *Result { return c.good(progress.Report{Job: "3", State: progress.Failed}) }, at(15), at(15), at(15)},
		{"a new job that is not there yet", func() *Result { return c.good(progress.Report{Job: "4", State: progress.None}) }, at(16), time.Time{}, at(16)},
	} {
		c.tick(time.Minute)
		m, _ := l.Record(l.Enter(k, &ledgerAPI), step.read())
		if !m.LastChange.Equal(step.change) || !m.End.Equal(step.end) || !m.LastRead.Equal(step.good) {
			t.Errorf("%s: change %v, end %v, good read %v; want %v, %v, %v", step.name, m.LastChange, m.End, m.LastRead, step.change, step.end, step.good)
		}
	}
}

func TestChangesWorthALogLine(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test"}
	l.Enter(k, &ledgerAPI)
	unknown := func(word string) *Result { return c.good(progress.Report{State: progress.Unknown, Word: word}) }
	for _, step := range []struct {
		name string
		read *Result
		want Change
	}{
		{"good", c.good(progress.Report{State: progress.Running, Word: "busy"}), NothingNew},
		{"fails", c.bad(progress.Timeout, ""), NewFailure},
		{"fails again", c.bad(progress.Timeout, ""), NothingNew},
		{"fails of something else", c.bad(progress.Connect, ""), NewFailure},
		{"product's error", c.bad(progress.APIError, "a"), NewFailure},
		{"another", c.bad(progress.APIError, "b"), NewFailure},
		{"recovers", c.good(progress.Report{State: progress.Running}), Recovered},
		{"fails once more", c.bad(progress.Timeout, ""), NewFailure},
		{"recovers with an unknown word", unknown("w"), UnknownWord},
		{"unknown word", unknown("x"), UnknownWord},
		{"the same", unknown("x"), NothingNew},
		{"another", unknown("y"), UnknownWord},
		{"known", c.good(progress.Report{State: progress.Running, Word: "busy"}), NothingNew},
		{"unknown again", unknown("y"), UnknownWord},
	} {
		if _, got := l.Record(l.Enter(k, &ledgerAPI), step.read); got != step.want {
			t.Errorf("%s: %v, want %v", step.name, got, step.want)
		}
	}
}

// Of a field that cannot be read somebody is told once, and of no other in vain.
func TestNewUnread(t *testing.T) {
	c := newClock()
	l, k := New(c.now), Key{Target: "t", API: "test"}
	e := l.Enter(k, &ledgerAPI)
	a, b := progress.Unread{Field: "a", Kind: progress.NumberField}, progress.Unread{Field: "b", Kind: progress.TextField}
	for i, step := range []struct{ read, want []progress.Unread }{
		{nil, nil}, {[]progress.Unread{a}, []progress.Unread{a}}, {[]progress.Unread{a}, nil}, {nil, nil},
		{[]progress.Unread{b, a}, []progress.Unread{b}}, {[]progress.Unread{a, b}, nil},
	} {
		if got := l.NewUnread(e, c.good(progress.Report{Unread: step.read})); !slices.Equal(got, step.want) {
			t.Errorf("step %d: %v, want %v", i, got, step.want)
		}
	}
	if got := l.NewUnread(l.Enter(Key{Target: "u", API: "test"}, &ledgerAPI), c.good(progress.Report{Unread: []progress.Unread{a}})); len(got) != 1 {
		t.Errorf("another target: %v, want the field", got)
	}
}
