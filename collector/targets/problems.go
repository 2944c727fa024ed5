package targets

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// problem is one thing that is wrong with a file.
type problem struct {
	line int // 0: the whole file
	text string
}

// problem notes that something is wrong. The path is empty for the whole file.
func (r *reader) problem(line int, path, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if path != "" {
		text = path + ": " + text
	}
	if line > 0 {
		text = fmt.Sprintf("%s:%d: %s", r.file, line, text)
	} else {
		text = r.file + ": " + text
	}
	r.found = append(r.found, problem{line, text})
}

// err returns everything that is wrong, in the order of the file, or nil.
func (r *reader) err() error {
	slices.SortStableFunc(r.found, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	errs := make([]error, len(r.found))
	for i, p := range r.found {
		errs[i] = errors.New(p.text)
	}
	return errors.Join(errs...)
}

// What yaml.v3 says. The rest of its messages is dropped: it names Go types and
// quotes values, which may be secrets.
var (
	syntaxError  = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.+)$`)
	unknownKey   = regexp.MustCompile(`(?s)^line (\d+): field (.*) not found in type `)
	repeatedKey  = regexp.MustCompile(`(?s)^line (\d+): field (.*) already set in type `)
	duplicateKey = regexp.MustCompile(`^line (\d+): mapping key (".*") already defined at line (\d+)$`)
	wrongType    = regexp.MustCompile(`(?s)^line (\d+): cannot unmarshal (!\S*).* into (.+)$`)
)

// syntax notes a file that is not YAML. The line that yaml.v3 gives may be the one
// where the broken block begins.
func (r *reader) syntax(err error) {
	m := syntaxError.FindStringSubmatch(err.Error())
	switch {
	case strings.HasPrefix(err.Error(), "yaml: unknown anchor"):
		r.problem(0, "", "is not valid YAML: an alias (*name) has no anchor (&name) before it; put a value that begins with * into quotes")
	case m == nil:
		r.problem(0, "", "is not valid YAML")
	case m[1] == "":
		r.problem(0, "", "is not valid YAML: %s", m[2])
	default:
		line, _ := strconv.Atoi(m[1])
		r.problem(line, "", "is not valid YAML, here or below: %s", m[2])
	}
}

// mistakes says in our words what strict decoding found wrong.
func mistakes(err error) []problem {
	var typed *yaml.TypeError
	var bad *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &typed):
		list := make([]problem, len(typed.Errors))
		for i, text := range typed.Errors {
			list[i] = mistake(text)
		}
		return list
	case errors.As(err, &bad): // it quotes the URL, and with it a password
		return []problem{{text: "contains a URL that is not valid"}}
	case strings.HasPrefix(err.Error(), "yaml: "):
		return []problem{{text: failure(err.Error())}}
	}
	return []problem{{text: err.Error()}}
}

func mistake(text string) problem {
	if m := unknownKey.FindStringSubmatch(text); m != nil {
		return problem{number(m[1]), "unknown " + keyWord(m[2])}
	}
	if m := repeatedKey.FindStringSubmatch(text); m != nil {
		return problem{number(m[1]), "the " + keyWord(m[2]) + " is given twice"}
	}
	if m := duplicateKey.FindStringSubmatch(text); m != nil {
		key, _ := strconv.Unquote(m[2])
		return problem{number(m[1]), "the " + keyWord(key) + " is already given at line " + m[3]}
	}
	if m := wrongType.FindStringSubmatch(text); m != nil {
		return problem{number(m[1]), mismatch(tagWord(m[2]), typeWord(m[3]))}
	}
	return problem{text: "does not fit here"}
}

// failure explains the errors that stop yaml.v3.
func failure(text string) string {
	switch {
	case strings.HasPrefix(text, "yaml: anchor "):
		return "an alias (*name) stands inside of its own anchor (&name)"
	case strings.HasPrefix(text, "yaml: map merge "):
		return "a merge key (<<) needs a mapping or a list of mappings"
	case strings.HasPrefix(text, "yaml: document contains excessive aliasing"):
		return "too much of it comes from aliases (*name)"
	}
	return "a value does not fit its tag (!!name)"
}

func mismatch(found, want string) string {
	switch want {
	case "":
		return found + " does not fit here"
	case found:
		return "the number is out of range"
	}
	return fmt.Sprintf("want %s, found %s", want, found)
}

// number reads a line, of which yaml.v3 wrote the digits.
func number(digits string) int {
	n, _ := strconv.Atoi(digits)
	return n
}
