package grafana

import (
	"encoding/json"
	"fmt"
	"strconv"
)

// mapping returns what is shown in the place of a value, nil if that is the value.
type mapping func(value any) *mapped

// mapped is what is shown. A mapping may set the text, the colour or both.
type mapped struct {
	Text  *string
	Color string
}

// lookUp returns what the first mapping that knows the value shows instead, if any.
func lookUp(mappings []mapping, value any) *mapped {
	for _, m := range mappings {
		if found := m(value); found != nil {
			return found
		}
	}
	return nil
}

// UnmarshalJSON reads a mapping of any type that is known here.
func (m *mapping) UnmarshalJSON(text []byte) error {
	var of struct {
		Type    string
		Options json.RawMessage
	}
	if err := json.Unmarshal(text, &of); err != nil {
		return err
	}
	read, ok := map[string]func(json.RawMessage) (mapping, error){
		"value": ofValues, "range": ofRange, "regex": ofPattern, "special": ofSpecial,
	}[of.Type]
	if !ok {
		return fmt.Errorf("mapping of type %q is not known here", of.Type)
	}
	var err error
	if *m, err = read(of.Options); err != nil {
		return fmt.Errorf("mapping of type %q: %w", of.Type, err)
	}
	return nil
}

func ofValues(options json.RawMessage) (mapping, error) {
	var names map[string]mapped
	err := json.Unmarshal(options, &names)
	return func(value any) *mapped {
		if found, ok := names[plain(value)]; ok && value != nil {
			return &found
		}
		return nil
	}, err
}

func ofRange(options json.RawMessage) (mapping, error) {
	var o struct {
		From, To *float64
		Result   mapped
	}
	err := json.Unmarshal(options, &o)
	return func(value any) *mapped {
		v, ok := numeric(value)
		if !ok || o.From != nil && v < *o.From || o.To != nil && v > *o.To {
			return nil
		}
		return &o.Result
	}, err
}

func ofPattern(options json.RawMessage) (mapping, error) {
	var o struct {
		Pattern string
		Result  mapped
	}
	if err := json.Unmarshal(options, &o); err != nil {
		return nil, err
	}
	pattern, err := expression(o.Pattern)
	return func(value any) *mapped {
		s, ok := value.(string)
		if !ok || !pattern.MatchString(s) {
			return nil
		}
		found := o.Result
		if found.Text != nil {
			replaced := pattern.ReplaceAllString(s, *found.Text)
			found.Text = &replaced
		}
		return &found
	}, err
}

func ofSpecial(options json.RawMessage) (mapping, error) {
	var o struct {
		Match  string
		Result mapped
	}
	if err := json.Unmarshal(options, &o); err != nil {
		return nil, err
	}
	isNaN := func(value any) bool { v, ok := value.(float64); return ok && v != v }
	matches, ok := map[string]func(any) bool{
		"null":     func(value any) bool { return value == nil },
		"nan":      isNaN,
		"null+nan": func(value any) bool { return value == nil || isNaN(value) },
		"empty":    func(value any) bool { return value == "" },
	}[o.Match]
	if !ok {
		return nil, fmt.Errorf("%q is not known here", o.Match)
	}
	return func(value any) *mapped {
		if matches(value) {
			return &o.Result
		}
		return nil
	}, nil
}

// numeric is a value as a number; the text of one is one.
func numeric(value any) (float64, bool) {
	switch value := value.(type) {
	case float64:
		return value, value == value
	case string:
		v, err := strconv.ParseFloat(value, 64)
		return v, err == nil && v == v
	}
	return 0, false
}
