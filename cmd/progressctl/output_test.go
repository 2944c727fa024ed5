package main

import (
	"errors"
	"strings"
	"testing"
)

// full is a disk with room for so many bytes.
type full int

var errFull = errors.New("no space left on device")

func (f *full) Write(text []byte) (int, error) {
	if len(text) > int(*f) {
		n := int(*f)
		*f = 0
		return n, errFull
	}
	*f -= full(len(text))
	return len(text), nil
}

func TestOutput(t *testing.T) {
	disk := full(3)
	o := &output{to: &disk}
	if n, err := o.Write([]byte("ab")); n != 2 || err != nil || o.failure() != nil {
		t.Errorf("%d, %v, %v; want 2 and no error", n, err, o.failure())
	}
	if n, err := o.Write([]byte("cd")); n != 1 || !errors.Is(err, errFull) {
		t.Errorf("%d, %v; want 1 and %v", n, err, errFull)
	}
	disk = 100
	if n, err := o.Write([]byte("e")); n != 0 || !errors.Is(err, errFull) {
		t.Errorf("%d, %v; want nothing behind a gap", n, err)
	}
}

// Whoever relies on what is written has to be told that it is not; what became of a job
// is more, and stays the exit code.
func TestOutputIsAnExitCode(t *testing.T) {
	_, _, file := two(t)
	for _, tc := range []struct {
		args []string
		want int
	}{
		{[]string{"get"}, exitOutput},
		{[]string{"get", "-o", "json"}, exitOutput},
		{[]string{"check"}, exitOutput},
		{[]string{"watch", "--interval=1h"}, exitOutput},
		{[]string{"wait", "install", "--until=ratio=0.1"}, exitOutput},
		{[]string{"wait", "install", "--timeout=200ms"}, exitTimeout},
	} {
		var stderr strings.Builder
		disk := full(1)
		p := &program{stdin: strings.NewReader(""), stdout: &disk, stderr: &stderr}
		code := p.main(t.Context(), append([]string{"--config.file=" + file}, tc.args...))
		if code != tc.want || tc.want == exitOutput && !strings.Contains(stderr.String(), "progressctl: cannot write to standard output: "+errFull.Error()+"\n") {
			t.Errorf("%s: exit code %d, want %d; %s", tc.args, code, tc.want, &stderr)
		}
	}
}
