package grafana

import (
	"fmt"
)

// values reads a stat or a bargauge: one value for each number of each frame.
func (p Panel) values(frames []frame, at Moment) (Reading, error) {
	o := p.Options.ReduceOptions
	if o.Values || o.Fields != "" || len(o.Calcs) != 1 {
		return Reading{}, fmt.Errorf("reduceOptions %+v are not known here", o)
	}
	var reading Reading
	for _, f := range frames {
		for _, column := range f.fields {
			if column.kind != numberKind {
				continue
			}
			value, err := reduce(o.Calcs[0], column.values)
			if err != nil {
				return Reading{}, err
			}
			cell, err := column.display(value, at.Now)
			if err != nil {
				return Reading{}, fmt.Errorf("value %q: %w", column.shown(), err)
			}
			if p.Type == "bargauge" {
				cell.Fill = column.fill(value, frames)
			} else if p.Options.ColorMode == "none" {
				cell.Color = ""
			}
			reading.Values = append(reading.Values, Value{column.shown(), cell})
		}
	}
	if len(reading.Values) == 0 {
		reading.Message = p.nothing()
	}
	named, err := p.named(len(reading.Values))
	for i := range reading.Values {
		if !named {
			reading.Values[i].Name = ""
		}
	}
	return reading, err
}

// named reports whether so many values have their names beside them.
func (p Panel) named(count int) (bool, error) {
	if p.Type == "bargauge" {
		// A bar that is alone loses the name of its series.
		return p.Options.NamePlacement != "hidden" && (count > 1 || p.FieldConfig.Defaults.displayName != ""), nil
	}
	switch p.Options.TextMode {
	case "auto", "":
		return count > 1, nil
	case "value_and_name", "name":
		return true, nil
	case "value", "none":
		return false, nil
	}
	return false, fmt.Errorf("textMode %q is not known here", p.Options.TextMode)
}

// reduce makes one value of many.
func reduce(calc string, values []any) (any, error) {
	switch calc {
	case "last":
		if len(values) == 0 {
			return nil, nil
		}
		return values[len(values)-1], nil
	case "lastNotNull":
		for i := len(values) - 1; i >= 0; i-- {
			if v, ok := values[i].(float64); ok && v == v {
				return v, nil
			}
		}
		return nil, nil
	}
	return nil, fmt.Errorf("calculation %q is not known here", calc)
}

// curves reads a timeseries: where each curve ends. A legend that shows the last
// value shows it like this.
func (p Panel) curves(frames []frame, at Moment) (Reading, error) {
	var reading Reading
	for _, f := range frames {
		for _, column := range f.fields {
			if column.kind != numberKind {
				continue
			}
			last, err := reduce("lastNotNull", column.values)
			if err != nil {
				return Reading{}, err
			}
			cell, err := column.display(last, at.Now)
			if err != nil {
				return Reading{}, fmt.Errorf("curve %q: %w", column.shown(), err)
			}
			reading.Curves = append(reading.Curves, Value{column.shown(), cell})
		}
	}
	if len(reading.Curves) == 0 {
		reading.Message = p.nothing()
	}
	return reading, nil
}
