package grafana

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// options say how the values of a field look.
type options struct {
	unit        string
	decimals    *int
	min, max    *float64
	fieldMinMax bool
	noValue     string
	displayName string
	color       color
	mappings    []mapping
	thresholds  thresholds
	links       []link
	cell        cellOptions // of tables
	hidden      bool        // of tables
	hideFrom    struct{ Viz bool }
}

// color is where a value has its colour from, unless a mapping gives it one.
type color struct{ Mode, FixedColor string }

// cellOptions say how the cells of a table look.
type cellOptions struct {
	Type             string
	Mode             string // how the colour is laid out
	ValueDisplayMode string // of a gauge: whether its text is coloured or hidden
	WrapText         bool
}

// thresholds give a colour to values from a step's value on; the first step is from
// the lowest on.
type thresholds struct {
	Mode  string
	Steps []struct {
		Color string
		Value *float64
	}
}

// link leads from a cell to somewhere else.
type link struct {
	Title string
	URL   string
}

// drawn are the options that decide how something is drawn, of which
// nothing is read here.
func drawn() map[string]bool {
	drawn := map[string]bool{}
	for _, name := range []string{
		"align", "axisColorMode", "axisLabel", "axisPlacement", "axisSoftMax", "axisSoftMin", "drawStyle", "fillBelowTo", "fillOpacity", "filterable",
		"gradientMode", "insertNulls", "inspect", "lineInterpolation", "lineStyle", "lineWidth", "minWidth", "pointSize", "showPoints", "spanNulls", "stacking",
		"thresholdsStyle", "width", "wrapHeaderText",
	} {
		drawn["custom."+name] = true
	}
	return drawn
}

// configure gives each field of the frames its options: the panel's, changed by the
// overrides that match.
func (p Panel) configure(frames []frame) ([]frame, error) {
	for i, f := range frames {
		for j := range f.fields {
			column := &frames[i].fields[j]
			column.options = p.FieldConfig.Defaults
			for _, o := range p.FieldConfig.Overrides {
				matches, err := o.matches(*column, f)
				if err != nil {
					return nil, err
				}
				if !matches {
					continue
				}
				for _, property := range o.Properties {
					if err := column.options.set(property); err != nil {
						return nil, fmt.Errorf("override of %s: %w", o.Matcher.Options, err)
					}
				}
			}
		}
	}
	return frames, nil
}

// matches reports whether an override is about a field.
func (o override) matches(column field, f frame) (bool, error) {
	var want string
	if err := json.Unmarshal(o.Matcher.Options, &want); err != nil {
		return false, fmt.Errorf("matcher %s: %w", o.Matcher.ID, err)
	}
	switch o.Matcher.ID {
	case "byName":
		return column.is(want), nil
	case "byRegexp":
		pattern, err := expression(want)
		return err == nil && pattern.MatchString(column.shown()), err
	case "byType":
		return column.kind == want, nil
	case "byFrameRefID":
		return f.refID == want, nil
	}
	return false, fmt.Errorf("matcher %q is not known here", o.Matcher.ID)
}

// expression reads /pattern/ or, as Grafana does, a pattern without slashes for the
// whole name.
func expression(text string) (*regexp.Regexp, error) {
	if !strings.HasPrefix(text, "/") {
		return regexp.Compile("^" + text + "$")
	}
	end := strings.LastIndex(text, "/")
	switch flags := text[end+1:]; {
	case end == 0:
		return nil, fmt.Errorf("regular expression %s has no end", text)
	case flags == "i":
		return regexp.Compile("(?i)" + text[1:end])
	case flags != "":
		return nil, fmt.Errorf("regular expression %s has flags that are not known here", text)
	}
	return regexp.Compile(text[1:end])
}

// UnmarshalJSON reads the options of a panel, one by one like those of an override.
func (o *options) UnmarshalJSON(text []byte) error {
	var all map[string]json.RawMessage
	if err := json.Unmarshal(text, &all); err != nil {
		return err
	}
	var custom map[string]json.RawMessage
	if own, ok := all["custom"]; ok {
		delete(all, "custom")
		if err := json.Unmarshal(own, &custom); err != nil {
			return err
		}
	}
	for name, value := range custom {
		all["custom."+name] = value
	}
	for name, value := range all {
		if err := o.set(property{name, value}); err != nil {
			return err
		}
	}
	return nil
}

// set changes one option.
func (o *options) set(p property) error {
	decode := json.Unmarshal
	var into any
	switch p.ID {
	case "unit":
		into = &o.unit
	case "decimals":
		into = &o.decimals
	case "min":
		into = &o.min
	case "max":
		into = &o.max
	case "fieldMinMax":
		into = &o.fieldMinMax
	case "noValue":
		into = &o.noValue
	case "displayName":
		into = &o.displayName
	case "color":
		o.color = color{}
		into = &o.color
	case "mappings":
		o.mappings = nil // what is replaced must not be decoded into
		into = &o.mappings
	case "thresholds":
		o.thresholds = thresholds{}
		into = &o.thresholds
	case "links":
		o.links = nil
		into = &o.links
	case "custom.cellOptions":
		o.cell = cellOptions{}
		into, decode = &o.cell, func(text []byte, into any) error { return strictly(text, into) }
	case "custom.hidden":
		into = &o.hidden
	case "custom.hideFrom":
		into = &o.hideFrom
	default:
		if drawn()[p.ID] {
			return nil
		}
		return fmt.Errorf("option %q is not known here", p.ID)
	}
	if err := decode(p.Value, into); err != nil {
		return fmt.Errorf("option %s: %w", p.ID, err)
	}
	return nil
}
