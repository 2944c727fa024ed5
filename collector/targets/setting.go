package targets

import (
	"fmt"

	"gopkg.in/yaml.v3"
)

// setting is one value of the file and its path, such as targets[0].url.
type setting struct {
	node *yaml.Node
	path string
}

// resolved returns the node itself, or the one that it is an alias of.
func (s setting) resolved() *yaml.Node {
	if s.node.Kind == yaml.AliasNode {
		return s.node.Alias
	}
	return s.node
}

// given reports whether the key stands in the file with a value.
func (s setting) given() bool {
	return !s.node.IsZero() && s.resolved().ShortTag() != "!!null"
}

// line is where the value stands: for an alias, where its anchor is, because that
// is the text to correct.
func (s setting) line() int { return s.resolved().Line }

// items returns the elements of a list.
func (s setting) items() []setting {
	content := s.resolved().Content
	items := make([]setting, len(content))
	for i, n := range content {
		items[i] = setting{n, fmt.Sprintf("%s[%d]", s.path, i)}
	}
	return items
}

// is reports whether the value has the kind it must have; if not, that is a problem.
func (r *reader) is(s setting, want yaml.Kind) bool {
	n := s.resolved()
	if n.Kind == want {
		return true
	}
	r.problem(n.Line, s.path, "want %s, found %s", kindWord(want), tagWord(n.ShortTag()))
	return false
}

// set parses a single value into a field. A value that is not given, or is wrong,
// leaves the field as it is.
func set[T any](r *reader, s setting, into *T, parse func(string) (T, error)) {
	if !s.given() || !r.is(s, yaml.ScalarNode) {
		return
	}
	v, err := parse(s.resolved().Value)
	if err != nil {
		r.problem(s.line(), s.path, "%v", err)
		return
	}
	*into = v
}

// decode decodes a whole block, strictly, and reports whether nothing was wrong.
// What is right is decoded even if something else is wrong.
func (r *reader) decode(s setting, into any) bool {
	n := s.resolved()
	err := strict(n, into)
	for _, m := range mistakes(err) {
		if m.line == 0 {
			m.line = n.Line
		}
		r.problem(m.line, s.path, "%s", m.text)
	}
	return err == nil
}
