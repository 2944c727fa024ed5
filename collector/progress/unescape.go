package progress

import (
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// maxLayers is how many layers of escapes are undone: JSON inside of JSON inside of a
// URL has three.
const maxLayers = 3

// view is a text, as it came or with its escapes undone, and where each byte of it
// comes from in the original.
type view struct {
	text     string
	from, to []int // of each byte; nil: the text itself
}

// span returns where the bytes from i to j (exclusive) of the view stand in the text.
func (v *view) span(i, j int) (from, to int) {
	if v.from == nil {
		return i, j
	}
	return v.from[i], v.to[j-1]
}

// spellings returns a secret and, if it looks as if it had escapes itself, the secret
// with these undone: a view of an answer has them undone as well, and has to be
// compared with that.
func spellings(secret string) []string {
	var all []string
	v, ok := view{text: secret}, true
	for layer := 0; ok && layer <= maxLayers; layer++ {
		all = append(all, v.text)
		v, ok = v.unescape()
	}
	return all
}

// unescape undoes one layer of whatever a text may be escaped with. It does not have
// to know with what: each writer of JSON, of URLs and of HTML chooses by itself what
// it escapes, and how. It reports false if there is nothing to undo.
func (v *view) unescape() (view, bool) {
	const signs = `\%&+`
	if !strings.ContainsAny(v.text, signs) {
		return view{}, false
	}
	out := view{from: make([]int, 0, len(v.text)), to: make([]int, 0, len(v.text))}
	var b strings.Builder
	changed := false
	for i := 0; i < len(v.text); {
		said, n := v.text[i:i+1], 1
		if strings.IndexByte(signs, v.text[i]) >= 0 {
			if s, m := escaped(v.text[i:]); m > 0 {
				said, n, changed = s, m, true
			}
		}
		from, to := v.span(i, i+n)
		for range len(said) {
			out.from, out.to = append(out.from, from), append(out.to, to)
		}
		b.WriteString(said)
		i += n
	}
	out.text = b.String()
	return out, changed
}

// escaped returns what the escape says that s begins with, and how long it is; 0 if
// there is none.
func escaped(s string) (said string, n int) {
	switch s[0] {
	case '+':
		return " ", 1
	case '%':
		if len(s) >= 3 {
			if c, err := strconv.ParseUint(s[1:3], 16, 8); err == nil {
				return string([]byte{byte(c)}), 3
			}
		}
	case '&':
		if end := strings.IndexByte(s[:min(len(s), 12)], ';'); end > 0 {
			if said := html.UnescapeString(s[:end+1]); said != s[:end+1] {
				return said, end + 1
			}
		}
	case '\\':
		return backslashed(s)
	}
	return "", 0
}

// backslashed is escaped for JSON and for Go.
func backslashed(s string) (said string, n int) {
	if len(s) >= 2 && strings.IndexByte(`"'/`, s[1]) >= 0 {
		return s[1:2], 2
	}
	if first, ok := codeUnit(s); ok && utf16.IsSurrogate(first) {
		if second, ok := codeUnit(s[6:]); ok {
			if r := utf16.DecodeRune(first, second); r != utf8.RuneError {
				return string(r), 12
			}
		}
		return string(utf8.RuneError), 6
	}
	r, multibyte, rest, err := strconv.UnquoteChar(s, 0)
	if err != nil {
		return "", 0
	}
	if !multibyte && r < 256 {
		return string([]byte{byte(r)}), len(s) - len(rest)
	}
	return string(r), len(s) - len(rest)
}

// codeUnit returns the UTF-16 code unit that s begins with as JSON escapes it.
func codeUnit(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	u, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(u), err == nil
}
