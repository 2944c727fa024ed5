package docs_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	got := read("a.md", "Text\n```console\n$ one\nsays\nthis\n$ two\n```\n```\n$ no command\n```\n```yaml\n# a/b.yml\nx: 1\n```\n```yaml\ny: 1\n```\n```sh\nfor x in 1; do\n  echo\ndone\n```\n")
	want := page{"a.md", []step{
		{line: 3, command: "one", shown: []string{"says", "this"}},
		{line: 6, command: "two"},
		{line: 12, command: "cat >a/b.yml <<'END'\n# a/b.yml\nx: 1\nEND", file: "a/b.yml"},
		{line: 19, command: "for x in 1; do\n  echo\ndone"},
	}}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(page{}, step{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestMatches(t *testing.T) {
	for _, tc := range []struct {
		name, shown, output string
		vary, open, want    bool
	}{
		{"the same", "a 1", "a 1\n", false, false, true},
		{"another number", "a 1", "a 2\n", false, false, false},
		{"a number may vary", "a   1.5 % x", "a 22 % x\n", true, false, true},
		{"a word may not", "a running", "a pending\n", true, false, false},
		{"one line more", "a", "a\nb\n", false, false, false},
		{"one line more, and it goes on", "a", "a\nb\n", false, true, true},
		{"one line less", "a\nb", "a\n", false, true, false},
		{"lines left out", "a\n…\nd", "a\nb\nc\nd\n", false, false, true},
		{"no line left out", "a\n…\nd", "a\nd\n", false, false, true},
		{"a part left out", "a … d", "a b c d\n", false, false, true},
		{"repeated", "2026-01-02T03:04:05Z a 1\n2026-01-02T03:04:06Z a 2\nb", "2027-01-02T03:04:05Z a 7\nb\n", true, false, true},
		{"a dot is a dot", "a.b", "axb\n", false, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := matches(strings.Split(tc.shown, "\n"), tc.output, tc.vary, tc.open); got != tc.want {
				t.Errorf("%v, want %v", got, tc.want)
			}
		})
	}
}
