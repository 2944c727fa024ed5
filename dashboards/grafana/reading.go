package grafana

import (
	"fmt"
	"time"
)

// Moment is when, and with which variables chosen, somebody looks at the dashboard.
type Moment struct {
	Now       time.Time
	Step      time.Duration     // between two points of a range query: what is further apart is a gap
	Variables map[string]string // the value of each variable of the dashboard, for links
}

// Reading is what a person reads.
type Reading struct {
	// Message stands in the place of everything else where there is nothing to show:
	// the panel's own sentence, or Grafana's.
	Message string
	Columns []string // of a table, from left to right
	Rows    [][]Cell // of a table, from top to bottom, as many cells as columns
	Values  []Value  // of stat and bargauge
	Bands   []Band   // of a state-timeline, from top to bottom
	Curves  []Value  // of a timeseries: where each curve ends
}

// Cell is a value as it is shown.
type Cell struct {
	Text  string
	Color string   // the name of the colour that is seen, in the text, behind it or as a bar; empty for none
	Fill  *float64 // how long the bar is, from 0 to 1, where there is one
	Links []Link
	Value any // behind the text: a float64, a string, or nil
}

// Link is where a cell leads to.
type Link struct{ Title, URL string }

// Value is one value of several, with its name if that is shown.
type Value struct {
	Name string
	Cell Cell
}

// Band is the line of a state-timeline for one series.
type Band struct {
	Name   string
	States []Span
}

// Span is a time in which a band shows the same.
type Span struct {
	Cell
	From, To time.Time // the first and the last point
}

// Read returns what the panel shows.
func (p Panel) Read(answers Answers, at Moment) (Reading, error) {
	reading, err := p.read(answers, at)
	if err != nil {
		return Reading{}, fmt.Errorf("panel %q: %w", p.Title, err)
	}
	return reading, nil
}

func (p Panel) read(answers Answers, at Moment) (Reading, error) {
	show, ok := map[string]func([]frame, Moment) (Reading, error){
		"table": p.table, "stat": p.values, "bargauge": p.values, "state-timeline": p.timeline, "timeseries": p.curves,
	}[p.Type]
	if !ok {
		return Reading{}, fmt.Errorf("a panel of type %q is not known here", p.Type)
	}
	frames, err := p.frames(answers)
	if err != nil {
		return Reading{}, err
	}
	if frames, err = p.transform(frames); err != nil {
		return Reading{}, err
	}
	if frames, err = p.configure(frames); err != nil {
		return Reading{}, err
	}
	return show(frames, at)
}

// nothing is the message where no frame has a field.
func (p Panel) nothing() string {
	if p.FieldConfig.Defaults.noValue != "" {
		return p.FieldConfig.Defaults.noValue
	}
	return "No data"
}

// Column returns the cells of a column of a table from top to bottom, and whether
// there is such a column.
func (r Reading) Column(name string) ([]Cell, bool) {
	for i, column := range r.Columns {
		if column == name {
			cells := make([]Cell, 0, len(r.Rows))
			for _, row := range r.Rows {
				cells = append(cells, row[i])
			}
			return cells, true
		}
	}
	return nil, false
}
