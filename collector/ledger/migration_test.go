package ledger

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// shards are the processes of one migration, and a job that has nothing to do with it.
type shards struct {
	*clock
	ledger *Ledger
	list   []Member
}

func newShards(names ...string) *shards {
	s := &shards{clock: newClock()}
	s.ledger = New(s.now)
	for _, name := range append(names, "alone") {
		m := Member{s.ledger.Enter(Key{Target: name, API: "test"}, &ledgerAPI), "test", "orders"}
		if name == "alone" {
			m.Migration = ""
		}
		s.list = append(s.list, m)
	}
	s.ledger.Join(s.list)
	return s
}

// copies records that a process has copied so much of 100 bytes.
func (s *shards) copies(shard int, copied float64) Memory {
	total := 100.0
	m, _ := s.ledger.Record(s.list[shard].Entry, s.good(progress.Report{State: progress.Running, CopiedBytes: &copied, TotalBytes: &total}))
	return m
}

func (s *shards) fails(shard int) {
	s.ledger.Record(s.list[shard].Entry, s.bad(progress.Connect, ""))
}

// A process that has finished its share stands still while others work: they stall
// together.
func TestMigrationStallsAsOne(t *testing.T) {
	s := newShards("a", "b")
	s.copies(0, 40)
	s.copies(1, 10)
	for i := range 20 {
		s.tick(time.Minute)
		s.copies(1, 11+float64(i))
		if m := s.copies(0, 40); m.Undecided || m.Stalled(15*time.Minute) {
			t.Fatalf("a stalled while b worked: still since %v", m.Still)
		}
	}
	moved := s.at
	for range 16 {
		s.tick(time.Minute)
		s.copies(1, 30)
		s.copies(0, 40)
	}
	for shard := range 2 {
		if m := s.ledger.Recall(s.list[shard].Entry); !m.Stalled(15*time.Minute) || !m.Still.Equal(moved) {
			t.Errorf("shard %d stands still since %v, want %v", shard, m.Still, moved)
		}
	}
}

// What is not known of another process is no permission to wake somebody.
func TestMigrationNeedsAllItsParts(t *testing.T) {
	for _, tc := range []struct {
		name string
		b    func(s *shards, minute int)
		want Verdict
	}{
		{"never read, but this process is young", func(*shards, int) {}, Verdict{Undecided: true}},
		{"it fails", func(s *shards, _ int) { s.fails(1) }, Verdict{Undecided: true}},
		{"it fails now", func(s *shards, minute int) {
			if minute < 9 {
				s.copies(1, 10)
			} else {
				s.fails(1)
			}
		}, Verdict{Undecided: true, Whole: progress.Ptr(0.5)}},
		{"read well", func(s *shards, _ int) { s.copies(1, 10) }, Verdict{Still: newClock().at, Whole: progress.Ptr(0.5)}},
	} {
		s := newShards("a", "b")
		var got Memory
		for minute := range 10 {
			tc.b(s, minute)
			got = s.copies(0, 40)
			s.tick(time.Minute)
		}
		if diff := cmp.Diff(tc.want, got.Verdict); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
	s := newShards("a", "b")
	s.copies(1, 10)
	s.copies(0, 40)
	s.tick(lookLag + time.Second)
	if m := s.copies(0, 40); !m.Undecided {
		t.Errorf("decided by a read that is %v old", lookLag+time.Second)
	}
}

// Where exporters share targets by hash, each is asked for some of them alone.
func TestMigrationWithoutPartsThatAreReadElsewhere(t *testing.T) {
	s := newShards("a", "b")
	begin := s.at
	var m Memory
	for range 12 {
		m = s.copies(0, 40)
		s.tick(time.Minute)
	}
	if m.Undecided || !m.Still.Equal(begin) {
		t.Errorf("%+v, want a standstill since %v", m.Verdict, begin)
	}
}

// No process reaches ratio 1, and all are done together.
func TestMigrationEndsAsOne(t *testing.T) {
	s := newShards("a", "b")
	var a, b Memory
	for i := range 21 {
		a, b = s.copies(0, float64(i)), s.copies(1, 2*float64(i))
		s.tick(time.Minute)
	}
	want := s.at.Add(-time.Minute).Add(40 * time.Minute / 3) // 60 of 100 are done, 3 a minute
	if b.Expected.Sub(want).Abs() > time.Second || a.Expected.Sub(want).Abs() > time.Second {
		t.Errorf("expected at %v and %v, want %v of both", a.Expected, b.Expected, want)
	}
	if math.Abs(a.Rate) > 1e-9 { // these reports have no ratio of their own
		t.Errorf("a rate of %v without a ratio", a.Rate)
	}
	s = newShards("a", "b")
	for i := range 21 {
		if a = s.copies(0, float64(i)); !a.Expected.IsZero() {
			t.Fatal("an estimate without knowing the other process")
		}
		s.tick(time.Minute)
	}
}

// A reload forgets neither what is known of a migration nor that one has shrunk.
func TestMigrationsSurviveReloads(t *testing.T) {
	s := newShards("a", "b", "c")
	for i := range 10 {
		s.copies(0, float64(i))
		s.copies(1, float64(i))
		s.copies(2, float64(i))
		s.tick(time.Minute)
	}
	s.ledger.Join(s.list[1:])
	if m := s.list[1].Entry.migration; m == nil || len(slices.Collect(m.parts())) != 2 || len(m.pace.points) == 0 {
		t.Errorf("after one process was removed: %+v", m)
	}
	s.ledger.Join(s.list[2:])
	if s.list[2].Entry.whole() != nil || s.list[3].Entry.whole() != nil {
		t.Error("one process alone is no migration")
	}
}
