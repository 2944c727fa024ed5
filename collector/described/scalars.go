package described

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// text returns a single value as it is written.
func (r *reader) text(f field) string {
	if !f.given() || !r.is(f, yaml.ScalarNode) {
		return ""
	}
	return resolved(f.node).Value
}

// line is text that a person reads: one line, of so many bytes at most.
func (r *reader) line(f field, most int) string {
	s := r.text(f)
	switch {
	case len(s) > most:
		r.problem(f.node, f.path, "has %d bytes, at most %d are allowed", len(s), most)
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		r.problem(f.node, f.path, "has to be one line of text")
	default:
		return s
	}
	return ""
}

func (r *reader) flag(f field) bool {
	if !f.given() || !r.is(f, yaml.ScalarNode) {
		return false
	}
	var b bool
	if err := resolved(f.node).Decode(&b); err != nil {
		r.problem(f.node, f.path, "want true or false, found %s", word(resolved(f.node)))
	}
	return b
}

func (r *reader) is(f field, want yaml.Kind) bool {
	n := resolved(f.node)
	if n.Kind == want {
		return true
	}
	kinds := map[yaml.Kind]string{yaml.MappingNode: "a mapping", yaml.SequenceNode: "a list", yaml.ScalarNode: "a single value"}
	r.problem(f.node, f.path, "want %s, found %s", kinds[want], word(n))
	return false
}

// word names what a node is.
func word(n *yaml.Node) string {
	switch n.ShortTag() {
	case "!!map":
		return "a mapping"
	case "!!seq":
		return "a list"
	case "!!str":
		return "text"
	case "!!bool":
		return "a boolean"
	case "!!int", "!!float":
		return "a number"
	case "!!null":
		return "nothing"
	}
	return "something else"
}

// expression compiles a value; nil if it is not given, or wrong.
func (r *reader) expression(f field) *expression {
	if !f.given() || !r.is(f, yaml.ScalarNode) {
		return nil
	}
	n := resolved(f.node)
	e, findings := newExpression(f.path, strings.TrimSpace(n.Value), r.rules)
	for _, finding := range findings {
		line, column := place(n, finding.token)
		r.problemAt(line, column, f.path, "%s", finding.text)
	}
	return e
}

// place returns where a word of a value stands, as far as it can be told.
func place(n *yaml.Node, token string) (line, column int) {
	line, column = n.Line, n.Column
	at := findWord(n.Value, token)
	if at < 0 {
		return line, column
	}
	before := n.Value[:at]
	switch {
	case n.Style&yaml.LiteralStyle != 0:
		return line + 1 + strings.Count(before, "\n"), column
	case strings.Contains(before, "\n") || n.Style&yaml.FoldedStyle != 0:
		return line, column
	case n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0:
		column++
	}
	return line, column + utf8.RuneCountInString(before)
}

// findWord returns where token stands in text and is no part of a longer name or a key
// behind a dot, else where it stands at all, else -1.
func findWord(text, token string) int {
	if token == "" {
		return -1
	}
	name := func(b byte) bool {
		return b == '_' || b == '$' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
	}
	for from := 0; ; {
		at := strings.Index(text[from:], token)
		if at < 0 {
			return strings.Index(text, token)
		}
		at += from
		end := at + len(token)
		before := at > 0 && (name(text[at-1]) || text[at-1] == '.') && name(token[0])
		after := end < len(text) && name(text[end]) && name(token[len(token)-1])
		if !before && !after {
			return at
		}
		from = at + 1
	}
}
