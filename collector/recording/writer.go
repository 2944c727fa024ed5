package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Writer writes a life. It is safe for concurrent use.
type Writer struct {
	name  string // of the first part
	limit int64
	head  []byte

	mu   sync.Mutex
	part *part
	size int64 // of the parts that are closed
	last int   // the number of the part
}

// Create begins a life in a file that is new, which is compressed if its name ends in
// .zst or .gz. If there is one already, the life goes on in a further part. A part that
// has reached limit bytes is followed by another.
func Create(name string, limit int64, head Head) (*Writer, error) {
	head.Version = version
	line, err := lineOf(head)
	if err != nil {
		return nil, err
	}
	w := &Writer{name: name, limit: limit, head: line}
	return w, w.turn()
}

// Write adds a read. It is in the file when Write returns, but perhaps not yet on the disk.
func (w *Writer) Write(r Read) error {
	line, err := lineOf(r)
	if err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.part.lines > 1 && w.part.size >= w.limit {
		if err := w.turn(); err != nil {
			return err
		}
	}
	return w.part.write(line)
}

// Size returns how many bytes were written, of all parts.
func (w *Writer) Size() int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.size + w.part.size
}

// Part returns the name of the file that is written to.
func (w *Writer) Part() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.part.file.Name()
}

// Close ends the life.
func (w *Writer) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := w.part.close()
	w.size, w.part.size = w.size+w.part.size, 0
	return err
}

// turn begins the next part that does not exist yet.
func (w *Writer) turn() error {
	if w.part != nil {
		if err := w.part.close(); err != nil {
			return err
		}
		w.size += w.part.size
		w.part.size = 0
	}
	for {
		w.last++
		file, err := os.OpenFile(partName(w.name, w.last), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return err
		}
		w.part = newPart(file)
		return w.part.write(w.head)
	}
}

// partName returns the name of the n-th part of a life, from 1.
func partName(name string, n int) string {
	if n == 1 {
		return name
	}
	dir, base := filepath.Split(name)
	stem, ends, _ := strings.Cut(base, ".")
	if ends != "" {
		ends = "." + ends
	}
	return fmt.Sprintf("%s%s-%d%s", dir, stem, n, ends)
}

// part is a file that is written.
type part struct {
	file  *os.File
	size  int64
	lines int // with the head
	to    compressor
}

// compressor writes, and what it has written can be read after Flush.
type compressor interface {
	io.Writer
	Flush() error
	Close() error
}

func newPart(file *os.File) *part {
	p := &part{file: file}
	switch {
	case strings.HasSuffix(file.Name(), ".zst"):
		p.to, _ = zstd.NewWriter(p.counted(), zstd.WithEncoderConcurrency(1)) // it fails for wrong options only
	case strings.HasSuffix(file.Name(), ".gz"):
		p.to = gzip.NewWriter(p.counted())
	default:
		p.to = plain{p.counted()}
	}
	return p
}

func (p *part) write(line []byte) error {
	p.lines++
	_, err := p.to.Write(line)
	return errors.Join(err, p.to.Flush())
}

func (p *part) close() error { return errors.Join(p.to.Close(), p.file.Close()) }

// counted returns what writes into the file and counts.
func (p *part) counted() io.Writer {
	return writerFunc(func(b []byte) (int, error) {
		n, err := p.file.Write(b)
		p.size += int64(n)
		return n, err
	})
}

type writerFunc func([]byte) (int, error)

// Write calls f.
func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// plain compresses nothing.
type plain struct{ io.Writer }

// Flush does nothing.
func (plain) Flush() error { return nil }

// Close does nothing: the file is closed by its part.
func (plain) Close() error { return nil }

// lineOf returns a value as a line of JSON.
func lineOf(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false) // as it came
	err := e.Encode(v)
	return b.Bytes(), err
}
