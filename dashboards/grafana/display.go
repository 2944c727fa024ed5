package grafana

import (
	"fmt"
	"math"
	"time"
)

// display returns how a value of a field is shown, with the colour that its mappings,
// thresholds or its own colour give it, whether that is seen or not.
func (f field) display(value any, now time.Time) (Cell, error) {
	id := f.options.unit
	switch {
	case f.kind == timeKind && !dated(id):
		id = "dateTimeAsIso" // Grafana's default, but for the administrator's own
	case f.kind == textKind && id == "":
		id = "string"
	}
	format, err := unit(id, now)
	if err != nil {
		return Cell{}, err
	}
	found := lookUp(f.options.mappings, value)
	if found == nil {
		found = &mapped{}
	}
	// A text that looks like a number is one, unless the unit says that it is a text.
	v, isNumber := numeric(value)
	isNumber = isNumber && id != "string"

	shown := Cell{Color: found.Color, Value: value}
	switch {
	case found.Text != nil:
		shown.Text = *found.Text
	case isNumber:
		shown.Text = format(v, f.options.decimals)
	default:
		shown.Text = text(value)
		if shown.Text == "" {
			shown.Text = f.options.noValue
		}
	}
	if shown.Color == "" {
		if !isNumber {
			v = math.Inf(-1)
		}
		shown.Color, err = f.options.colorOf(v)
	}
	return shown, err
}

// colorOf returns the colour that a value has by itself.
func (o options) colorOf(v float64) (string, error) {
	switch o.color.Mode {
	case "thresholds", "":
		step, err := o.thresholds.of(v)
		if step < 0 {
			return "", err
		}
		return o.thresholds.Steps[step].Color, err
	case "fixed":
		return o.color.FixedColor, nil
	case "palette-classic", "palette-classic-by-name":
		return "palette", nil
	}
	return "", fmt.Errorf("colour mode %q is not known here", o.color.Mode)
}

// of returns the step that a value has reached, -1 for none.
func (t thresholds) of(v float64) (int, error) {
	if t.Mode != "absolute" && len(t.Steps) > 0 {
		return -1, fmt.Errorf("thresholds of mode %q are not known here", t.Mode)
	}
	reached := -1
	for i, step := range t.Steps {
		if i > 0 && (step.Value == nil || v < *step.Value) {
			break
		}
		reached = i
	}
	return reached, nil
}

// fill returns how much of its bar a value fills. Without a minimum or maximum of its
// own a bar takes that of all numbers of the panel, so that a column of dates makes
// all others short; with fieldMinMax that of its own field.
func (f field) fill(value any, all []frame) *float64 {
	v, ok := value.(float64)
	if !ok {
		return nil
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, frame := range all {
		for _, other := range frame.fields {
			if other.kind != numberKind || f.options.fieldMinMax && other.name != f.name {
				continue
			}
			for _, o := range other.values {
				if o, ok := o.(float64); ok {
					low, high = min(low, o), max(high, o)
				}
			}
		}
	}
	if f.options.min != nil {
		low = *f.options.min
	}
	if f.options.max != nil {
		high = *f.options.max
	}
	share := min(max((v-low)/(high-low), 0), 1)
	if math.IsNaN(share) {
		share = 0
	}
	return &share
}
