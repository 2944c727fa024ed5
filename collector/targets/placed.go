package targets

import (
	"regexp"
	"strings"
)

// optionForm is how a product begins a mistake in one of its options.
var optionForm = regexp.MustCompile(`^options\.([a-z_]+)`)

// Placed returns what is wrong with a target's options, one mistake a line, each with the
// file and the line in which it stands, unless it says so already. It wraps err.
func (t *Target) Placed(err error) error {
	lines := strings.Split(err.Error(), "\n")
	for i, mistake := range lines {
		lines[i] = t.placed(mistake)
	}
	return &placed{strings.Join(lines, "\n"), err}
}

func (t *Target) placed(mistake string) string {
	if t.options.file != "" && strings.HasPrefix(mistake, t.options.file+":") {
		return mistake
	}
	if m := optionForm.FindStringSubmatch(mistake); m != nil && t.options.node != nil {
		for i := 0; i+1 < len(t.options.node.Content); i += 2 {
			if key := t.options.node.Content[i]; key.Value == m[1] {
				r := reader{file: t.options.file}
				return r.position(key.Line, strings.TrimSuffix(t.options.path, "options")+mistake)
			}
		}
	}
	return t.Origin + ": " + mistake
}

// placed is an error that says where it stands.
type placed struct {
	text string
	err  error
}

// Error returns the mistakes with their places.
func (e *placed) Error() string { return e.text }

// Unwrap returns the mistakes as they were made.
func (e *placed) Unwrap() error { return e.err }
