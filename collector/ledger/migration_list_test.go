package ledger

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// listedShards are the processes of a migration that a list names, such as the ports of a
// host, and perhaps others that are targets.
type listedShards struct {
	*clock
	ledger *Ledger
	list   *Entry
	others []*Entry
}

func newListedShards(others ...string) *listedShards {
	s := &listedShards{clock: newClock()}
	s.ledger = New(s.now)
	s.list = s.ledger.Enter(listKey, &ledgerAPI)
	members := []Member{{s.list, "test", "orders"}}
	for _, name := range others {
		e := s.ledger.Enter(Key{Target: name, API: "test"}, &ledgerAPI)
		s.others, members = append(s.others, e), append(members, Member{e, "test", "orders"})
	}
	s.ledger.Join(members)
	return s
}

func (s *listedShards) copying(copied float64) *Result {
	total := 100.0
	return s.good(progress.Report{State: progress.Running, CopiedBytes: &copied, TotalBytes: &total})
}

// read records that processes have copied so much of 100 bytes; less than 0: it cannot be
// read. Cut ones are in the list, but there is no room for them.
func (s *listedShards) read(copied map[string]float64, cut ...string) map[string]Verdict {
	r := s.good(progress.Report{})
	r.CutJobs = cut
	for _, id := range slices.Sorted(maps.Keys(copied)) {
		j := ListedJob{ID: id, Result: s.copying(copied[id])}
		if copied[id] < 0 {
			j.Result = s.bad(progress.Connect, "")
		}
		r.Jobs = append(r.Jobs, j)
	}
	m, _, _ := s.ledger.RecordList(listKey, &ledgerAPI, 200, s.list, r)
	verdicts := map[string]Verdict{}
	for _, j := range m.Jobs {
		if j.Err == nil {
			verdicts[j.ID] = j.Memory.Verdict
		}
	}
	return verdicts
}

// The processes of a list are judged together from the first read on, because it tells of all.
func TestListedMigrationIsJudgedAsOne(t *testing.T) {
	s := newListedShards()
	begin := s.at
	whole := Verdict{Still: begin, Whole: progress.Ptr(0.5)}
	if diff := cmp.Diff(map[string]Verdict{"1": whole, "2": whole}, s.read(map[string]float64{"1": 40, "2": 10})); diff != "" {
		t.Errorf("the first read (-want +got):\n%s", diff)
	}
	for i := range 20 {
		s.tick(time.Minute)
		for id, v := range s.read(map[string]float64{"1": 40, "2": 11 + float64(i)}) {
			if v.Undecided || !v.Still.Equal(s.at) {
				t.Fatalf("%s stands still since %v while one of them works", id, v.Still)
			}
		}
	}
	moved := s.at
	var last map[string]Verdict
	for range 16 {
		s.tick(time.Minute)
		last = s.read(map[string]float64{"1": 40, "2": 30})
	}
	for id, v := range last {
		if !v.Still.Equal(moved) || *v.Whole != 0.7 {
			t.Errorf("%s: %+v, want a standstill since %v", id, v, moved)
		}
	}
	if len(s.ledger.migrations[migrationKey{"test", "orders"}].pace.points) == 0 {
		t.Error("the list, which has no state itself, makes the migration forget its pace")
	}
}

func TestListedMigrationNeedsAllItsParts(t *testing.T) {
	for _, tc := range []struct {
		name string
		ends func(s *listedShards) map[string]Verdict // after a first read of 40 and 10
		want string
	}{
		{"one cannot be read now", func(s *listedShards) map[string]Verdict {
			return s.read(map[string]float64{"1": 40, "2": -1})
		}, "undecided 0.5"},
		{"one is new, and cannot be read", func(s *listedShards) map[string]Verdict {
			return s.read(map[string]float64{"1": 40, "2": 10, "3": -1})
		}, "undecided"},
		{"one is cut", func(s *listedShards) map[string]Verdict {
			return s.read(map[string]float64{"1": 40, "2": 10}, "3")
		}, "undecided"},
		{"one has left the list", func(s *listedShards) map[string]Verdict {
			return s.read(map[string]float64{"1": 40, "3": 20})
		}, "decided 0.6"},
		{"one is alone", func(s *listedShards) map[string]Verdict {
			return s.read(map[string]float64{"1": 40})
		}, "decided"},
	} {
		s := newListedShards()
		s.read(map[string]float64{"1": 40, "2": 10})
		s.tick(time.Minute)
		v := tc.ends(s)["1"]
		got := "decided"
		if v.Undecided {
			got = "undecided"
		}
		if v.Whole != nil {
			got += fmt.Sprintf(" %g", *v.Whole)
		}
		if got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// A list and a target are parts of the same migration; a list that was never read is a part
// of which nothing is known.
func TestListedMigrationWithOthers(t *testing.T) {
	s := newListedShards("a")
	record := func() Memory {
		m, _ := s.ledger.Record(s.others[0], s.copying(30))
		return m
	}
	if m := record(); !m.Undecided || m.Whole != nil {
		t.Errorf("before the list was read: %+v", m.Verdict)
	}
	s.ledger.RecordList(listKey, &ledgerAPI, 200, s.list, s.bad(progress.Timeout, ""))
	if m := record(); !m.Undecided || m.Whole != nil {
		t.Errorf("the list cannot be read: %+v", m.Verdict)
	}
	s.read(map[string]float64{"1": 40, "2": 10})
	want := Verdict{Still: s.at, Whole: progress.Ptr(0.8)}
	if diff := cmp.Diff(want, record().Verdict); diff != "" {
		t.Errorf("all were read (-want +got):\n%s", diff)
	}
	s.ledger.Join([]Member{{s.list, "test", ""}, {s.others[0], "test", ""}})
	if m := record(); m.Undecided || m.Whole != nil {
		t.Errorf("it is part of no migration any more: %+v", m.Verdict)
	}
	if v := s.read(map[string]float64{"1": 40, "2": 10})["1"]; v.Undecided || v.Whole != nil {
		t.Errorf("the jobs of the list are no parts any more: %+v", v)
	}
}
