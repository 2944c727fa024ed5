// Package confidential finds credentials that the configuration does not name, by the
// names of the fields that hold them, and removes them from what is shown or kept.
package confidential

import "regexp"

// Hidden stands where something was taken out.
const Hidden = "<redacted>"

// names are in the names of fields that hold credentials.
var names = regexp.MustCompile(`(?i)token|passw|passphrase|pwd|secret|ticket|session|credential|cookie|authoriz|signature|bearer|jwt|(api|access|private|signing)[_-]?key`)

// counted are names of fields that hold no credential but something about them.
var counted = regexp.MustCompile(`(?i)(count|total|size|state|status|type|time|date|_at)s?$|At$`)

// Name reports whether the name of a field says that its value is a credential.
func Name(name string) bool { return names.MatchString(name) && !counted.MatchString(name) }

// named finds, in a text that is not JSON, a name and its value: those of half a JSON
// object, of a header, of a query, of a file of settings.
// In JSON that is a text in other JSON quotes have backslashes.
var named = regexp.MustCompile(`([0-9A-Za-z_.-]+)(\\*["']?\s*[=:]\s*)(\\+"[^"\\]*(?:\\+")?|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\r\n&;,]+)`)

// Text takes the values of confidential names out of a text: of JSON, as it may stand as a
// text in other JSON, or of half of it.
func Text(text string) string { return within(text, 3) }

// within does it for a text that stands in others, so many of which there may be in it.
func within(text string, more int) string {
	return named.ReplaceAllStringFunc(text, func(found string) string {
		m := named.FindStringSubmatch(found)
		name, value := m[1], m[3]
		switch {
		case Name(name):
			value = quote(Hidden)
		case more > 0 && value[0] == '"':
			value = `"` + within(value[1:], more-1)
		}
		return name + m[2] + value
	})
}
