package grafana

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// transforms are the transformations that the dashboards use, by their id.
func transforms() map[string]func(json.RawMessage, []frame) ([]frame, error) {
	return map[string]func(json.RawMessage, []frame) ([]frame, error){
		"merge":    merge,
		"organize": organize,
		"sortBy":   sortBy,
	}
}

// transform applies the panel's transformations in their order.
func (p Panel) transform(frames []frame) ([]frame, error) {
	for _, t := range p.Transformations {
		if t.Disabled {
			continue
		}
		apply, ok := transforms()[t.ID]
		if !ok {
			return nil, fmt.Errorf("transformation %q is not known here", t.ID)
		}
		var err error
		if frames, err = apply(t.Options, frames); err != nil {
			return nil, fmt.Errorf("transformation %s: %w", t.ID, err)
		}
	}
	return frames, nil
}

// strictly decodes options of which every one is known.
func strictly(options json.RawMessage, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(options))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// merge makes one frame of all: rows that contradict each other in no field become
// one row.
func merge(options json.RawMessage, frames []frame) ([]frame, error) {
	if err := strictly(options, &struct{}{}); err != nil {
		return nil, err
	}
	var data []frame
	for _, f := range frames {
		if len(f.fields) > 0 {
			data = append(data, f)
		}
	}
	if len(frames) <= 1 || len(data) == 0 {
		return frames[:min(1, len(frames))], nil
	}
	var merged frame
	count := map[string]int{} // in how many frames a field is
	for _, f := range data {
		for _, column := range f.fields {
			if count[column.name]++; count[column.name] == 1 {
				column.values, column.labels = nil, nil
				merged.fields = append(merged.fields, column)
			}
		}
	}
	for name, n := range count {
		if n < len(data) {
			delete(count, name)
		}
	}
	if len(count) == 0 {
		return frames, nil
	}
	for _, row := range joined(data, count) {
		for i := range merged.fields {
			merged.fields[i].values = append(merged.fields[i].values, row[merged.fields[i].name])
		}
	}
	return []frame{merged}, nil
}

// joined returns the rows of all frames. Those that agree in the fields which all
// frames have, and contradict each other in no other, become one.
func joined(data []frame, everywhere map[string]int) []map[string]any {
	var rows []map[string]any
	byKey := map[string][]map[string]any{}
	for _, f := range data {
		for i := range f.rows() {
			row, key := map[string]any{}, ""
			for _, column := range f.fields {
				row[column.name] = column.values[i]
				if everywhere[column.name] > 0 {
					key += plain(column.values[i])
				}
			}
			taken := false
			for _, existing := range byKey[key] {
				if agree(existing, row) {
					taken = true
					for name, value := range row {
						existing[name] = value
					}
				}
			}
			if !taken {
				byKey[key] = append(byKey[key], row)
				rows = append(rows, row)
			}
		}
	}
	return rows
}

func agree(existing, row map[string]any) bool {
	for name, value := range row {
		if existing[name] != nil && existing[name] != value {
			return false
		}
	}
	return true
}

// organize leaves fields out, orders them and names them.
func organize(options json.RawMessage, frames []frame) ([]frame, error) {
	var o struct {
		ExcludeByName map[string]bool
		IncludeByName map[string]bool
		IndexByName   map[string]int
		RenameByName  map[string]string
	}
	if err := strictly(options, &o); err != nil {
		return nil, err
	}
	place := func(f field) int {
		if i, ok := o.IndexByName[f.shown()]; ok {
			return i
		}
		return math.MaxInt
	}
	var all []frame
	for _, f := range frames {
		kept := frame{refID: f.refID}
		for _, column := range f.fields {
			if !o.ExcludeByName[column.shown()] && (len(o.IncludeByName) == 0 || o.IncludeByName[column.shown()]) {
				kept.fields = append(kept.fields, column)
			}
		}
		slices.SortStableFunc(kept.fields, func(a, b field) int { return cmp.Compare(place(a), place(b)) })
		for i, column := range kept.fields {
			if name := o.RenameByName[column.shown()]; name != "" {
				kept.fields[i].renamed = name
			}
		}
		all = append(all, kept)
	}
	return all, nil
}
