package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"progress_exporter/collector/palette"
	"progress_exporter/collector/progress"
)

func TestPrintable(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		`it's "plain" \ 長い é`:    `it's "plain" \ 長い é`,
		"\x1b[2J\r\n":            `\x1b[2J\r\n`,
		"\u009b31m":              `\u009b31m`,
		"a\u202eb":               `a\u202eb`,
		"\xff":                   `\xff`,
		"both \"quoted\" and \a": `both \"quoted\" and \a`,
	} {
		if got := printable(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	in := map[string]string{"text": "<\x1b\u007f\u009b\u202e\U000e0001é\xff>"}
	var out bytes.Buffer
	writeJSON(&out, in, "")
	if want := `{"text":"<\u001b\u007f\u009b\u202e\udb40\udc01é\ufffd>"}` + "\n"; out.String() != want {
		t.Errorf("%s, want %s", &out, want)
	}
	var back map[string]string
	if err := json.Unmarshal(out.Bytes(), &back); err != nil || back["text"] != "<\x1b\u007f\u009b\u202e\U000e0001é\ufffd>" {
		t.Errorf("reads back as %q, %v", back, err)
	}
}

// Whatever a product says, nothing that could control a terminal gets to it, and
// JSON reads back as what was written.
func FuzzTerminal(f *testing.F) {
	for _, s := range []string{"", "plain", "\x1b[2J", "\u009b", "\u202e", "\xff", "\U000e0001", `"\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, said string) {
		var encoded bytes.Buffer
		writeJSON(&encoded, said, "")
		for _, r := range printable(said) + strings.TrimSuffix(encoded.String(), "\n") {
			if !unicode.IsGraphic(r) {
				t.Errorf("%q gets to the terminal of %q", r, said)
			}
		}
		var back string
		if err := json.Unmarshal(encoded.Bytes(), &back); err != nil || utf8.ValidString(said) && back != said {
			t.Errorf("%q reads back as %q, %v", said, back, err)
		}
	})
}

func TestPercent(t *testing.T) {
	if got := percent(nil); got != "-" {
		t.Errorf("no ratio is %q", got)
	}
	for ratio, want := range map[float64]string{0: "0.0 %", 0.29: "29.0 %", 0.5588: "55.8 %", 0.9999: "99.9 %", 1: "100.0 %"} {
		if got := percent(&ratio); got != want {
			t.Errorf("%v: %q, want %q", ratio, got, want)
		}
	}
}

func TestCounted(t *testing.T) {
	one, three := 1.0, 3.0
	for want, r := range map[string]progress.Report{
		"1/3": {NodesCompleted: &one, NodeCount: &three},
		"?/3": {NodeCount: &three},
		"1/?": {NodesCompleted: &one},
		"-":   {},
	} {
		if got := counted(&r); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPaint(t *testing.T) {
	for kind, want := range map[string]string{
		"succeeded": "\x1b[32mx\x1b[0m", "failed": "\x1b[31mx\x1b[0m", "cannot be read": "\x1b[35mx\x1b[0m",
		"stalled": "\x1b[33mx\x1b[0m", "running": "\x1b[94mx\x1b[0m", "not read yet": "\x1b[39mx\x1b[0m", "": "\x1b[39mx\x1b[0m",
	} {
		if got := paint(true).by(kind, "x"); got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
		if got := paint(false).by(kind, "x"); got != "x" {
			t.Errorf("%s, without colours: %q", kind, got)
		}
	}
	for _, kind := range palette.Kinds() {
		if want, got := "\x1b["+kind.ANSI+"mx\x1b[0m", paint(true).by(kind.Word, "x"); got != want {
			t.Errorf("%s: %q, want the palette's %q", kind.Word, got, want)
		}
	}
	if newPaint(&bytes.Buffer{}) {
		t.Error("a buffer gets colours")
	}
}
