package mrs

import (
	"bytes"
	"html"
	"regexp"
	"strings"
)

// Bounds of what is looked for on a page: a login page has half a dozen inputs, and
// the longest values take some kilobytes.
const (
	maxInputs = 200
	maxInput  = 8 << 10 // in bytes
)

// hiddenField returns the value of the first hidden input with this name on a
// page; empty if there is none. A tag is read wherever one begins, whatever stands
// around it, so that no text before a form hides it.
func hiddenField(page []byte, name string) string {
	for range maxInputs {
		at := indexInput(page)
		if at < 0 {
			return ""
		}
		page = page[at:]
		given, length := readTag(page[:min(len(page), maxInput)])
		if strings.EqualFold(given["type"], "hidden") && given["name"] == name {
			return given["value"]
		}
		page = page[length:]
	}
	return ""
}

// inputTag is how an input begins.
var inputTag = regexp.MustCompile(`(?i)<input\b`)

func indexInput(page []byte) int {
	if at := inputTag.FindIndex(page); at != nil {
		return at[0]
	}
	return -1
}

// readTag returns the attributes of the input with which a text begins, and its
// length. One that does not end has none. Each byte is read once; a pattern would
// look for the end of a quote again and again.
func readTag(text []byte) (given map[string]string, length int) {
	const space = " \t\r\n\f"
	given = map[string]string{}
	rest := text[len("<input"):]
	for {
		rest = bytes.TrimLeft(rest, space+"/")
		if len(rest) == 0 {
			return nil, len("<input")
		}
		if rest[0] == '>' {
			return given, len(text) - len(rest) + 1
		}
		end := bytes.IndexAny(rest[1:], space+"/>=") + 1 // a name has one byte at least
		if end == 0 {
			return nil, len("<input")
		}
		name := strings.ToLower(string(rest[:end]))
		rest = bytes.TrimLeft(rest[end:], space)
		value, ok := "", true
		if after, is := bytes.CutPrefix(rest, []byte("=")); is {
			if value, rest, ok = readValue(bytes.TrimLeft(after, space)); !ok {
				return nil, len("<input")
			}
		}
		if _, twice := given[name]; !twice { // the first counts
			given[name] = value
		}
	}
}

// readValue returns the value of an attribute with which a text begins, and what
// stands behind it; not ok if it does not end.
func readValue(text []byte) (value string, rest []byte, ok bool) {
	end, behind := bytes.IndexAny(text, " \t\r\n\f>"), 0
	if len(text) > 0 && (text[0] == '"' || text[0] == '\'') {
		quote := text[0]
		text = text[1:]
		end, behind = bytes.IndexByte(text, quote), 1
	}
	if end < 0 {
		return "", nil, false
	}
	return html.UnescapeString(string(text[:end])), text[end+behind:], true
}
