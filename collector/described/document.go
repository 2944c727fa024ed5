package described

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// maxEntries bounds every list and mapping of a description.
const maxEntries = 100

// keyForm is what a key may look like to be shown in a message: it may have been meant to
// be a value.
var keyForm = regexp.MustCompile(`^[0-9A-Za-z_.-]{1,40}$`)

// reader turns the YAML of descriptions into values and gathers what is wrong with it.
// It knows only positions and kinds; what the keys mean is said in keys.go and behind.
type reader struct {
	file  string // as messages call it
	rules map[string]rule
	named map[string]bool // the options that templates name
	found []problem
}

type problem struct {
	line, column int
	text         string
}

// problem notes that something is wrong where a node stands.
func (r *reader) problem(n *yaml.Node, path, format string, args ...any) {
	r.problemAt(n.Line, n.Column, path, format, args...)
}

func (r *reader) problemAt(line, column int, path, format string, args ...any) {
	text := fmt.Sprintf("%s:%d:%d: ", r.file, line, column)
	if path != "" {
		text += path + ": "
	}
	r.found = append(r.found, problem{line, column, text + fmt.Sprintf(format, args...)})
}

// err returns everything that is wrong, in the order of the file, or nil.
func (r *reader) err() error {
	slices.SortStableFunc(r.found, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	errs := make([]error, len(r.found))
	for i, p := range r.found {
		errs[i] = errors.New(p.text)
	}
	return errors.Join(errs...)
}

// field is a value of a description and its path, such as nodes.ratio. A nil node is one
// that was not given.
type field struct {
	node *yaml.Node
	path string
}

func (f field) given() bool { return f.node != nil }

// resolved returns a node, or the one that it is an alias of.
func resolved(n *yaml.Node) *yaml.Node {
	if n != nil && n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// mapping is one whose keys are taken out one by one; what is left is unknown.
type mapping struct {
	path   string
	node   *yaml.Node
	keys   []*yaml.Node
	values map[string]*yaml.Node
}

// mapping opens a value that has to be a mapping.
func (r *reader) mapping(f field) *mapping {
	m := &mapping{path: f.path, node: f.node, values: map[string]*yaml.Node{}}
	if !f.given() || !r.is(f, yaml.MappingNode) {
		return m
	}
	n := resolved(f.node)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := resolved(n.Content[i])
		switch _, twice := m.values[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			r.problem(n.Content[i], f.path, "a key is %s; want text", word(key))
		case twice:
			r.problem(key, f.path, "the key %s is given twice", key.Value)
		case len(m.keys) == maxEntries:
			r.problem(key, f.path, "has more than %d entries", maxEntries)
			return m
		default:
			m.keys = append(m.keys, key)
			m.values[key.Value] = n.Content[i+1]
		}
	}
	return m
}

// take returns the value of a key, which is known with that.
func (m *mapping) take(key string) field {
	path := key
	if m.path != "" {
		path = m.path + "." + key
	}
	n := m.values[key]
	delete(m.values, key)
	if resolved(n) == nil || resolved(n).ShortTag() == "!!null" {
		n = nil
	}
	return field{n, path}
}

// need is take for a key that has to be there.
func (r *reader) need(m *mapping, key string) field {
	f := m.take(key)
	if n := resolved(m.node); !f.given() && n != nil && n.Kind == yaml.MappingNode {
		r.problem(m.node, m.path, "%s is missing", key)
	}
	return f
}

// rest complains of every key that nobody took.
func (r *reader) rest(m *mapping) {
	for _, key := range m.keys {
		if _, left := m.values[key.Value]; left {
			if !keyForm.MatchString(key.Value) {
				r.problem(key, m.path, "unknown key (not shown, it does not look like one; is the space after a colon missing?)")
				continue
			}
			r.problem(key, m.path, "unknown key %s", key.Value)
		}
	}
}

// all takes every key, in the order of the file.
func (m *mapping) all() []field {
	fields := make([]field, 0, len(m.keys))
	for _, key := range m.keys {
		fields = append(fields, m.take(key.Value))
	}
	return fields
}

// list returns the elements of a list.
func (r *reader) list(f field) []field {
	if !f.given() || !r.is(f, yaml.SequenceNode) {
		return nil
	}
	content := resolved(f.node).Content
	if len(content) > maxEntries {
		r.problem(content[maxEntries], f.path, "has more than %d entries", maxEntries)
		content = content[:maxEntries]
	}
	items := make([]field, len(content))
	for i, n := range content {
		items[i] = field{n, fmt.Sprintf("%s[%d]", f.path, i)}
	}
	return items
}

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
