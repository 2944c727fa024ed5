package progress

import (
	"fmt"
	"slices"
	"strings"
)

// Unread is a field of an answer that could not be read and that the report can do
// without: a value of another type than the product documents, or a text in an unknown
// form.
type Unread struct {
	Field string // as the vendor writes it, with a dot before each level; never with a value
	Kind  Kind   // what it should be
}

// Kind is what a field of an answer should be. The set is closed: it is a label.
type Kind string

// The kinds of fields.
const (
	NumberField Kind = "number"
	TextField   Kind = "text"
	FlagField   Kind = "flag"
	ObjectField Kind = "object"
	ListField   Kind = "list"
	DateField   Kind = "date"
)

// Kinds returns every kind.
func Kinds() []Kind {
	return []Kind{NumberField, TextField, FlagField, ObjectField, ListField, DateField}
}

// AddUnread adds a field to those that could not be read, unless it is there: of a list,
// each field is named once. Fields are few, because the wire structs name them.
func AddUnread(unread []Unread, field string, kind Kind) []Unread {
	if u := (Unread{field, kind}); !slices.Contains(unread, u) {
		return append(unread, u)
	}
	return unread
}

// maxNamed bounds the fields that a line of the log names.
const maxNamed = 8

// UnreadFields says fields that could not be read to a person, the first ones of many.
func UnreadFields(unread []Unread) string {
	fields := make([]string, 0, maxNamed+1)
	for i, u := range unread {
		if i == maxNamed {
			fields = append(fields, fmt.Sprintf("and %d more, which the debug view names", len(unread)-i))
			break
		}
		fields = append(fields, u.Field+" (want "+string(u.Kind)+")")
	}
	return strings.Join(fields, ", ")
}
