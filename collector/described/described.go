package described

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// maxFile bounds a file with a description, in bytes.
const maxFile = 64 << 10

// Description is a description that nothing is wrong with.
type Description struct {
	// Origin says where it stands, such as "targets.yml:12: apis[0]".
	Origin string
	// Help is its one line of what it is about; may be empty.
	Help string
	// API is what it describes.
	API progress.API
}

// Parse reads the description in a file, which messages call file. Its error says
// everything that is wrong with it, each with line, column and key. Its targets log in
// with the given accounts, which have to outlive it where it may be read again.
func Parse(file string, content []byte, accounts *session.Accounts) (Description, error) {
	if len(content) > maxFile {
		return Description{}, fmt.Errorf("%s: has %d bytes, at most %d are allowed", file, len(content), maxFile)
	}
	dec := yaml.NewDecoder(bytes.NewReader(content))
	var doc, next yaml.Node
	if err := dec.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return Description{}, fmt.Errorf("%s: is empty", file)
		}
		return Description{}, fmt.Errorf("%s: is not valid YAML: %w; an expression that begins with a quote or stands between { and } may have to be put into quotes", file, err)
	}
	if err := dec.Decode(&next); !errors.Is(err, io.EOF) {
		return Description{}, fmt.Errorf("%s: holds more than one document; keep one description for each file", file)
	}
	return ParseNode(file, "", doc.Content[0], accounts)
}

// ParseNode is Parse for a description that is a part of a file, at path.
func ParseNode(file, path string, n *yaml.Node, accounts *session.Accounts) (Description, error) {
	r := &reader{file: file, rules: functions(), named: map[string]bool{}}
	d := r.description(field{n, path})
	if err := r.err(); err != nil {
		return Description{}, err
	}
	d.sessions = accounts
	origin := fmt.Sprintf("%s:%d", file, resolved(n).Line)
	if path != "" {
		origin += ": " + path
	}
	return Description{Origin: origin, Help: d.help, API: d.api()}, nil
}

// api makes the description a product.
func (d *description) api() progress.API {
	return progress.API{
		Name: d.name, ErrorCodes: d.errorCodes, NodeErrorCodes: d.nodeErrorCodes,
		Families: d.families(),
		Open:     d.open,
	}
}
