package grafana

import (
	"encoding/json"
	"fmt"
)

// Panel is a panel of a dashboard, of whose JSON only that is read which decides what
// is seen.
type Panel struct {
	Type            string
	Title           string
	Targets         []Target
	Transformations []transformation
	FieldConfig     struct {
		Defaults  options
		Overrides []override
	}
	Options panelOptions
}

// Target is a query of a panel. It is asked for the present value, or for a range of
// time.
type Target struct {
	RefID        string
	Expr         string
	LegendFormat string
	Format       string // table, or time_series
	Instant      bool
	Range        bool
	Hide         bool
}

// transformation changes the frames before they are shown.
type transformation struct {
	ID       string
	Options  json.RawMessage
	Disabled bool
}

// panelOptions are those of all kinds of panels together.
type panelOptions struct {
	SortBy []struct { // of tables
		DisplayName string
		Desc        bool
	}
	ReduceOptions struct { // of stat and bargauge
		Calcs  []string
		Fields string
		Values bool
		Limit  int
	}
	TextMode      string // of stat
	ColorMode     string // of stat
	NamePlacement string // of bargauge
	MergeValues   *bool  // of state-timeline
}

// override changes the options of the fields that the matcher selects.
type override struct {
	Matcher struct {
		ID      string
		Options json.RawMessage
	}
	Properties []property
}

// property is an option, by its path in the options of a field.
type property struct {
	ID    string
	Value json.RawMessage
}

// Parse reads the JSON of a panel.
func Parse(text []byte) (Panel, error) {
	var p Panel
	if err := json.Unmarshal(text, &p); err != nil {
		return Panel{}, fmt.Errorf("panel: %w", err)
	}
	return p, nil
}
