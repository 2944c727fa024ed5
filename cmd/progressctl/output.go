package main

import (
	"io"
	"os"
	"sync"
)

// output is standard output. It remembers whether all of it could be written: a disk may
// be full, and whoever relies on what was written has to be told.
type output struct {
	to  io.Writer
	mu  sync.Mutex
	err error // of the first write that failed
}

// Write writes, or does nothing more once a write has failed.
func (o *output) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.to.Write(text)
	o.err = err
	return n, err
}

// failure returns why something could not be written; nil if all was.
func (o *output) failure() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err
}

// patient is for kingpin, which panics when it cannot write its help.
type patient struct{ to io.Writer }

func (p patient) Write(text []byte) (int, error) {
	_, _ = p.to.Write(text)
	return len(text), nil
}

// terminate ends the process for kingpin, after it has shown its help or the version.
func (p *program) terminate(code int) {
	if code == exitReached && p.mute() {
		code = exitOutput
	}
	os.Exit(code)
}

// mute reports whether nothing can be written to standard output any more.
func (p *program) mute() bool {
	o, ok := p.stdout.(*output)
	return ok && o.failure() != nil
}

// fileOf returns the file that w writes to, if it is one.
func fileOf(w io.Writer) (*os.File, bool) {
	if o, ok := w.(*output); ok {
		w = o.to
	}
	f, ok := w.(*os.File)
	return f, ok
}
