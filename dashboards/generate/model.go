package main

// The classic dashboard model, as far as it is used:
// https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/

// schemaVersion is that of Grafana 12.2, which saves these files as they are. Older
// ones take it, newer ones bring it forward when they load it.
const schemaVersion = 42

// dashboard is one file. Its uid is fixed, so that an import takes the place of the one
// before, and links find it; its id is Grafana's.
type dashboard struct {
	UID           string      `json:"uid"`
	Title         string      `json:"title"`
	Description   string      `json:"description"`
	Tags          []string    `json:"tags"`
	Editable      bool        `json:"editable"`
	GraphTooltip  int         `json:"graphTooltip"` // 1: one crosshair for all panels
	Refresh       string      `json:"refresh"`
	SchemaVersion int         `json:"schemaVersion"`
	Time          period      `json:"time"`
	Timezone      string      `json:"timezone"`
	Links         []link      `json:"links"`
	Annotations   annotations `json:"annotations"`
	Templating    templating  `json:"templating"`
	Panels        []panel     `json:"panels"`
}

type period struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// link leads to an address, or to every dashboard with one of the tags.
type link struct {
	Type        string   `json:"type"`
	Title       string   `json:"title"`
	Icon        string   `json:"icon"`
	Tooltip     string   `json:"tooltip"`
	URL         string   `json:"url"`
	Tags        []string `json:"tags"`
	AsDropdown  bool     `json:"asDropdown"`
	IncludeVars bool     `json:"includeVars"`
	KeepTime    bool     `json:"keepTime"`
	TargetBlank bool     `json:"targetBlank"`
}

type annotations struct {
	List []annotation `json:"list"`
}

type annotation struct {
	Name            string     `json:"name"`
	Datasource      datasource `json:"datasource"`
	Enable          bool       `json:"enable"`
	Expr            string     `json:"expr"`
	IconColor       string     `json:"iconColor"`
	Step            string     `json:"step"`
	TagKeys         string     `json:"tagKeys"`
	TitleFormat     string     `json:"titleFormat"`
	TextFormat      string     `json:"textFormat,omitempty"`
	UseValueForTime bool       `json:"useValueForTime"` // the value is the time, in milliseconds
}

type templating struct {
	List []variable `json:"list"`
}

type variable struct {
	Name       string      `json:"name"`
	Label      string      `json:"label"`
	Type       string      `json:"type"`
	Query      any         `json:"query"` // text for a data source, variableQuery for a query
	Definition string      `json:"definition,omitempty"`
	Datasource *datasource `json:"datasource,omitempty"`
	Refresh    int         `json:"refresh"`
	Sort       int         `json:"sort,omitempty"`
	Multi      bool        `json:"multi"`
	IncludeAll bool        `json:"includeAll"`
	AllValue   string      `json:"allValue,omitempty"`
	Current    any         `json:"current"`
	Hide       int         `json:"hide"` // 2: not shown, and set by an address only
}

type variableQuery struct {
	Kind  int    `json:"qryType"` // 1: label values
	Query string `json:"query"`
	RefID string `json:"refId"`
}

type datasource struct {
	Type string `json:"type"`
	UID  string `json:"uid"`
}

type panel struct {
	ID              int              `json:"id"`
	Type            string           `json:"type"`
	Title           string           `json:"title"`
	Description     string           `json:"description,omitempty"`
	GridPos         gridPos          `json:"gridPos"`
	Datasource      *datasource      `json:"datasource,omitempty"`
	Targets         []query          `json:"targets,omitempty"`
	Interval        string           `json:"interval,omitempty"` // between two points of a curve, at least
	FieldConfig     *fieldConfig     `json:"fieldConfig,omitempty"`
	Options         map[string]any   `json:"options,omitempty"`
	Transformations []transformation `json:"transformations,omitempty"`
	Transparent     bool             `json:"transparent,omitempty"`
	Collapsed       *bool            `json:"collapsed,omitempty"` // of rows only
	Panels          *[]panel         `json:"panels,omitempty"`    // of rows only: what is folded under them
}

// gridPos is a place on a grid of 24 columns.
type gridPos struct {
	H int `json:"h"`
	W int `json:"w"`
	X int `json:"x"`
	Y int `json:"y"`
}

type query struct {
	RefID        string     `json:"refId"`
	Datasource   datasource `json:"datasource"`
	Expr         string     `json:"expr"`
	LegendFormat string     `json:"legendFormat"`
	EditorMode   string     `json:"editorMode"`
	Format       string     `json:"format"`
	Instant      bool       `json:"instant"`
	Range        bool       `json:"range"`
}

type fieldConfig struct {
	Defaults  field      `json:"defaults"`
	Overrides []override `json:"overrides"`
}

type field struct {
	Unit       string         `json:"unit"`
	Decimals   *int           `json:"decimals,omitempty"`
	Min        *float64       `json:"min,omitempty"`
	Max        *float64       `json:"max,omitempty"`
	NoValue    string         `json:"noValue,omitempty"`
	Color      map[string]any `json:"color,omitempty"`
	Mappings   []mapping      `json:"mappings"`
	Thresholds thresholds     `json:"thresholds"`
	Custom     map[string]any `json:"custom,omitempty"`
}

type override struct {
	Matcher    matcher    `json:"matcher"`
	Properties []property `json:"properties"`
}

type matcher struct {
	ID      string `json:"id"`
	Options string `json:"options"`
}

// named matches the field with a name.
func named(name string) matcher { return matcher{"byName", name} }

// property is a setting of the fields that an override matches.
type property struct {
	ID    string `json:"id"`
	Value any    `json:"value"`
}

// fieldLink leads from a cell to another dashboard.
type fieldLink struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

type mapping struct {
	Type    string            `json:"type"`
	Options map[string]mapped `json:"options"`
}

type mapped struct {
	Text  string `json:"text"`
	Color string `json:"color"`
	Index int    `json:"index"`
}

type thresholds struct {
	Mode  string `json:"mode"`
	Steps []step `json:"steps"`
}

// step colours the values from Value on; nil is from the lowest on.
type step struct {
	Color string   `json:"color"`
	Value *float64 `json:"value"`
}

type transformation struct {
	ID      string         `json:"id"`
	Options map[string]any `json:"options"`
}
