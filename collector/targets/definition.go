package targets

import (
	"bytes"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"
)

// Find returns the target with this name, of the main file or a target file.
func (c *Config) Find(name string) (*Target, bool) {
	all := slices.Clone(c.Targets)
	for _, f := range c.Files {
		all = append(all, f.Targets...)
	}
	at := slices.IndexFunc(all, func(t *Target) bool { return t.Name == name })
	if at < 0 {
		return nil, false
	}
	return all[at], true
}

// Reads reports whether a file at this path would be one of the target files.
func (c *Config) Reads(path string) (bool, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return false, fmt.Errorf("%s: cannot find out the working directory: %w", path, err)
	}
	return slices.ContainsFunc(c.Patterns, func(pattern string) bool {
		matches, _ := filepath.Match(pattern, abs) // its only error is a bad pattern, refused before
		return matches && abs != c.abs && !hidden(pattern, abs)
	}), nil
}

// Definition returns the content of a target file, for the given path, with one
// target: t by another name and with other options. The rest of its entry is
// copied as it stands in its own file, secrets included, but with the names of
// files absolute. The defaults are not copied: they apply to the new file as well.
//
// The content is read back before it is returned. The error says why it would not
// do, for example because the name is taken.
func (c *Config) Definition(path string, t *Target, name string, options map[string]string) ([]byte, error) {
	entry := withoutOptions(t.entry.node)
	absolute(entry, t.entry.dir)
	if err := put(entry, "name", name); err != nil {
		return nil, err
	}
	if err := put(entry, "options", options); err != nil {
		return nil, err
	}
	var content bytes.Buffer
	enc := yaml.NewEncoder(&content)
	enc.SetIndent(2)
	if err := enc.Encode(map[string]any{"targets": []*yaml.Node{entry}}); err != nil {
		return nil, fmt.Errorf("%s: the target cannot be written as YAML: %w", t.Origin, err)
	}
	taken := origins(c.Targets)
	for _, f := range c.Files {
		maps.Copy(taken, origins(f.Targets))
	}
	f := parseFile(path, content.Bytes(), c.base)
	if f.Err != nil {
		return nil, f.Err
	}
	if owner, used := taken[name]; used {
		return nil, f.Targets[0].Taken(owner)
	}
	mine, back := *t, *f.Targets[0]
	back.Name = t.Name
	mine.options, back.options = block{}, block{} // they may differ, and hold themselves
	if !back.Same(&mine) {
		return nil, fmt.Errorf("%s: the target cannot be copied into another file as it stands there", t.Origin)
	}
	return content.Bytes(), nil
}

// withoutOptions copies the mapping of an entry, or a list of mappings that it
// merges, but for their options.
func withoutOptions(n *yaml.Node) *yaml.Node {
	n = setting{node: n}.resolved()
	cp := &yaml.Node{Kind: n.Kind, Style: n.Style, Tag: n.Tag}
	if n.Kind == yaml.SequenceNode {
		for _, child := range n.Content {
			cp.Content = append(cp.Content, withoutOptions(child))
		}
		return cp
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := setting{node: n.Content[i]}.resolved(), n.Content[i+1]
		switch {
		case key.Value == "options":
		case key.Tag == mergeTag:
			cp.Content = append(cp.Content, plain(key), withoutOptions(value))
		default:
			cp.Content = append(cp.Content, plain(key), plain(value))
		}
	}
	return cp
}

// mergeTag is what yaml.v3 makes of the key <<.
const mergeTag = "!!merge"

// plain copies a node and what is below it without comments, with aliases replaced by
// what they stand for. It must not be used on options: they are the only part that was
// not decoded yet, and may contain an alias of themselves, without end.
func plain(n *yaml.Node) *yaml.Node {
	n = setting{node: n}.resolved()
	cp := &yaml.Node{Kind: n.Kind, Style: n.Style, Tag: n.Tag, Value: n.Value}
	if n.Tag == mergeTag {
		cp.Tag = "" // << alone says as much
	}
	for _, child := range n.Content {
		cp.Content = append(cp.Content, plain(child))
	}
	return cp
}

// absolute makes the names of files in a target's entry absolute, as
// HTTPClientConfig.SetDirectory does after decoding. Keys that a person chose
// freely say nothing about their values.
func absolute(n *yaml.Node, dir string) {
	fileKeys := []string{"ca_file", "cert_file", "key_file", "credentials_file", "username_file", "password_file", "bearer_token_file", "client_secret_file"}
	free := []string{"labels", "options", "endpoint_params", "claims", "proxy_connect_header"}
	if n.Kind != yaml.MappingNode {
		for _, child := range n.Content {
			absolute(child, dir)
		}
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, n.Content[i+1]
		switch {
		case slices.Contains(free, key):
		case slices.Contains(fileKeys, key) && value.Kind == yaml.ScalarNode:
			value.SetString(config.JoinDir(dir, value.Value))
		case key == "files" && value.Kind == yaml.SequenceNode: // of a header in http_headers
			for _, file := range value.Content {
				file.SetString(config.JoinDir(dir, file.Value))
			}
		default:
			absolute(value, dir)
		}
	}
}

// put sets a key of a mapping.
func put(mapping *yaml.Node, key string, value any) error {
	var k, v yaml.Node
	if err := k.Encode(key); err != nil {
		return fmt.Errorf("the key %s cannot be written as YAML: %w", key, err)
	}
	if err := v.Encode(value); err != nil {
		return fmt.Errorf("the value of %s cannot be written as YAML: %w", key, err)
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			mapping.Content[i+1] = &v
			return nil
		}
	}
	mapping.Content = append(mapping.Content, &k, &v)
	return nil
}
