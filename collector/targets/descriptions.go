package targets

import (
	"path/filepath"

	"gopkg.in/yaml.v3"
)

// Description is a product that the configuration describes, undecoded: what it means is
// not the business of this package.
type Description struct {
	File string     // as messages call it
	Path string     // where in the file, such as apis[0]; empty: all of it
	Node *yaml.Node // a mapping
}

// Same reports whether two descriptions say the same, wherever they stand.
func (d Description) Same(e Description) bool {
	return d.File == e.File && d.Path == e.Path && samePlace(d.Node, e.Node) && sameNode(d.Node, e.Node)
}

// samePlace reports whether messages about two nodes would name the same line.
func samePlace(a, b *yaml.Node) bool { return a.Line == b.Line }

// maxDescription bounds a file of api_files, in bytes.
const maxDescription = 64 << 10

// descriptions reads the products that the main file describes.
func (r *reader) descriptions(s setting) []Description {
	if !s.given() || !r.is(s, yaml.SequenceNode) {
		return nil
	}
	var list []Description
	for _, item := range s.items() {
		if r.is(item, yaml.MappingNode) {
			list = append(list, Description{r.file, item.path, item.resolved()})
		}
	}
	return list
}

// describedIn reads the products that files describe, one each. Unlike target files they
// belong to the configuration: what is wrong with one is wrong with the main file.
func (r *reader) describedIn(s setting, mainFile string) []Description {
	patterns := r.patterns(s)
	if len(r.found) > 0 {
		return nil // a pattern may be a broken one
	}
	found := expand(patterns, mainFile)
	for _, pattern := range found.unmatched {
		r.problem(s.line(), s.path, "%s matches no file", pattern)
	}
	for _, dir := range found.unlisted {
		r.problem(s.line(), s.path, "%v", dir.Err)
	}
	var list []Description
	for _, path := range found.paths {
		content, err := readRegular(path)
		if err != nil {
			r.problem(s.line(), s.path, "%v", err)
			continue
		}
		if len(content) > maxDescription {
			r.problem(s.line(), s.path, "%s: has %d bytes, at most %d are allowed", path, len(content), maxDescription)
			continue
		}
		file := &reader{file: path, dir: filepath.Dir(path)}
		if root, ok := file.root(content); ok {
			list = append(list, Description{path, "", root})
		}
		r.found = append(r.found, file.found...)
	}
	return list
}
