package ledger

import (
	"math"
	"slices"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

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
