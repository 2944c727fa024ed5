package dashboards_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// dashboard is what the tests read of a file. It is not the generator's model, so
// that a field that the generator misspells is missed here.
type dashboard struct {
	file          string
	text          []byte
	ID            any
	UID           string
	Title         string
	Description   string
	Tags          []string
	SchemaVersion int
	Links         []struct {
		Type        string
		URL         string
		Tags        []string
		AsDropdown  bool
		IncludeVars bool
		KeepTime    bool
	}
	Annotations struct {
		List []struct {
			Name            string
			Datasource      source
			Enable          bool
			Expr            string
			UseValueForTime bool
		}
	}
	Templating struct {
		List []struct {
			Name       string
			Type       string
			Query      any
			AllValue   string
			Hide       int
			Datasource source
		}
	}
	Panels []panel // those that are folded under a row follow it
}

type source struct{ Type, UID string }

type panel struct {
	ID          int
	Type        string
	Title       string
	Description string
	GridPos     struct{ H, W, X, Y int }
	Datasource  source
	Targets     []struct {
		RefID      string
		Datasource source
		Expr       string
	}
	FieldConfig struct {
		Defaults struct{ Unit string }
	}
	Options struct {
		Legend *struct{ ShowLegend bool }
	}
	Collapsed bool
	Panels    []panel
	under     string // the row that it is folded under
}

// load reads every dashboard.
func load(t *testing.T) []dashboard {
	t.Helper()
	files, err := filepath.Glob("*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dashboards: %v", err)
	}
	var all []dashboard
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		d := dashboard{file: f, text: text}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		d.Panels = unfolded(d.Panels)
		all = append(all, d)
	}
	return all
}

// unfolded lists panels and, after each row, what is folded under it.
func unfolded(panels []panel) []panel {
	var all []panel
	for _, p := range panels {
		all = append(all, p)
		for _, q := range p.Panels {
			q.under = p.Title
			all = append(all, q)
		}
	}
	return all
}
