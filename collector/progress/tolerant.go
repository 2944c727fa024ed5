package progress

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
)

// tolerant decodes an answer that encoding/json does not take, because a value has
// another type than the product documents. What a field has to be is in its tag:
//
//	State *string `json:"state" progress:"essential"`
//
// An essential field of another type costs the answer: the job's state and what its
// ratio is made of are never guessed. Any other is read if it can mean one thing only (a
// number or a flag in a text, a number in the place of a text), and is else left out as
// if it were absent. A number with separators, such as "12,345", is left out, because
// not everybody's comma separates thousands.
type tolerant struct{ unread []Unread }

// read decodes a value, which is valid JSON, into v; ok is false if it was left out.
func (t *tolerant) read(raw []byte, v reflect.Value, path string, essential bool) (ok bool, err error) {
	null := raw[0] == 'n'
	switch v.Kind() {
	case reflect.Pointer:
		if null {
			v.SetZero()
			return true, nil
		}
		into := v
		if v.IsNil() {
			into = reflect.New(v.Type().Elem())
		}
		if ok, err = t.read(raw, into.Elem(), path, essential); ok {
			v.Set(into)
		}
		return ok, err
	case reflect.Struct:
		if raw[0] == '{' {
			return true, t.readObject(raw, v, path)
		}
	case reflect.Slice:
		if raw[0] == '[' {
			return true, t.readList(raw, v, path, essential)
		}
	}
	wrong := json.Unmarshal(raw, v.Addr().Interface())
	switch {
	case wrong == nil:
		return true, nil
	case essential:
		return false, undocumented(path, raw, wrong)
	case coerce(raw, v):
		return true, nil
	}
	v.SetZero()
	t.unread = AddUnread(t.unread, path, kindOf(v))
	return false, nil
}

func (t *tolerant) readObject(raw []byte, v reflect.Value, path string) error {
	fields := wireFields(v.Type())
	return each(raw, func(key, value []byte) error {
		at := slices.IndexFunc(fields, func(f wireField) bool { return f.name == plainKey(key) })
		if at < 0 {
			return nil
		}
		f := fields[at]
		below := f.name
		if path != "" {
			below = path + "." + f.name
		}
		_, err := t.read(value, v.FieldByIndex(f.index), below, f.essential)
		return err
	})
}

// readList reads a list. An entry that is left out stays as an empty one, so that
// entries can be counted.
func (t *tolerant) readList(raw []byte, v reflect.Value, path string, essential bool) error {
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	return each(raw, func(_, value []byte) error {
		entry := reflect.New(v.Type().Elem()).Elem()
		_, err := t.read(value, entry, path, essential)
		v.Set(reflect.Append(v, entry))
		return err
	})
}

// coerce reads a value of another type than that of v, if it can mean one thing only.
func coerce(raw []byte, v reflect.Value) bool {
	isNumber := raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9'
	var text string
	if raw[0] == '"' && json.Unmarshal(raw, &text) != nil {
		return false
	}
	switch v.Kind() {
	case reflect.Float64:
		n, err := ParseNumber(text)
		if err == nil {
			v.SetFloat(n)
		}
		return err == nil
	case reflect.Bool:
		if text == "true" || text == "false" {
			v.SetBool(text == "true")
			return true
		}
	case reflect.String:
		if isNumber {
			v.SetString(string(raw))
			return true
		}
	}
	return false
}

var errNotNumber = errors.New("not a number as JSON writes it")

// ParseNumber reads a number that stands in a text, as JSON writes it: neither with
// separators nor as a word such as Infinity.
func ParseNumber(text string) (float64, error) {
	if text == "" || text[0] != '-' && (text[0] < '0' || text[0] > '9') || !json.Valid([]byte(text)) {
		return 0, errNotNumber
	}
	return strconv.ParseFloat(text, 64)
}

func undocumented(path string, raw []byte, err error) *Error {
	is := map[byte]string{'{': "object", '[': "array", '"': "string", 't': "bool", 'f': "bool"}[raw[0]]
	if wrong := (*json.UnmarshalTypeError)(nil); errors.As(err, &wrong) {
		is = wrong.Value
	}
	field := "the answer"
	if path != "" {
		field = "field " + path
	}
	return Errorf(Contract, "%s is a JSON %s, which the product does not document", field, is)
}

func kindOf(v reflect.Value) Kind {
	switch v.Kind() {
	case reflect.Float64:
		return NumberField
	case reflect.Bool:
		return FlagField
	case reflect.Struct:
		return ObjectField
	case reflect.Slice:
		return ListField
	}
	return TextField
}

// each calls f for every entry of an object or a list that is valid JSON; key has its
// quotes, and is nil in a list.
func each(raw []byte, f func(key, value []byte) error) error {
	const space, between = " \t\r\n", " \t\r\n,:"
	object := raw[0] == '{'
	for rest := bytes.TrimLeft(raw[1:], space); rest[0] != '}' && rest[0] != ']'; rest = bytes.TrimLeft(rest, between) {
		var key []byte
		if object {
			end := valueEnd(rest)
			key, rest = rest[:end], bytes.TrimLeft(rest[end:], between)
		}
		end := valueEnd(rest)
		if err := f(key, rest[:end]); err != nil {
			return err
		}
		rest = rest[end:]
	}
	return nil
}

// valueEnd returns where the value ends with which valid JSON begins.
func valueEnd(raw []byte) int {
	depth := 0
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '"':
			i = closing(raw, i)
		case '{', '[':
			depth++
			continue
		case '}', ']':
			if depth == 0 {
				return i // of a literal before it
			}
			depth--
		case ',', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return i
			}
			continue
		default:
			continue
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(raw)
}

// plainKey returns a key without its quotes and escapes.
func plainKey(quoted []byte) string {
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1])
	}
	var plain string
	_ = json.Unmarshal(quoted, &plain)
	return plain
}
