package grafana

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

var (
	// templates finds variables: ${name}, ${name.path}, ${name:format} and $name.
	templates = regexp.MustCompile(`\$\{(\w+)(?:\.([^:}]+))?(?::(\w+))?\}|\$(\w+)`)
	// fields finds what a template says of the row: fields.name or fields["name"].
	rowField = regexp.MustCompile(`^fields(?:\.(\w+)|\["([^"]+)"\]|\['([^']+)'\])(?:\.(text|numeric))?$`)
)

// resolved fills in what a link says of its cell, its row and the dashboard.
func (l link) resolved(row int, f field, main frame, at Moment) (Link, error) {
	address, err := filled(l.URL, row, f, main, at, escaped)
	if err != nil {
		return Link{}, err
	}
	title, err := filled(l.Title, row, f, main, at, func(s string) string { return s })
	return Link{Title: title, URL: address}, err
}

// escaped is a value as a part of an address.
func escaped(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }

func filled(template string, row int, f field, main frame, at Moment, quote func(string) string) (string, error) {
	var failed error
	out := templates.ReplaceAllStringFunc(template, func(m string) string {
		parts := templates.FindStringSubmatch(m)
		name, path, format := parts[1]+parts[4], parts[2], parts[3]
		if name == "__url_time_range" && path == "" {
			return m // the dashboard's own time; nothing of the row
		}
		value, err := variable(name, path, row, f, main, at)
		if err != nil && failed == nil {
			failed = fmt.Errorf("%s: %w", m, err)
		}
		switch format {
		case "", "percentencode", "text":
			return quote(value)
		case "raw":
			return value
		case "queryparam":
			return "var-" + name + "=" + quote(value)
		}
		failed = fmt.Errorf("%s: format %q is not known here", m, format)
		return ""
	})
	return out, failed
}

// variable is the value of a template's name.
func variable(name, path string, row int, f field, main frame, at Moment) (string, error) {
	switch {
	case name == "__data":
		m := rowField.FindStringSubmatch(path)
		if m == nil {
			return "", fmt.Errorf("%q is not known here", path)
		}
		other, ok := main.find(m[1] + m[2] + m[3])
		if !ok {
			return "", fmt.Errorf("the table has no field %q; one that is left out cannot be in a link", m[1]+m[2]+m[3])
		}
		if m[4] == "numeric" {
			return text(other.values[row]), nil
		}
		cell, err := other.display(other.values[row], at.Now)
		return cell.Text, err
	case name == "__value" && (path == "raw" || path == "numeric"):
		return text(f.values[row]), nil
	case name == "__value" && path == "text":
		cell, err := f.display(f.values[row], at.Now)
		return cell.Text, err
	case strings.HasPrefix(name, "__"):
		return "", fmt.Errorf("it is not known here")
	}
	value, ok := at.Variables[name]
	if !ok {
		return "", fmt.Errorf("the dashboard has no variable of this name")
	}
	return value, nil
}
