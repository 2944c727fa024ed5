package dashboards_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// rule is something that was once wrong on a real Grafana, although every query had
// data, and that the files themselves show.
type rule struct {
	name   string
	reason string               // what a person saw
	check  func(files) []string // complaints
	broken func(files)          // makes the committed dashboards what the rule forbids
}

// rules are this project's linter of dashboards.
func rules() []rule {
	return slices.Concat(dashboardRules(), panelRules(), tableRules(), queryRules())
}

func TestLint(t *testing.T) {
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			for _, complaint := range r.check(raw(t)) {
				t.Errorf("%s\n%s: %s", complaint, r.name, r.reason)
			}
		})
	}
}

// Every rule finds what it is for: a linter that cannot fail checks nothing.
func TestLintCanFail(t *testing.T) {
	names := map[string]bool{}
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			all := raw(t)
			r.broken(all)
			if len(r.check(all)) == 0 {
				t.Errorf("what it forbids passes: %s", r.reason)
			}
		})
		if names[r.name] || r.reason == "" {
			t.Errorf("the rule %q is there twice, or has no reason", r.name)
		}
		names[r.name] = true
	}
}

// files are dashboards by the names of their files, as JSON.
type files map[string]node

// node is an object of a dashboard.
type node map[string]any

func raw(t *testing.T) files {
	t.Helper()
	names, err := filepath.Glob("*.json")
	if err != nil || len(names) == 0 {
		t.Fatalf("no dashboards: %v", err)
	}
	all := files{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var d node
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[name] = d
	}
	return all
}

// at returns what is at a path of names; nil if nothing is.
func (n node) at(path ...string) any {
	var v any = map[string]any(n)
	for _, name := range path {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}

func (n node) text(path ...string) string {
	s, _ := n.at(path...).(string)
	return s
}

func (n node) number(path ...string) float64 {
	f, _ := n.at(path...).(float64)
	return f
}

// object returns the object at a path. Changes to it are changes of the dashboard.
func (n node) object(path ...string) node {
	m, _ := n.at(path...).(map[string]any)
	return m
}

// list returns the objects of the list at a path.
func (n node) list(path ...string) []node {
	items, _ := n.at(path...).([]any)
	var out []node
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// placed is a panel and where it is.
type placed struct {
	node
	where string
}

// panels returns the panels of all dashboards, those under a row too, of a type; of
// every type with data if it is empty.
func (f files) panels(kind string) []placed {
	var all []placed
	for name, d := range f {
		for _, p := range d.list("panels") {
			for _, q := range append([]node{p}, p.list("panels")...) {
				if q.text("type") == kind || kind == "" && q.text("type") != "row" {
					all = append(all, placed{q, name + ": " + q.text("title")})
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b placed) int { return strings.Compare(a.where, b.where) })
	return all
}

// panel returns the panel with a title, of the overview or the first that has it.
func (f files) panel(title string) node {
	for _, p := range f.panels("") {
		if p.where == "overview.json: "+title {
			return p.node
		}
	}
	for _, p := range f.panels("") {
		if p.text("title") == title {
			return p.node
		}
	}
	panic("no panel is called " + title)
}

// expressions returns the queries of a panel.
func (n node) expressions() []string {
	var all []string
	for _, q := range n.list("targets") {
		all = append(all, q.text("expr"))
	}
	return all
}

// set returns a setting of the fields with a name, and whether there is one.
func (n node) set(field, id string) (any, bool) {
	for _, o := range n.list("fieldConfig", "overrides") {
		if o.text("matcher", "options") != field {
			continue
		}
		for _, p := range o.list("properties") {
			if p.text("id") == id {
				return p["value"], true
			}
		}
	}
	return nil, false
}

// unset takes a setting away, for broken examples.
func (n node) unset(field, id string) {
	for _, o := range n.list("fieldConfig", "overrides") {
		if o.text("matcher", "options") == field {
			list := o["properties"].([]any)
			o["properties"] = slices.DeleteFunc(list, func(p any) bool { return p.(map[string]any)["id"] == id })
		}
	}
}

// change replaces text in the queries of a panel, for broken examples.
func (n node) change(old, by string) {
	for _, q := range n.list("targets") {
		q["expr"] = strings.ReplaceAll(q.text("expr"), old, by)
	}
}

// complaints collects what is wrong.
type complaints []string

func (c *complaints) add(wrong bool, format string, args ...any) {
	if wrong {
		*c = append(*c, fmt.Sprintf(format, args...))
	}
}
