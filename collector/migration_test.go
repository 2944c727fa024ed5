package collector

import (
	"math"
	"testing"
	"time"

	"progress_exporter/collector/progress"
)

// shards are the processes of one migration, and a job that has nothing to do with it.
type shards struct {
	*clock
	ledger *ledger
	list   []member
}

func newShards(names ...string) *shards {
	s := &shards{clock: newClock()}
	s.ledger = newLedger(s.now)
	for _, name := range append(names, "alone") {
		m := member{s.ledger.enter(key{target: name, api: "test"}, &ledgerAPI), "test", "orders"}
		if name == "alone" {
			m.migration = ""
		}
		s.list = append(s.list, m)
	}
	s.ledger.join(s.list)
	return s
}

// copies records that a process has copied so much of 100 bytes.
func (s *shards) copies(shard int, copied float64) memory {
	total := 100.0
	m, _ := s.ledger.record(s.list[shard].entry, s.good(progress.Report{State: progress.Running, CopiedBytes: &copied, TotalBytes: &total}))
	return m
}

func (s *shards) fails(shard int) {
	s.ledger.record(s.list[shard].entry, s.bad(progress.Connect, ""))
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
		if m := s.copies(0, 40); m.undecided || m.stalled(15*time.Minute) {
			t.Fatalf("a stalled while b worked: still since %v", m.still)
		}
	}
	moved := s.at
	for range 16 {
		s.tick(time.Minute)
		s.copies(1, 30)
		s.copies(0, 40)
	}
	for shard := range 2 {
		if m := s.ledger.recall(s.list[shard].entry); !m.stalled(15*time.Minute) || !m.still.Equal(moved) {
			t.Errorf("shard %d stands still since %v, want %v", shard, m.still, moved)
		}
	}
}

// What is not known of another process is no permission to wake somebody.
func TestMigrationNeedsAllItsParts(t *testing.T) {
	for _, tc := range []struct {
		name string
		b    func(s *shards, minute int)
		want verdict
	}{
		{"never read, but this process is young", func(*shards, int) {}, verdict{undecided: true}},
		{"it fails", func(s *shards, _ int) { s.fails(1) }, verdict{undecided: true}},
		{"it fails now", func(s *shards, minute int) {
			if minute < 9 {
				s.copies(1, 10)
			} else {
				s.fails(1)
			}
		}, verdict{undecided: true}},
		{"read well", func(s *shards, _ int) { s.copies(1, 10) }, verdict{still: newClock().at}},
	} {
		s := newShards("a", "b")
		var got memory
		for minute := range 10 {
			tc.b(s, minute)
			got = s.copies(0, 40)
			s.tick(time.Minute)
		}
		if got.verdict != tc.want {
			t.Errorf("%s: %+v, want %+v", tc.name, got.verdict, tc.want)
		}
	}
	s := newShards("a", "b")
	s.copies(1, 10)
	s.copies(0, 40)
	s.tick(lookLag + time.Second)
	if m := s.copies(0, 40); !m.undecided {
		t.Errorf("decided by a read that is %v old", lookLag+time.Second)
	}
}

// Where exporters share targets by hash, each is asked for some of them alone.
func TestMigrationWithoutPartsThatAreReadElsewhere(t *testing.T) {
	s := newShards("a", "b")
	begin := s.at
	var m memory
	for range 12 {
		m = s.copies(0, 40)
		s.tick(time.Minute)
	}
	if m.undecided || !m.still.Equal(begin) {
		t.Errorf("%+v, want a standstill since %v", m.verdict, begin)
	}
}

// No process reaches ratio 1, and all are done together.
func TestMigrationEndsAsOne(t *testing.T) {
	s := newShards("a", "b")
	var a, b memory
	for i := range 21 {
		a, b = s.copies(0, float64(i)), s.copies(1, 2*float64(i))
		s.tick(time.Minute)
	}
	want := s.at.Add(-time.Minute).Add(40 * time.Minute / 3) // 60 of 100 are done, 3 a minute
	if b.expected.Sub(want).Abs() > time.Second || a.expected.Sub(want).Abs() > time.Second {
		t.Errorf("expected at %v and %v, want %v of both", a.expected, b.expected, want)
	}
	if math.Abs(a.rate) > 1e-9 { // these reports have no ratio of their own
		t.Errorf("a rate of %v without a ratio", a.rate)
	}
	s = newShards("a", "b")
	for i := range 21 {
		if a = s.copies(0, float64(i)); !a.expected.IsZero() {
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
	s.ledger.join(s.list[1:])
	if m := s.list[1].entry.migration; m == nil || len(m.parts) != 2 || len(m.pace.points) == 0 {
		t.Errorf("after one process was removed: %+v", m)
	}
	s.ledger.join(s.list[2:])
	if s.list[2].entry.migration != nil || s.list[3].entry.migration != nil || len(s.ledger.migrations) != 0 {
		t.Error("one process alone is no migration")
	}
}
