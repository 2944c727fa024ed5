package progress

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
)

// keys are the names that an object of an answer may have, and what is below them.
// They serve to take out of a body what encoding/json would take for a name although
// it is written otherwise: it reads STATE into the field state, and where both stand
// the last one wins.
type keys struct{ fields []field }

type field struct {
	name  []byte
	below *keys // nil: no objects whose names are known
}

// keysOf returns the names of a type that an answer is decoded into: of a struct, or
// of what a pointer or list of them leads to. It is nil for everything else, such as
// a type that decodes itself.
func keysOf(t reflect.Type, known map[reflect.Type]*keys) *keys {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return nil
	}
	if k, ok := known[t]; ok {
		return k
	}
	k := &keys{}
	known[t] = k // before its fields: it may hold itself
	for _, f := range wireFields(t) {
		k.fields = append(k.fields, field{[]byte(f.name), keysOf(t.FieldByIndex(f.index).Type, known)})
	}
	return k
}

// wireField is a field of a wire struct.
type wireField struct {
	name      string // in the answer
	index     []int
	essential bool // without it, or with another type, the answer says nothing
}

// wireFields returns the fields that a struct is decoded into, also those of structs
// that are embedded in it.
func wireFields(t reflect.Type) []wireField {
	var fields []wireField
	for _, f := range reflect.VisibleFields(t) {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case name == "-" || !f.IsExported() || f.Anonymous && name == "":
			continue
		case name == "":
			name = f.Name
		}
		fields = append(fields, wireField{name, f.Index, f.Tag.Get("progress") == "essential"})
	}
	return fields
}

// find looks a key up, which has its quotes: what is below it, and which field it is.
// It is misspelt if it is none, but encoding/json would take it for one. Most answers
// have the order of the fields, so the next one is tried first.
func (k *keys) find(quoted []byte, next int) (below *keys, at int, misspelt bool) {
	key := quoted[1 : len(quoted)-1]
	if next < len(k.fields) && bytes.Equal(k.fields[next].name, key) {
		return k.fields[next].below, next, false
	}
	if bytes.IndexByte(key, '\\') >= 0 {
		var plain string
		if json.Unmarshal(quoted, &plain) == nil {
			key = []byte(plain)
		}
	}
	if i := slices.IndexFunc(k.fields, func(f field) bool { return bytes.Equal(f.name, key) }); i >= 0 {
		return k.fields[i].below, i, false
	}
	return nil, next, slices.ContainsFunc(k.fields, func(f field) bool { return bytes.EqualFold(f.name, key) })
}

// census is what an answer holds, counted before anything of it is kept.
type census struct {
	containers int // objects and lists
	values     int // them, and whatever is separated by a comma
	depth      int // of the deepest
}

// look goes over an answer once, without decoding it. It returns what the answer holds,
// and the body, or a copy of it in which the keys are made unknown that are names but for
// their case, down to maxDepth. What is no JSON gets some count.
func (k *keys) look(body []byte) (exact []byte, has census) {
	type level struct {
		keys *keys
		next int  // the field that comes next, if all come in order
		list bool // its objects are those of the level
	}
	var levels [maxDepth + 1]level
	l, below, depth, copied := &levels[0], k, 0, false
	for i := 0; i < len(body); i++ {
		switch body[i] {
		case '"':
			end := closing(body, i)
			if end < 0 {
				return body, has // not JSON, as decoding it will say
			}
			if l.keys != nil && !l.list && isKey(body, end) {
				var misspelt bool
				var at int
				if below, at, misspelt = l.keys.find(body[i:end+1], l.next); misspelt {
					if !copied {
						body, copied = bytes.Clone(body), true
					}
					copy(body[i+1:end], bytes.Repeat([]byte{'-'}, end-i-1))
				}
				l.next = at + 1
			}
			i = end
		case ',':
			has.values++
		case '{', '[':
			has.containers++
			has.values++
			if l.list {
				below = l.keys
			}
			depth++
			has.depth = max(has.depth, depth)
			l = &levels[min(depth, maxDepth)]
			*l = level{keys: below, list: body[i] == '['}
			below = nil
		case '}', ']':
			depth = max(depth-1, 0)
			l = &levels[min(depth, maxDepth)]
		}
	}
	return body, has
}

// closing returns where the string ends that begins at i, or -1.
func closing(body []byte, i int) int {
	for end := i; ; {
		n := bytes.IndexByte(body[end+1:], '"')
		if n < 0 {
			return -1
		}
		end += 1 + n
		escapes := 0
		for body[end-1-escapes] == '\\' {
			escapes++
		}
		if escapes%2 == 0 {
			return end
		}
	}
}

// isKey reports whether the string that ends there is followed by a colon.
func isKey(body []byte, end int) bool {
	for i := end + 1; i < len(body); i++ {
		switch body[i] {
		case ' ', '\t', '\r', '\n':
		default:
			return body[i] == ':'
		}
	}
	return false
}
