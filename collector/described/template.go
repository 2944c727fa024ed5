package described

import (
	"encoding/json"
	"net/url"
	"regexp"
	"strings"

	"gopkg.in/yaml.v3"
)

// placeholder is {{name}}.
var placeholder = regexp.MustCompile(`\{\{ *([a-z][a-z0-9_]*) *\}\}`)

// template is a text with placeholders for options.
type template struct {
	literals []string // one more than names: what stands before, between and behind
	names    []string
}

// values are the options of a target at the moment of a request. What is not there has
// no value.
type values map[string]string

// template parses a text whose placeholders have to name options.
func (r *reader) template(f field, options map[string]*option) template {
	var t template
	text := r.text(f)
	from := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(text, -1) {
		name := text[at[2]:at[3]]
		r.named[name] = true
		if options[name] == nil {
			line, column := place(resolved(f.node), text[at[0]:at[1]])
			r.problemAt(line, column, f.path, "there is no option %s", name)
		}
		t.literals = append(t.literals, text[from:at[0]])
		t.names = append(t.names, name)
		from = at[1]
	}
	t.literals = append(t.literals, text[from:])
	for _, literal := range t.literals {
		if strings.Contains(literal, "{{") || strings.Contains(literal, "}}") {
			r.problem(f.node, f.path, "a placeholder is {{ and the name of an option and }}")
			break
		}
	}
	return t
}

// expand puts values in the places of the placeholders, each made fit for its place, and
// reports whether all of them are there.
func (t template) expand(v values, escape func(name, value string) string) (string, bool) {
	if len(t.names) == 0 {
		return t.literals[0], true
	}
	var b strings.Builder
	for i, name := range t.names {
		value, ok := v[name]
		if !ok {
			return "", false
		}
		b.WriteString(t.literals[i])
		b.WriteString(escape(name, value))
	}
	b.WriteString(t.literals[len(t.names)])
	return b.String(), true
}

func asIs(_, value string) string { return value }

// segments escapes a value for a path, but for the slashes between its segments.
func segments(value string) string {
	parts := strings.Split(value, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}

// body is a part of a request's JSON: what stands in the description with the values of
// options in the places of the placeholders. Its second result is false for what is left
// out because an option has no value.
type body func(values) (any, bool)

// maxBodyDepth bounds how deep a body is nested.
const maxBodyDepth = 16

// body parses the JSON of a request, which is written as YAML.
func (r *reader) body(f field, options map[string]*option, depth int) body {
	n := resolved(f.node)
	switch {
	case depth > maxBodyDepth:
		r.problem(f.node, f.path, "is nested deeper than %d levels", maxBodyDepth)
	case n.Kind == yaml.MappingNode:
		return r.bodyObject(f, options, depth)
	case n.Kind == yaml.SequenceNode:
		return r.bodyList(f, options, depth)
	case n.ShortTag() == "!!str":
		return bodyText(r.template(f, options), options)
	default:
		var v any
		if err := n.Decode(&v); err == nil {
			if _, err := json.Marshal(v); err == nil {
				return func(values) (any, bool) { return v, true }
			}
		}
		r.problem(f.node, f.path, "is nothing that JSON has")
	}
	return nil
}

func (r *reader) bodyObject(f field, options map[string]*option, depth int) body {
	m := r.mapping(f)
	parts := make(map[string]body, len(m.keys))
	for _, key := range m.keys {
		inner := field{m.values[key.Value], f.path + "." + key.Value}
		parts[key.Value] = r.body(inner, options, depth+1)
	}
	return func(v values) (any, bool) {
		object := make(map[string]any, len(parts))
		for key, part := range parts {
			if value, ok := part(v); ok {
				object[key] = value
			}
		}
		return object, true
	}
}

func (r *reader) bodyList(f field, options map[string]*option, depth int) body {
	items := r.list(f)
	parts := make([]body, len(items))
	for i, item := range items {
		parts[i] = r.body(item, options, depth+1)
	}
	return func(v values) (any, bool) {
		list := make([]any, 0, len(parts))
		for _, part := range parts {
			if value, ok := part(v); ok {
				list = append(list, value)
			}
		}
		return list, true
	}
}

// bodyText is a text, or a number where it is nothing but the placeholder of one.
func bodyText(t template, options map[string]*option) body {
	number := false
	if len(t.names) == 1 && t.literals[0] == "" && t.literals[1] == "" {
		o := options[t.names[0]]
		number = o != nil && o.kind == kindNumber
	}
	return func(v values) (any, bool) {
		text, ok := t.expand(v, asIs)
		if number {
			return json.Number(text), ok
		}
		return text, ok
	}
}
