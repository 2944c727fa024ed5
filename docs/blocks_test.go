package docs_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// page is what a reader of a page gives a shell, in the order of the page.
type page struct {
	name  string // from the root of the repository
	steps []step
}

// step is a command, or a file that the reader saves.
type step struct {
	line    int
	command string   // as it stands, with further lines if it has some
	shown   []string // what the page shows as its output
	file    string   // the name of the file, if it is one
}

var (
	fence = regexp.MustCompile("^ *```(\\w*)$")
	saved = regexp.MustCompile(`^# ([\w./-]+\.ya?ml)$`)
)

// read returns the steps of a page. Commands are the lines of a block `console` that
// begin with a dollar, the rest there is output, and the whole of a block `sh` or
// `bash`. A block whose first line is a comment that names a YAML file is that file.
func read(name, text string) page {
	p := page{name: name}
	var lang string
	var block []string
	begun, inside := 0, false
	for i, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch {
		case m != nil && !inside:
			lang, block, begun, inside = m[1], nil, i+2, true
		case m != nil:
			p.add(lang, block, begun)
			inside = false
		default:
			block = append(block, line)
		}
	}
	return p
}

// add reads the block that begins at a line of the page.
func (p *page) add(lang string, block []string, begun int) {
	switch lang {
	case "sh", "bash":
		p.steps = append(p.steps, step{line: begun, command: strings.Join(block, "\n")})
	case "console":
		for i, line := range block {
			if command, is := strings.CutPrefix(line, "$ "); is {
				p.steps = append(p.steps, step{line: begun + i, command: command})
			} else if last := len(p.steps) - 1; last >= 0 {
				p.steps[last].shown = append(p.steps[last].shown, line)
			}
		}
	case "yaml":
		if len(block) == 0 {
			return
		}
		if m := saved.FindStringSubmatch(block[0]); m != nil {
			p.steps = append(p.steps, step{line: begun, file: m[1], command: "cat >" + m[1] + " <<'END'\n" + strings.Join(block, "\n") + "\nEND"})
		}
	}
}

// What differs from one run to the next, and what stands for it.
var varying = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z| UTC)?`), "TIME"},
	{regexp.MustCompile(`\b\d+(\.\d+)?(e[+-]?\d+)?`), "0"},
	{regexp.MustCompile(`-?\bNaN\b`), "0"},
	{regexp.MustCompile(`[ \t]+`), " "},
	{regexp.MustCompile(`(?m) $`), ""},
}

// alike makes two outputs the same that differ only in times, numbers, the widths of
// columns and in how often a line of the same form is repeated.
func alike(text string) string {
	for _, v := range varying {
		text = v.pattern.ReplaceAllString(text, v.with)
	}
	var lines []string
	for line := range strings.Lines(text) {
		if len(lines) == 0 || lines[len(lines)-1] != line {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

// matches returns whether an output is, or with open begins as, what the page shows,
// in which a line … stands for any lines, and an … within a line for anything.
func matches(shown []string, output string, vary, open bool) bool {
	want, got := strings.Join(shown, "\n")+"\n", output
	if vary {
		want, got = alike(want), alike(got)
	}
	var pattern strings.Builder
	pattern.WriteString(`^`)
	for line := range strings.Lines(want) {
		if line == "…\n" {
			pattern.WriteString(`(?:.*\n)*?`)
			continue
		}
		pattern.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*"))
	}
	if !open {
		pattern.WriteString(`$`)
	}
	return regexp.MustCompile(pattern.String()).MatchString(got)
}

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
