package targets

import (
	"regexp"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// keyWord names a key. It quotes only what looks like one: in {token:secret}, where
// a space is missing, the whole text is the key.
func keyWord(key string) string {
	if plainKey.MatchString(key) {
		return "key " + strconv.Quote(key)
	}
	return "key (not shown, it does not look like one; is the space after a colon missing?)"
}

// kindWord says what kind of value is wanted.
func kindWord(k yaml.Kind) string {
	switch k {
	case yaml.MappingNode:
		return "a mapping (key: value)"
	case yaml.SequenceNode:
		return "a list"
	}
	return "a single value"
}

// tagWord says what kind of value was found. It never quotes: an odd tag may be an
// unquoted password that begins with an exclamation mark.
func tagWord(tag string) string {
	switch tag {
	case "!!map":
		return "a mapping"
	case "!!seq":
		return "a list"
	case "!!str":
		return "text"
	case "!!int":
		return "a whole number"
	case "!!float":
		return "a number"
	case "!!bool":
		return "true or false"
	case "!!timestamp":
		return "a date"
	case "!!null":
		return "nothing"
	}
	return "a value with a tag (!name)"
}

// typeWord says in a user's words which Go type is wanted. It is empty for a named
// type, whose shape its name does not tell.
func typeWord(goType string) string {
	switch {
	case goType == "string":
		return "text"
	case goType == "bool":
		return "true or false"
	case goType == "time.Duration":
		return "a duration such as 10s"
	case strings.HasPrefix(goType, "[]"):
		return "a list"
	case strings.HasPrefix(goType, "map["):
		return "a mapping"
	case strings.Contains(goType, "."):
		return ""
	case strings.HasPrefix(goType, "int"), strings.HasPrefix(goType, "uint"):
		return "a whole number"
	case strings.HasPrefix(goType, "float"):
		return "a number"
	}
	return ""
}
