package grafana

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// sortBy sorts the rows by one field.
func sortBy(options json.RawMessage, frames []frame) ([]frame, error) {
	var o struct {
		Sort []struct {
			Field string
			Desc  bool
		}
		Fields struct{} // Grafana writes it and does not read it
	}
	if err := strictly(options, &o); err != nil {
		return nil, err
	}
	if len(o.Sort) != 1 {
		return nil, fmt.Errorf("%d fields to sort by: Grafana takes the first alone", len(o.Sort))
	}
	var all []frame
	for _, f := range frames {
		column, ok := f.find(o.Sort[0].Field)
		switch {
		case ok:
			f = f.sortedBy(column, o.Sort[0].Desc)
		case f.rows() > 0:
			return nil, fmt.Errorf("there is no field %q to sort by", o.Sort[0].Field)
		}
		all = append(all, f)
	}
	return all, nil
}

// sortedBy returns the frame with its rows in the order of a column; rows that compare
// as the same stay as they are.
func (f frame) sortedBy(by field, desc bool) frame {
	order := make([]int, f.rows())
	for i := range order {
		order[i] = i
	}
	compare := comparison(by.kind)
	slices.SortStableFunc(order, func(i, j int) int {
		if desc {
			i, j = j, i
		}
		return compare(by.values[i], by.values[j])
	})
	out := frame{refID: f.refID}
	for _, column := range f.fields {
		values := make([]any, len(order))
		for i, from := range order {
			values[i] = column.values[from]
		}
		column.values = values
		out.fields = append(out.fields, column)
	}
	return out
}

// comparison returns how Grafana's tables order the values of a kind: absent ones
// first, texts as people do, the numbers in them by their size.
func comparison(kind string) func(a, b any) int {
	if kind == textKind {
		people := collate.New(language.English, collate.Loose, collate.Numeric)
		return func(a, b any) int { return people.CompareString(text(a), text(b)) }
	}
	return compareNumbers
}

func compareNumbers(a, b any) int {
	x, hasX := a.(float64)
	y, hasY := b.(float64)
	switch {
	case !hasX && !hasY:
		return 0
	case !hasX:
		return -1
	case !hasY:
		return 1
	}
	return cmp.Compare(x, y)
}

// plain is a value as JavaScript writes it.
func plain(value any) string {
	switch value := value.(type) {
	case float64:
		return number(value)
	case string:
		return value
	}
	return "null"
}

// text is a value as a text; the absent one is empty.
func text(value any) string {
	if value == nil {
		return ""
	}
	return plain(value)
}
