package stack

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestProcess(t *testing.T) {
	p := Start(t, "/bin/sh", "-c", `echo one=1; echo two=2 >&2; trap 'echo bye; exit 0' TERM; echo ready; while :; do sleep 0.01; done`)
	p.Await(t, regexp.MustCompile(`(?m)^ready$`))
	want := [][]string{{"one=1", "one", "1"}, {"two=2", "two", "2"}}
	if diff := cmp.Diff(want, p.Await(t, regexp.MustCompile(`(\w+)=(\d)`))); diff != "" {
		t.Error(diff)
	}
	p.Stop(t)
	p.Stop(t) // once is enough
	if diff := cmp.Diff("one=1\ntwo=2\nready\nbye\n", p.said.tail()); diff != "" {
		t.Error(diff)
	}
}
