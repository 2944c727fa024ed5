package memoryfile

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// maxFile bounds what is read and written, in bytes. Ten thousand targets with earlier runs
// take a third of it.
const maxFile = 64 << 20

// ErrLocked says that another process writes the file.
var ErrLocked = errors.New("another process uses it; give each exporter a --memory.file of its own")

// File is the memory on a disk. It is not safe for concurrent use.
type File struct {
	path   string
	salt   string
	lock   *os.File // held while this process is the one that writes
	dies   death    // of a test; nil
	broken bool     // what stands in the file cannot be read, and is to be kept aside
}

// Open returns the file at path, which need not exist, and what stands in it. The error
// says why that cannot be used: the memory then begins empty, and what stands there is
// kept aside, with .broken behind its name, before it is replaced.
func Open(path string) (*File, State, error) {
	f := &File{path: follow(path), salt: newSalt()}
	state, err := f.read()
	if errors.Is(err, fs.ErrNotExist) {
		return f, State{}, nil
	}
	if err != nil {
		f.broken = true
		return f, State{}, err
	}
	f.salt = state.Salt
	return f, state, nil
}

// follow returns what a link leads to, which need not exist: a rename would replace the
// link, and leave alone what a person wants to have written.
func follow(path string) string {
	for range 40 { // as many as Linux follows
		to, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path
}

func newSalt() string {
	salt := make([]byte, 24)
	_, _ = rand.Read(salt) // never fails
	return base64.RawURLEncoding.EncodeToString(salt)
}

// read returns what stands in the file.
func (f *File) read() (State, error) {
	info, err := os.Stat(f.path)
	switch {
	case err != nil:
		return State{}, err
	case !info.Mode().IsRegular():
		return State{}, notRegular(f.path)
	case info.Size() > maxFile:
		return State{}, fmt.Errorf("%s has %d bytes, more than %d", f.path, info.Size(), maxFile)
	}
	file, err := os.Open(f.path)
	if err != nil {
		return State{}, err
	}
	defer file.Close()
	var s State
	d := json.NewDecoder(io.LimitReader(file, maxFile))
	if err := d.Decode(&s); err != nil {
		return State{}, fmt.Errorf("%s cannot be understood: %w", f.path, err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return State{}, fmt.Errorf("%s has more behind its end", f.path)
	}
	if err := s.check(); err != nil {
		return State{}, fmt.Errorf("%s cannot be used: %w", f.path, err)
	}
	return s, nil
}

func notRegular(path string) error { return fmt.Errorf("%s is not a regular file", path) }

// Hash returns the text of the file that stands for a key of a job; empty for none.
func (f *File) Hash(key string) string {
	if key == "" {
		return ""
	}
	h := hmac.New(sha256.New, []byte(f.salt))
	h.Write([]byte(key))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:16])
}

// Write replaces what stands in the file. Entries and migrations are lines that their Line made.
// It returns ErrLocked, and writes nothing, while another process is the one that writes.
func (f *File) Write(written time.Time, clean bool, entries, migrations [][]byte) error {
	if err := f.acquire(); err != nil {
		return err
	}
	// A directory or a device is somebody else's, and nothing to keep aside.
	if info, err := os.Lstat(f.path); err == nil && !info.Mode().IsRegular() {
		return notRegular(f.path)
	}
	if f.broken {
		if err := os.Rename(f.path, f.path+".broken"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f.broken = false
	}
	var text bytes.Buffer
	head, err := json.Marshal(State{Version: Version, Written: written.UTC(), Clean: clean, Salt: f.salt})
	if err != nil {
		return err
	}
	size := 1024
	for _, line := range slices.Concat(entries, migrations) {
		size += len(line) + 2
	}
	if size > maxFile {
		return fmt.Errorf("there are %d bytes to remember, more than %d", size, maxFile)
	}
	text.Grow(size)
	text.Write(bytes.TrimSuffix(head, []byte(`"entries":null}`)))
	text.WriteString("\"entries\":[")
	writeLines(&text, entries)
	text.WriteString("],\"migrations\":[")
	writeLines(&text, migrations)
	text.WriteString("]}\n")
	return replace(f.path, text.Bytes(), f.dies)
}

func writeLines(text *bytes.Buffer, lines [][]byte) {
	for i, line := range lines {
		if i > 0 {
			text.WriteByte(',')
		}
		text.WriteByte('\n')
		text.Write(line)
	}
	text.WriteByte('\n')
}

// acquire makes this process the one that writes.
func (f *File) acquire() error {
	if f.lock != nil {
		return nil
	}
	lock, err := os.OpenFile(f.path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := flock(lock); err != nil {
		_ = lock.Close()
		return err
	}
	f.lock = lock
	return nil
}

// Acquire tries to become the process that writes the file, and says why it is not.
func (f *File) Acquire() error { return f.acquire() }

// Close lets another process write the file.
func (f *File) Close() error {
	if f.lock == nil {
		return nil
	}
	err := f.lock.Close()
	f.lock = nil
	return err
}
