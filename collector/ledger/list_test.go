package ledger

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

var listKey = Key{Target: "t", API: "test", Home: "h"}

// queue is a list that a test plays.
type queue struct {
	ledger *Ledger
	clock  *clock
	entry  *Entry
	most   int
}

func newQueue(l *Ledger, c *clock) *queue {
	return &queue{l, c, l.Enter(listKey, &ledgerAPI), 200}
}

// startQueue returns a list whose memory goes on with a file, as after a restart.
func startQueue(path string, c *clock) (*queue, *Saver) {
	l := New(c.now)
	s := NewSaver(path, l, &fileWatch{}, log.NewNopLogger(), c.now)
	return newQueue(l, c), s
}

// read records a list, each job as ID=STATE and cut ones as ID alone, a minute after the
// one before, and returns what is known of it then.
func (q *queue) read(jobs ...string) string {
	q.clock.tick(time.Minute)
	r := q.clock.good(progress.Report{})
	for _, j := range jobs {
		id, word, there := strings.Cut(j, "=")
		if !there {
			r.CutJobs = append(r.CutJobs, id)
			continue
		}
		state, _ := progress.ParseState(word)
		code := ""
		if state == progress.Failed {
			code = "disk"
		}
		r.Jobs = append(r.Jobs, ListedJob{ID: id, Name: "job " + id, Result: q.clock.good(progress.Report{Job: id, State: state, Word: word, ErrorCode: code})})
	}
	return q.record(r)
}

func (q *queue) fail() string {
	q.clock.tick(time.Minute)
	return q.record(&Result{Err: progress.Errorf(progress.Connect, "refused"), Started: q.clock.at})
}

func (q *queue) record(r *Result) string {
	q.ledger.RecordList(listKey, &ledgerAPI, q.most, q.entry, r)
	return q.known()
}

// known says of each job its state, or that it could not be read, and when it ended: how
// many minutes after noon, or before it was first seen.
func (q *queue) known() string {
	var said []string
	for _, j := range q.ledger.Recall(q.entry).Jobs {
		state := j.Report.State.String()
		if j.Err != nil {
			state = "?"
		}
		text := j.ID + "=" + state
		switch {
		case !j.Memory.End.IsZero():
			text += fmt.Sprint("@", j.Memory.End.Sub(j.Memory.Created.Truncate(24*time.Hour)).Truncate(time.Minute).Minutes())
		case j.Memory.Ended:
			text += "@before"
		}
		said = append(said, text)
	}
	return strings.Join(said, " ")
}

// ends is known with the dates of ends as no more than a mark.
func ends(known string) string {
	var b strings.Builder
	for _, f := range strings.Fields(known) {
		job, at, ended := strings.Cut(f, "@")
		if ended && at != "before" {
			job += "@seen"
		} else if ended {
			job += "@before"
		}
		b.WriteString(job + " ")
	}
	return strings.TrimSpace(b.String())
}

func TestListedJobs(t *testing.T) {
	c := newClock()
	q := newQueue(New(c.now), c)
	for i, step := range []struct {
		got, want string
	}{
		{q.read("a=running", "b=failed"), "a=running b=failed@before"},
		{q.read("b=failed", "a=running", "c=pending"), "a=running b=failed@before c=pending"},
		{q.read("a=succeeded", "b=failed", "c=running", "d=failed"), "a=succeeded@seen b=failed@before c=running d=failed@seen"}, // d came and failed between two reads
		{q.fail(), "a=?@seen b=?@before c=? d=?@seen"},
		{q.read("c=running", "d=failed"), "a=none@seen b=none@before c=running d=failed@seen"},
		{q.read("c=running", "a=running"), "a=running b=none@before c=running d=none@seen"}, // a goes on
		{q.read("c"), "a=none b=none@before d=none@seen"},                                   // c is in the list, but cut
		{q.read("c=running"), "a=none b=none@before c=running d=none@seen"},
		{q.read(), "a=none b=none@before c=none d=none@seen"},
	} {
		if got := ends(step.got); got != step.want {
			t.Errorf("read %d: %s; want %s", i, got, step.want)
		}
	}
	c.tick(listMemory)
	if got := ends(q.read("c=running")); got != "c=running" {
		t.Errorf("an hour later: %s; want c alone", got)
	}
	if n := q.ledger.Jobs(); n != 2 { // the list and the job
		t.Errorf("%d jobs, want 2", n)
	}
}

// Counters of a job exist at 0, count edges and not reads, and go on over a failed read.
func TestListedJobsCount(t *testing.T) {
	c := newClock()
	q := newQueue(New(c.now), c)
	q.read("a=running")
	count := func() float64 {
		for _, code := range q.ledger.Recall(q.entry).Jobs[0].Memory.JobErrors {
			if code.Code == "disk" {
				return code.Count
			}
		}
		return -1
	}
	got := []float64{count()}
	for _, read := range []func() string{func() string { return q.read("a=failed") }, q.fail, func() string { return q.read("a=failed") }, func() string { return q.read("a=running") }, func() string { return q.read("a=failed") }} {
		read()
		got = append(got, count())
	}
	if diff := cmp.Diff([]float64{0, 1, 1, 1, 1, 2}, got); diff != "" {
		t.Errorf("errors counted (-want +got):\n%s", diff)
	}
	m := q.ledger.Recall(q.entry).Jobs[0].Memory
	if m.Reads != 6 || m.Failures != 1 {
		t.Errorf("%v reads, %v failed; want 6 and 1", m.Reads, m.Failures)
	}
}

// A job that stands still in a list that moves has stalled.
func TestListedJobsStandStill(t *testing.T) {
	c := newClock()
	q := newQueue(New(c.now), c)
	for i := range 30 {
		c.tick(time.Minute)
		r := c.good(progress.Report{})
		for id, hash := range map[string]float64{"moves": float64(i), "stands": 7} {
			own := c.good(progress.Report{Job: id, State: progress.Running})
			own.WorkHash = hash
			r.Jobs = append(r.Jobs, ListedJob{ID: id, Result: own})
		}
		q.record(r)
	}
	for _, j := range q.ledger.Recall(q.entry).Jobs {
		if got, want := j.Memory.Stalled(15*time.Minute), j.ID == "stands"; got != want {
			t.Errorf("%s has stalled: %v, want %v", j.ID, got, want)
		}
	}
}

// However many jobs come and go, what is remembered is bounded, and the last that left
// are kept.
func TestListsAreBounded(t *testing.T) {
	c := newClock()
	q := newQueue(New(c.now), c)
	q.most = 3
	for i := range 50 {
		q.read(fmt.Sprintf("%03d=running", i), fmt.Sprintf("cut%d", i))
	}
	if got := ends(q.known()); got != "046=none 047=none 048=none 049=running" {
		t.Errorf("%s", got)
	}
	if len(q.entry.list.jobs) != 4 || len(q.ledger.entries) != 5 || q.ledger.listed != 4 {
		t.Errorf("%d, %d and %d jobs are remembered, want 4, 5 and 4", len(q.entry.list.jobs), len(q.ledger.entries), q.ledger.listed)
	}
	if m := q.ledger.Recall(q.entry); m.CutJobs != 1 {
		t.Errorf("%d jobs are cut, want 1", m.CutJobs)
	}
}

// Jobs that are probed and jobs of lists do not take each other's place.
func TestListedAndProbedJobs(t *testing.T) {
	c := newClock()
	l := New(c.now)
	var jobs []string
	for i := range 1000 {
		jobs = append(jobs, fmt.Sprintf("%d=running", i))
	}
	var lists []*queue
	for i := range maxListed/1000 + 1 {
		k := listKey
		k.Target = strconv.Itoa(i)
		q := &queue{l, c, l.Enter(k, &ledgerAPI), 1000}
		r := c.good(progress.Report{})
		for _, j := range jobs {
			r.Jobs = append(r.Jobs, ListedJob{ID: j, Result: c.good(progress.Report{Job: j, State: progress.Running})})
		}
		l.RecordList(k, &ledgerAPI, q.most, q.entry, r)
		lists = append(lists, q)
	}
	for i := range maxJobs + 10 {
		l.Enter(Key{Target: "probed", API: "test", Job: strconv.Itoa(i)}, &ledgerAPI)
	}
	if l.probed != maxJobs || l.listed != maxListed {
		t.Errorf("%d jobs are probed and %d listed, want %d and %d", l.probed, l.listed, maxJobs, maxListed)
	}
	last := l.Recall(lists[len(lists)-1].entry)
	if n := len(l.Recall(lists[0].entry).Jobs); n != 1000 || len(last.Jobs) != 0 || last.CutJobs != 1000 {
		t.Errorf("the first list has %d jobs, the last one %d, and %d of it are cut; want 1000, 0 and 1000", n, len(last.Jobs), last.CutJobs)
	}
	c.tick(2 * jobMemory)
	l.Enter(Key{Target: "other", API: "test", Job: "1"}, &ledgerAPI)
	if l.probed != 1 || l.listed != maxListed {
		t.Errorf("two days later %d jobs are probed and %d listed, want 1 and %d", l.probed, l.listed, maxListed)
	}
	l.Keep(nil, false)
	if len(l.entries) != 0 || l.probed != 0 || l.listed != 0 {
		t.Errorf("without targets %d keys, %d probed and %d listed jobs stay", len(l.entries), l.probed, l.listed)
	}
}
