package grafana

import (
	"fmt"
	"slices"
)

// Bare is the message of a table that has headers and nothing below them: that of
// several queries of which none has an answer. Its noValue is not shown; newer versions
// of Grafana do. (https://github.com/grafana/grafana/pull/121099)
const Bare = "headers without rows"

// table reads the panel of that name. Several frames that were not merged are a
// choice below the table, of which the first is shown; that is never meant here.
func (p Panel) table(frames []frame, at Moment) (Reading, error) {
	if !slices.ContainsFunc(frames, func(f frame) bool { return len(f.fields) > 0 }) {
		return Reading{Message: p.nothing()}, nil
	}
	if len(frames) > 1 {
		return Reading{}, fmt.Errorf("its %d frames were not made one", len(frames))
	}
	main, err := p.ordered(frames[0])
	if err != nil {
		return Reading{}, err
	}
	var reading Reading
	var visible []field
	for _, column := range main.fields {
		if !column.options.hidden && !column.options.hideFrom.Viz {
			visible = append(visible, column)
			reading.Columns = append(reading.Columns, column.shown())
		}
	}
	for row := range main.rows() {
		var cells []Cell
		for _, column := range visible {
			cell, err := column.cell(row, main, at)
			if err != nil {
				return Reading{}, fmt.Errorf("column %q: %w", column.shown(), err)
			}
			cells = append(cells, cell)
		}
		reading.Rows = append(reading.Rows, cells)
	}
	if main.rows() == 0 {
		reading.Message = Bare
	}
	return reading, nil
}

// ordered sorts the rows as the table's options say.
func (p Panel) ordered(f frame) (frame, error) {
	for _, by := range slices.Backward(p.Options.SortBy) {
		i := slices.IndexFunc(f.fields, func(column field) bool { return column.shown() == by.DisplayName })
		switch {
		case i < 0 && f.rows() == 0:
			continue // there are not even labels to make columns of
		case i < 0:
			return frame{}, fmt.Errorf("there is no column %q to sort by", by.DisplayName)
		}
		f = f.sortedBy(f.fields[i], by.Desc)
	}
	return f, nil
}

// cell reads one cell: its text, the colour if its type shows one, the bar of a gauge
// and its links.
func (f field) cell(row int, main frame, at Moment) (Cell, error) {
	cell, err := f.display(f.values[row], at.Now)
	if err != nil {
		return Cell{}, err
	}
	switch o := f.options.cell; o.Type {
	case "", "auto":
		cell.Color = ""
	case "color-text", "color-background":
	case "gauge":
		cell.Fill = f.fill(f.values[row], []frame{main})
		if o.ValueDisplayMode == "hidden" {
			cell.Text = ""
		}
	default:
		return Cell{}, fmt.Errorf("a cell of type %q is not known here", o.Type)
	}
	for _, l := range f.options.links {
		link, err := l.resolved(row, f, main, at)
		if err != nil {
			return Cell{}, fmt.Errorf("link %q: %w", l.Title, err)
		}
		cell.Links = append(cell.Links, link)
	}
	return cell, nil
}
