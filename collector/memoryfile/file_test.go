package memoryfile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var noon = time.Date(2026, 5, 12, 12, 0, 0, 0, time.UTC)

// write writes entries, each made into its line.
func write(t testing.TB, f *File, written time.Time, clean bool, entries ...Entry) error {
	t.Helper()
	var lines [][]byte
	for _, e := range entries {
		lines = append(lines, e.Line())
	}
	return f.Write(written, clean, lines, nil)
}

// open opens a file that can be read.
func open(t testing.TB, path string) (*File, State) {
	t.Helper()
	f, s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f, s
}

// anything returns an entry with something in every field.
func anything(r *rand.Rand) Entry {
	at := func() time.Time { return noon.Add(time.Duration(r.Int64N(int64(time.Hour)))) }
	text := func() string { return fmt.Sprintf("a \"quoted\"\n<text> €%d", r.IntN(100)) }
	value := r.Float64()
	e := Entry{
		Target: text(), API: "x", Home: text(), Probed: text(), Job: text(), JobName: text(), Run: text(),
		Created: at(), Reads: float64(r.IntN(1e9)), Failures: float64(r.IntN(1e9)), ReadsAhead: 16, FailuresAhead: 2,
		FailureCodes: []string{text()}, JobCode: text(), Seen: at(), FirstSeen: at(), LastRead: at(), LastChange: at(), Excused: at(),
		Ended: r.IntN(2) == 0, End: at(), WorkHash: float64(r.Uint64() >> 11), Copied: &value, Total: &value,
		Pace: Pace{Last: &value},
	}
	if r.IntN(2) == 0 {
		e.Course = &Course{Ran: at(), Worked: r.Uint32(), Ratio: r.Float64(), Took: r.Uint32N(2)}
	}
	for range r.IntN(5) {
		if e.Course != nil {
			e.Course.Reached = append(e.Course.Reached, r.Uint32())
		}
		e.Runs = append(e.Runs, Run{r.Uint32(), []uint32{0, r.Uint32()}})
		e.JobErrors = append(e.JobErrors, Count{text(), float64(r.IntN(100))})
		e.NodeErrors = append(e.NodeErrors, Count{text(), float64(r.IntN(100))})
		e.NodeCodes = append(e.NodeCodes, Node{text(), text()})
		e.Pace.Points = append(e.Pace.Points, Point{at(), r.Float64()})
	}
	return e
}

func TestRoundTrip(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.json")
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 20 {
		f, _ := open(t, path)
		want := State{Version: Version, Written: noon, Clean: n%2 == 0, Salt: f.salt}
		for range n {
			want.Entries = append(want.Entries, anything(r))
		}
		if err := write(t, f, noon, want.Clean, want.Entries...); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		_, got := open(t, path)
		if got.Entries == nil {
			got.Entries = []Entry{}
		}
		if want.Entries == nil {
			want.Entries = []Entry{}
		}
		got.Migrations = nil
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%d entries (-want +got):\n%s", n, diff)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want that nobody else may read it", info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	if err != nil || strings.Count(string(text), "\n") != 19+3 {
		t.Errorf("%d lines, %v; want one for each entry", strings.Count(string(text), "\n"), err)
	}
}

// What cannot be used is an error that says why, and an empty memory; it is kept aside
// before it is replaced.
func TestOpenOfWhatCannotBeUsed(t *testing.T) {
	entry := func(change func(*Entry)) string {
		e := Entry{Target: "a", API: "x", Home: "h", Created: noon}
		change(&e)
		text, err := json.Marshal(State{Version: Version, Salt: strings.Repeat("s", 32), Entries: []Entry{e}})
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	for name, tc := range map[string]struct{ text, want string }{
		"empty":            {"", "cannot be understood: EOF"},
		"torn":             {`{"version":1,"salt":"aaaaaaaaaaaaaaaaaaaaaa","entries":[{"tar`, "cannot be understood: unexpected EOF"},
		"foreign":          {"global:\n  scrape_interval: 15s\n", "cannot be understood: invalid character"},
		"foreign JSON":     {`[1, 2]`, "cannot be understood: json: cannot unmarshal array"},
		"another version":  {`{"version": 2, "salt": "aaaaaaaaaaaaaaaaaaaaaa"}`, "it has version 2, and this program reads version 1"},
		"no salt":          {`{"version": 1}`, "it has no salt"},
		"two documents":    {entry(func(*Entry) {}) + "{}", "has more behind its end"},
		"nobody's":         {entry(func(e *Entry) { e.Target = "" }), "entry 1: it does not say whose it is"},
		"negative counter": {entry(func(e *Entry) { e.Reads = -1 }), "entry 1: it counts -1 reads"},
		"half an error":    {entry(func(e *Entry) { e.JobErrors = []Count{{"a", 0.5}} }), "entry 1: it counts an error 0.5 times"},
		"a long text":      {entry(func(e *Entry) { e.JobCode = strings.Repeat("x", maxText+1) }), "entry 1: it has a text of 1025 bytes"},
		"many codes":       {entry(func(e *Entry) { e.NodeCodes = make([]Node, maxList+1) }), "entry 1: it has too many error codes"},
		"many runs":        {entry(func(e *Entry) { e.Runs = make([]Run, maxList+1) }), "entry 1: it has too many runs"},
		"many movements":   {entry(func(e *Entry) { e.Pace.Points = make([]Point, maxList+1) }), "entry 1: it has too many movements"},
	} {
		path := filepath.Join(t.TempDir(), "memory.json")
		if err := os.WriteFile(path, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		f, s, err := Open(path)
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v, want one that names the file and says %q", name, err, tc.want)
		}
		if len(s.Entries) > 0 {
			t.Errorf("%s: %d entries", name, len(s.Entries))
		}
		if err := write(t, f, noon, false); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_ = f.Close()
		if kept, err := os.ReadFile(path + ".broken"); err != nil || string(kept) != tc.text {
			t.Errorf("%s: kept aside is %q, %v", name, kept, err)
		}
		if _, _, err := Open(path); err != nil {
			t.Errorf("%s: after the first write: %v", name, err)
		}
	}
}

func TestOpenOfWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	if _, _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "is not a regular file") {
		t.Errorf("a directory: %v", err)
	}
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, maxFile+1); err != nil {
		t.Fatal(err)
	}
	if _, _, err := Open(huge); err == nil || !strings.Contains(err.Error(), "more than") {
		t.Errorf("a file of %d bytes: %v", maxFile+1, err)
	}
	if _, s, err := Open(filepath.Join(dir, "none", "memory.json")); err != nil || s.Version != 0 {
		t.Errorf("no file in no directory: %v", err)
	}
}

// A directory may come later, and a disk has room again.
func TestWriteTriesAgain(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "later")
	f, _ := open(t, filepath.Join(dir, "memory.json"))
	if err := write(t, f, noon, false); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("without a directory: %v", err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := write(t, f, noon, false); err != nil {
		t.Errorf("with one: %v", err)
	}
}

// A process that dies at any byte and at any step leaves what it wrote last, or what it was
// about to write, and never anything else.
func TestKilledAtAnyByte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "memory.json")
	entry := func(reads int) Entry {
		return Entry{Target: "a", API: "x", Home: "h", Created: noon, Reads: float64(reads)}
	}
	f, _ := open(t, path)
	if err := write(t, f, noon, false, entry(0)); err != nil {
		t.Fatal(err)
	}
	written := 0 // what is on the disk for certain
	steps := []string{stepCreate, stepSync, stepRename, stepDirectory}
	for kill := 1; kill <= 1200; kill++ {
		f.dies = func(step string, size int) (int, bool) {
			if kill%5 > 0 { // within the text
				return kill % max(size, 1), step == stepText
			}
			return 0, step == steps[kill/5%len(steps)]
		}
		if err := write(t, f, noon, false, entry(kill)); !errors.Is(err, errDied) {
			t.Fatalf("kill %d: %v", kill, err)
		}
		_ = f.Close() // as the kernel would
		var s State
		f, s = open(t, path)
		got := int(s.Entries[0].Reads)
		renamed := kill%5 == 0 && steps[kill/5%len(steps)] == stepDirectory
		if renamed {
			written = kill
		}
		if got != written {
			t.Fatalf("kill %d: %d is remembered, want %d", kill, got, written)
		}
	}
}
