package recording

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxLine bounds a line, in bytes. The answers of a read are bounded by package fetch.
const maxLine = 64 << 20

// Life is what was recorded, in memory.
type Life struct {
	Head  Head
	Reads []Read // by the time of their beginning
	Torn  int    // parts whose last line is torn
}

// Open reads a life with all of its parts. A last line that is torn is left out, as it is
// when whoever wrote it was interrupted.
func Open(name string) (*Life, error) {
	l := &Life{}
	for n := 1; ; n++ {
		err := l.readPart(partName(name, n))
		if n > 1 && errors.Is(err, fs.ErrNotExist) {
			break
		}
		if n > 1 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) { // not even its head was written
			l.Torn++
			continue
		}
		if err != nil {
			return nil, err
		}
	}
	if len(l.Reads) == 0 {
		return nil, fmt.Errorf("%s: there is no read in it", name)
	}
	slices.SortStableFunc(l.Reads, func(a, b Read) int { return a.At.Compare(b.At) })
	return l, nil
}

// Span returns when the life begins and ends.
func (l *Life) Span() (from, to time.Time) {
	return l.Reads[0].At, l.Reads[len(l.Reads)-1].At
}

func (l *Life) readPart(name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	from, done, err := decompressed(file)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer done()
	lines := &lines{from: bufio.NewReaderSize(from, 1<<20)}
	for n := 1; ; n++ {
		line, whole, err := lines.next()
		if err != nil {
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
		if len(line) == 0 && !whole && n > 1 {
			return nil
		}
		err = l.add(line, n == 1)
		switch {
		case err != nil && !whole && n > 1:
			l.Torn++
			return nil
		case err != nil && !whole:
			return fmt.Errorf("%s: %w", name, io.ErrUnexpectedEOF)
		case err != nil:
			return fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
}

// add reads a line.
func (l *Life) add(line []byte, first bool) error {
	if !first {
		var r Read
		if err := json.Unmarshal(line, &r); err != nil {
			return err
		}
		l.Reads = append(l.Reads, r)
		return nil
	}
	var h Head
	if err := json.Unmarshal(line, &h); err != nil || h.Version == 0 {
		return errors.New("this is no life that progressctl record has written")
	}
	if h.Version != version {
		return fmt.Errorf("the life has the form %d, this program reads %d", h.Version, version)
	}
	if l.Head.Version == 0 {
		l.Head = h
		return nil
	}
	for _, t := range h.Targets { // as they were configured last
		if i := slices.IndexFunc(l.Head.Targets, func(known Target) bool { return known.Name == t.Name }); i >= 0 {
			l.Head.Targets[i] = t
		} else {
			l.Head.Targets = append(l.Head.Targets, t)
		}
	}
	return nil
}

// decompressed returns what is in a file, and what frees it.
func decompressed(file *os.File) (io.Reader, func(), error) {
	switch {
	case strings.HasSuffix(file.Name(), ".zst"):
		d, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(1<<30))
		if err != nil {
			return nil, nil, err
		}
		return d, d.Close, nil
	case strings.HasSuffix(file.Name(), ".gz"):
		d, err := gzip.NewReader(file)
		if err != nil {
			return nil, nil, err
		}
		return d, func() { _ = d.Close() }, nil
	}
	return file, func() {}, nil
}

// lines hands out the lines of a file.
type lines struct{ from *bufio.Reader }

// next returns a line, and whether it had a line end. A compressed file that is cut off
// counts as one that ends there.
func (l *lines) next() (line []byte, whole bool, err error) {
	for {
		more, err := l.from.ReadSlice('\n')
		line = append(line, more...)
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), true, nil
		case len(line) > maxLine:
			return nil, false, fmt.Errorf("a line of more than %d bytes", maxLine)
		case errors.Is(err, bufio.ErrBufferFull):
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			return line, false, nil
		default:
			return nil, false, err
		}
	}
}
