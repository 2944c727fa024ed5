package ledger

import (
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// A job that cannot be read alone fails alone, is told of once, and is what it was when it
// can be read again.
func TestJobsThatFailAlone(t *testing.T) {
	c := newClock()
	q := newQueue(New(c.now), c)
	q.read("a=running", "b=running")
	broken := func() JobsNews {
		c.tick(time.Minute)
		r := c.good(progress.Report{})
		r.Jobs = []ListedJob{
			{ID: "a", Result: c.good(progress.Report{Job: "a", State: progress.Running})},
			{ID: "b", Result: &Result{Err: progress.Errorf(progress.Connect, "refused"), Started: c.at}},
		}
		_, changed, news := q.ledger.RecordList(listKey, &ledgerAPI, q.most, q.entry, r)
		if changed != NothingNew {
			t.Errorf("the list says %v", changed)
		}
		return news
	}
	if news := broken(); len(news.Failed) != 1 || news.Failed[0].ID != "b" {
		t.Errorf("told of %v, want b", news.Failed)
	}
	if news := broken(); len(news.Failed) != 0 {
		t.Errorf("told of %v once more", news.Failed)
	}
	if got, want := q.known(), "a=running b=?"; got != want {
		t.Errorf("known: %s, want %s", got, want)
	}
	for _, j := range q.ledger.Recall(q.entry).Jobs {
		if want := map[string]uint64{"a": 0, "b": 2}[j.ID]; uint64(j.Memory.Failures) != want {
			t.Errorf("%s: %v failures, want %d", j.ID, j.Memory.Failures, want)
		}
	}
	if got, want := q.read("a=running", "b=succeeded"), "a=running b=succeeded@604"; got != want {
		t.Errorf("known: %s, want %s", got, want)
	}
}
