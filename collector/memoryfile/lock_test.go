package memoryfile

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestLock(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.json")
	first, _ := open(t, path)
	if err := write(t, first, noon, false, Entry{Target: "first", API: "x", Home: "h", Created: noon}); err != nil {
		t.Fatal(err)
	}
	second, s := open(t, path)
	if len(s.Entries) != 1 {
		t.Error("the second cannot read it")
	}
	for range 2 {
		if err := write(t, second, noon, false); !errors.Is(err, ErrLocked) {
			t.Errorf("the second writes: %v", err)
		}
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	if err := write(t, second, noon, false); err != nil {
		t.Errorf("when the first has gone: %v", err)
	}
}

func TestHash(t *testing.T) {
	a, b := File{salt: "a"}, File{salt: "b"}
	again := a.Hash("job")
	if a.Hash("") != "" || a.Hash("job") != again || a.Hash("job") == a.Hash("Job") || a.Hash("job") == b.Hash("job") || len(a.Hash("job")) != 22 {
		t.Errorf("%q, %q, %q, %q", a.Hash(""), a.Hash("job"), a.Hash("Job"), b.Hash("job"))
	}
}

// What has not come yet cannot have happened.
func TestClockThatWasSetBack(t *testing.T) {
	later := noon.Add(time.Hour)
	s := State{Entries: []Entry{{Created: later, Seen: later, FirstSeen: later, LastRead: later, LastChange: later, Excused: later, End: later, Course: &Course{Ran: later},
		Pace: Pace{Points: []Point{{noon.Add(-time.Minute), 0.1}, {later, 0.2}}}}, {LastRead: noon.Add(-time.Hour), Pace: Pace{Points: []Point{{noon, 0.1}}}}},
		Migrations: []Migration{{Pace: Pace{Points: []Point{{later, 0.2}}}}}}
	s.Until(noon)
	want := State{Entries: []Entry{{Created: noon, Seen: noon, FirstSeen: noon, LastRead: noon, LastChange: noon, Excused: noon, End: noon, Course: &Course{Ran: noon}}, {LastRead: noon.Add(-time.Hour), Pace: Pace{Points: []Point{{noon, 0.1}}}}},
		Migrations: []Migration{{}}}
	if diff := cmp.Diff(want, s); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
