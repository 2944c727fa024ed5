package ledger

import (
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// What a reload makes a single job of has no list any more, and the reverse.
func TestListBecomesAJob(t *testing.T) {
	c := newClock()
	q := newQueue(New(c.now), c)
	k := listKey
	k.Job = "a"
	q.ledger.Enter(k, &ledgerAPI) // probed
	q.read("a=running", "b=running")
	if q.ledger.probed != 0 || q.ledger.listed != 2 {
		t.Errorf("%d probed and %d listed jobs, want 0 and 2", q.ledger.probed, q.ledger.listed)
	}
	m, _ := q.ledger.Record(q.entry, c.good(progress.Report{State: progress.Running}))
	if len(m.Jobs) != 0 || q.ledger.listed != 0 || len(q.ledger.entries) != 1 {
		t.Errorf("%d jobs are known, %d listed and %d keys remembered, want 0, 0 and 1", len(m.Jobs), q.ledger.listed, len(q.ledger.entries))
	}
}

// A restart takes nothing away: not the ends, the errors and the names, and not when the
// product cannot be read.
func TestListsSurviveARestart(t *testing.T) {
	c, path := newClock(), filepath.Join(t.TempDir(), "memory")
	q, s := startQueue(path, c)
	q.read("a=running", "b=running", "c=failed")
	q.read("a=running", "b=failed", "c=failed")
	q.read("a=running", "c=failed")
	before := q.ledger.Recall(q.entry)
	s.Close()

	q, s = startQueue(path, c)
	if got := ends(q.fail()); got != "a=? b=?@seen c=?@before" {
		t.Errorf("after a restart and a failed read: %s", got)
	}
	after := q.ledger.Recall(q.entry)
	for i, j := range after.Jobs {
		old := before.Jobs[i]
		if j.Name != old.Name || !j.Memory.End.Equal(old.Memory.End) || !j.Memory.FirstSeen.Equal(old.Memory.FirstSeen) || cmp.Diff(old.Memory.JobErrors, j.Memory.JobErrors) != "" {
			t.Errorf("job %s was %+v, and is %+v", j.ID, old.Memory, j.Memory)
		}
	}
	// What ended while the exporter was away is news; what ended before it first looked is not.
	if got := ends(q.read("a=failed", "c=failed", "d=failed")); got != "a=failed@seen b=none@seen c=failed@before d=failed@seen" {
		t.Errorf("the next read: %s", got)
	}
	s.Close()
}

// A target that is not in use any more leaves nothing behind when its last scrape ends.
func TestListOfATargetThatIsGone(t *testing.T) {
	c := newClock()
	q := newQueue(New(c.now), c)
	q.read("a=running")
	q.ledger.Keep(nil, false)
	if got := q.read("a=running", "b=running"); got != "a=running b=running" {
		t.Errorf("its last scrape shows %s", got)
	}
	if len(q.ledger.entries) != 0 || q.ledger.listed != 0 {
		t.Errorf("%d keys and %d jobs stay", len(q.ledger.entries), q.ledger.listed)
	}
}

func TestNewWordsOfAList(t *testing.T) {
	c := newClock()
	q := newQueue(New(c.now), c)
	words := func(list ...string) []string {
		c.tick(time.Minute)
		r := c.good(progress.Report{})
		for i, w := range list {
			r.Jobs = append(r.Jobs, ListedJob{ID: strconv.Itoa(i), Result: c.good(progress.Report{State: progress.Unknown, Word: w})})
		}
		_, _, got := q.ledger.RecordList(listKey, &ledgerAPI, 200, q.entry, r)
		return got.Words
	}
	for _, tc := range []struct{ list, want []string }{
		{[]string{"odd", "odd", "even"}, []string{"even", "odd"}},
		{[]string{"odd", "odd", "even"}, nil},
		{[]string{"odd", "new", "even", "odd"}, []string{"new", "odd"}},
	} {
		if diff := cmp.Diff(tc.want, words(tc.list...)); diff != "" {
			t.Errorf("words of %q (-want +got):\n%s", tc.list, diff)
		}
	}
}
