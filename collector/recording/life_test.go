package recording_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/recording"
)

// read is the n-th of a target, 15 s after the one before.
func read(target string, n int) recording.Read {
	return recording.Read{
		At: begin.Add(time.Duration(n) * 15 * time.Second), Target: target, Took: recording.Duration(time.Second),
		Answers: []recording.Answer{{Method: "GET", Path: "/job", Status: 200, JSON: json.RawMessage(fmt.Sprintf(`{"n":%d}`, n))}},
	}
}

var head = recording.Head{Begun: begin, Interval: recording.Duration(15 * time.Second), Targets: []recording.Target{{Name: "t", API: "mongosync", URL: "http://h"}}}

// write writes the reads from one number to another.
func write(t *testing.T, name string, limit int64, from, to int) {
	t.Helper()
	w, err := recording.Create(name, limit, head)
	if err != nil {
		t.Fatal(err)
	}
	for n := from; n < to; n++ {
		if err := w.Write(read("t", n)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var size int64
	parts, err := filepath.Glob(filepath.Join(filepath.Dir(name), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		size += info.Size()
	}
	if from == 0 && w.Size() != size {
		t.Errorf("%d bytes written, but %d said", size, w.Size())
	}
}

func reads(from, to int) (list []recording.Read) {
	for n := from; n < to; n++ {
		list = append(list, read("t", n))
	}
	return list
}

func open(t *testing.T, name string) *recording.Life {
	t.Helper()
	l, err := recording.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

var files = []string{"life.jsonl", "life.jsonl.gz", "life.jsonl.zst"}

func TestLife(t *testing.T) {
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), file)
			write(t, name, 1<<20, 0, 5)
			write(t, name, 1<<20, 5, 7) // it goes on after an interruption
			l := open(t, name)
			want := head
			want.Version = 1
			if diff := cmp.Diff(want, l.Head); diff != "" {
				t.Errorf("head (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(reads(0, 7), l.Reads); diff != "" || l.Torn != 0 {
				t.Errorf("%d torn, reads (-want +got):\n%s", l.Torn, diff)
			}
			from, to := l.Span()
			if want := begin.Add(90 * time.Second); !from.Equal(begin) || !to.Equal(want) {
				t.Errorf("from %s to %s, want %s to %s", from, to, begin, want)
			}
		})
	}
}

func TestParts(t *testing.T) {
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), file)
			write(t, name, 1, 0, 3) // each read is too much
			found, err := filepath.Glob(filepath.Join(filepath.Dir(name), "*"))
			if err != nil {
				t.Fatal(err)
			}
			ends := strings.TrimPrefix(file, "life")
			var want []string
			for _, stem := range []string{"life-2", "life-3", "life"} {
				want = append(want, filepath.Join(filepath.Dir(name), stem+ends))
			}
			if diff := cmp.Diff(want, found); diff != "" {
				t.Errorf("files (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(reads(0, 3), open(t, name).Reads); diff != "" {
				t.Errorf("reads (-want +got):\n%s", diff)
			}
		})
	}
}

// Wherever a file ends too early, what is before is read.
func TestTornLives(t *testing.T) {
	for _, file := range files {
		t.Run(file, func(t *testing.T) {
			name := filepath.Join(t.TempDir(), file)
			write(t, name, 1<<20, 0, 3)
			whole, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			before := 3
			for size := len(whole); size > 0; size-- {
				if err := os.WriteFile(name, whole[:size], 0o600); err != nil {
					t.Fatal(err)
				}
				l, err := recording.Open(name)
				if err != nil {
					if !strings.Contains(err.Error(), "unexpected EOF") && !strings.Contains(err.Error(), "no read") || before > 1 {
						t.Fatalf("cut at %d of %d bytes: %v", size, len(whole), err)
					}
					before = 0
					continue
				}
				if n := len(l.Reads); n > before || n < before-1 {
					t.Fatalf("cut at %d of %d bytes: %d reads after %d", size, len(whole), n, before)
				}
				before = len(l.Reads)
				if diff := cmp.Diff(reads(0, before), l.Reads); diff != "" {
					t.Fatalf("cut at %d of %d bytes: reads (-want +got):\n%s", size, len(whole), diff)
				}
			}
			if before != 0 {
				t.Errorf("%d reads in nothing", before)
			}
			if err := os.WriteFile(name, whole[:len(whole)*2/3], 0o600); err != nil {
				t.Fatal(err)
			}
			write(t, name, 1<<20, 3, 5)
			if l := open(t, name); len(l.Reads) < 2 || l.Reads[len(l.Reads)-1].At != read("t", 4).At {
				t.Errorf("it does not go on behind a torn part: %v", l.Reads)
			}
		})
	}
}

func TestWhatIsNoLife(t *testing.T) {
	first, err := json.Marshal(recording.Head{Version: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct{ content, want string }{
		"nothing":        {"", "life.jsonl: unexpected EOF"},
		"other JSON":     {"{}\n", "life.jsonl:1: this is no life that progressctl record has written"},
		"text":           {"hello\n", "life.jsonl:1: this is no life that progressctl record has written"},
		"another form":   {`{"life":2}` + "\n", "life.jsonl:1: the life has the form 2, this program reads 1"},
		"no read":        {string(first) + "\n", "life.jsonl: there is no read in it"},
		"broken halfway": {string(first) + "\n{\n{}\n", "life.jsonl:2: unexpected end of JSON input"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "life.jsonl")
			if err := os.WriteFile(file, []byte(tc.content), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := recording.Open(file)
			if err == nil || strings.ReplaceAll(err.Error(), filepath.Dir(file)+string(filepath.Separator), "") != tc.want {
				t.Errorf("error %v, want %s", err, tc.want)
			}
		})
	}
	if _, err := recording.Open(filepath.Join(t.TempDir(), "none")); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
}

func TestCannotBeWritten(t *testing.T) {
	if _, err := recording.Create(filepath.Join(t.TempDir(), "no", "life.jsonl"), 1, head); !os.IsNotExist(err) {
		t.Errorf("no directory: %v", err)
	}
	dir := t.TempDir()
	w, err := recording.Create(filepath.Join(dir, "life.jsonl"), 1, head)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := w.Write(read("t", 0)); err != nil {
		t.Errorf("the part that is open: %v", err)
	}
	if err := w.Write(read("t", 1)); !os.IsNotExist(err) {
		t.Errorf("no directory for the next part: %v", err)
	}
}

// A line is in the file as soon as it was written, and readable for its owner alone.
func TestLinesAreThereAtOnce(t *testing.T) {
	name := filepath.Join(t.TempDir(), "life.jsonl")
	w, err := recording.Create(name, 1<<20, head)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Write(read("t", 0)); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(content, []byte("\n")); n != 2 {
		t.Errorf("%d lines, want 2:\n%s", n, content)
	}
	want := `{"at":"2026-03-01T08:00:00Z","target":"t","took":"1s","answers":[{"method":"GET","path":"/job","status":200,"json":{"n":0}}]}` + "\n"
	if got := string(content[bytes.IndexByte(content, '\n')+1:]); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
}
