package grafana

import (
	"fmt"
	"time"
)

// timeline reads a state-timeline: a band for each series.
func (p Panel) timeline(frames []frame, at Moment) (Reading, error) {
	var reading Reading
	for _, f := range frames {
		for _, column := range f.fields {
			if column.kind != numberKind {
				continue
			}
			spans, err := p.spans(f.fields[0], column, at)
			if err != nil {
				return Reading{}, fmt.Errorf("band %q: %w", column.shown(), err)
			}
			reading.Bands = append(reading.Bands, Band{column.shown(), spans})
		}
	}
	if len(frames) > 0 && len(reading.Bands) == 0 {
		reading.Message = "Data does not have a time field" // whatever noValue says: a frame is there, but no field
	}
	return reading, nil
}

// spans joins points that show the same, as long as they follow each other.
func (p Panel) spans(times, values field, at Moment) ([]Span, error) {
	show := values.display
	if merges := p.Options.MergeValues; (merges == nil || *merges) && values.options.color.Mode == "thresholds" {
		show = values.threshold
	}
	var spans []Span
	for i, value := range values.values {
		cell, err := show(value, at.Now)
		if err != nil {
			return nil, err
		}
		when := time.UnixMilli(int64(times.values[i].(float64))).UTC()
		if last := len(spans) - 1; last >= 0 && spans[last].Text == cell.Text && spans[last].Color == cell.Color && when.Sub(spans[last].To) <= at.Step {
			spans[last].To = when
			continue
		}
		spans = append(spans, Span{cell, when, when})
	}
	return spans, nil
}

// threshold is what a timeline shows that merges values and colours by thresholds:
// the range between two thresholds in the place of the value. Mappings have no effect
// then.
func (f field) threshold(value any, now time.Time) (Cell, error) {
	steps := f.options.thresholds.Steps
	v, _ := value.(float64)
	reached, err := f.options.thresholds.of(v)
	if err != nil || reached < 0 {
		return Cell{Value: value}, err
	}
	format, err := unit(f.options.unit, now)
	if err != nil {
		return Cell{}, err
	}
	label := "-∞+"
	switch {
	case reached == 0 && len(steps) > 1:
		label = "< " + format(*steps[1].Value, f.options.decimals)
	case reached > 0:
		label = format(*steps[reached].Value, f.options.decimals) + "+"
	}
	return Cell{Text: label, Color: steps[reached].Color, Value: value}, nil
}
