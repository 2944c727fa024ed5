package targets

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
)

// root returns the mapping at the top of the file, without the keys that begin
// with x-. If there is none, that is a problem.
func (r *reader) root(content []byte) (*yaml.Node, bool) {
	if progress.IsUTF16(content) {
		r.problem(0, "", "is in UTF-16; save the file as UTF-8")
		return nil, false
	}
	if at := invalidUTF8(content); at >= 0 {
		r.problem(1+bytes.Count(content[:at], []byte("\n")), "", "is not valid UTF-8; save the file as UTF-8")
		return nil, false
	}
	dec := yaml.NewDecoder(bytes.NewReader(content))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); err != nil && err != io.EOF {
		r.syntax(err)
		return nil, false
	}
	if doc.IsZero() || !(setting{node: doc.Content[0]}).given() {
		r.problem(0, "", "the file is empty; write `targets: []` if there is nothing to read yet")
		return nil, false
	}
	switch err := dec.Decode(&next); err {
	case io.EOF:
	case nil:
		r.problem(next.Line, "", "a second document begins here; keep one and remove the line ---")
		return nil, false
	default:
		r.syntax(err)
		return nil, false
	}
	root := doc.Content[0]
	if !r.keys(root) || !r.is(setting{node: root}, yaml.MappingNode) {
		return nil, false
	}
	root.Content = withoutExtensions(root.Content)
	return root, true
}

// keys reports whether every key below n is a single value. yaml.v3 drops empty
// keys in silence and panics over lists and mappings beside a merge key.
func (r *reader) keys(n *yaml.Node) bool {
	good := true
	for i, child := range n.Content {
		key := setting{node: child}
		if n.Kind == yaml.MappingNode && i%2 == 0 && (key.resolved().Kind != yaml.ScalarNode || !key.given()) {
			r.problem(child.Line, "", "a key is %s; want text", tagWord(key.resolved().ShortTag()))
			good = false
		}
		good = r.keys(child) && good
	}
	return good
}

// withoutExtensions removes the keys that begin with x- and their values from the
// content of a mapping. Aliases of what stood in them stay good.
func withoutExtensions(content []*yaml.Node) []*yaml.Node {
	var kept []*yaml.Node
	for i := 0; i+1 < len(content); i += 2 {
		if !strings.HasPrefix(content[i].Value, "x-") {
			kept = append(kept, content[i], content[i+1])
		}
	}
	return kept
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(b []byte) int {
	for i := 0; i < len(b); {
		c, size := utf8.DecodeRune(b[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// strict decodes a node as a yaml.Decoder with KnownFields would decode its text:
// unknown keys are errors, aliases and merge keys work, lines are the original
// ones. yaml.v3 offers no such thing (Node.Decode ignores unknown keys), so the
// node is grafted onto a small document that a strict decoder is just reading.
// Every call has a decoder of its own: one that has seen an error or many aliases
// is not fit for more, nor is one fit for two goroutines.
func strict(n *yaml.Node, into any) error {
	dec := yaml.NewDecoder(strings.NewReader("stock: {graft: here}"))
	dec.KnownFields(true)
	return dec.Decode(&stock{n, into})
}

// stock decodes the small document.
type stock struct {
	node *yaml.Node
	into any
}

// UnmarshalYAML puts the node into the document before its value is decoded. It
// can, because a decoded Node shares its children with the decoder.
func (s *stock) UnmarshalYAML(unmarshal func(any) error) error {
	var document map[string]yaml.Node
	if err := unmarshal(&document); err != nil {
		return err
	}
	*document["stock"].Content[1] = *s.node
	return unmarshal(&struct{ Stock struct{ Graft graft } }{struct{ Graft graft }{graft{s.into}}})
}

// graft decodes the node into the place that the caller gave.
type graft struct{ into any }

// UnmarshalYAML hands the place itself to yaml.v3, which would otherwise make one.
func (g *graft) UnmarshalYAML(unmarshal func(any) error) error { return unmarshal(g.into) }
