package described

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"

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
