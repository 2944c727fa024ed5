package check

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-jsonnet"
	"sigs.k8s.io/yaml"
)

// evaluate returns what an expression with the mixin in it is.
func evaluate(t *testing.T, expression string, into any) {
	t.Helper()
	vm := jsonnet.MakeVM()
	vm.Importer(&jsonnet.FileImporter{JPaths: []string{"../../mixin"}})
	text, err := vm.EvaluateAnonymousSnippet("test", "local mixin = import 'mixin.libsonnet'; "+expression)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

type group struct {
	Rules []map[string]any `json:"rules"`
}

type rules struct {
	Groups []group `json:"groups"`
}

// of lists the rules of one kind, in order.
func (r rules) of(kind string) []map[string]any {
	list := []map[string]any{}
	for _, g := range r.Groups {
		for _, rule := range g.Rules {
			if _, is := rule[kind]; is {
				list = append(list, rule)
			}
		}
	}
	return list
}

func TestMixinRules(t *testing.T) {
	data, err := os.ReadFile("../../dashboards/alerts/progress.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var shipped rules
	if err := yaml.Unmarshal(data, &shipped); err != nil {
		t.Fatal(err)
	}
	for kind, field := range map[string]string{"alert": "prometheusAlerts", "record": "prometheusRules"} {
		var got rules
		evaluate(t, "mixin."+field, &got)
		want := shipped.of(kind)
		if diff := cmp.Diff(want, got.of(kind)); diff != "" || len(want) == 0 {
			t.Errorf("%s: %s", field, diff)
		}
		for _, g := range got.Groups {
			if n := len((rules{[]group{g}}).of(kind)); n == 0 || n != len(g.Rules) {
				t.Errorf("%s has a group with other rules, or none", field)
			}
		}
	}
}

func TestMixinDashboards(t *testing.T) {
	files, err := filepath.Glob("../../dashboards/*.json")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var dashboard any
		if err := json.Unmarshal(data, &dashboard); err != nil {
			t.Fatal(err)
		}
		want["progress-"+filepath.Base(file)] = dashboard
	}
	got := map[string]any{}
	evaluate(t, "mixin.grafanaDashboards", &got)
	if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
		t.Error(diff)
	}
}

// Mixins are added to each other, so the fields have to be hidden and open.
func TestMixinIsAdded(t *testing.T) {
	var got struct {
		Visible   []string `json:"visible"`
		Alerts    int      `json:"alerts"`
		Dashboard int      `json:"dashboards"`
	}
	evaluate(t, `
		local both = { prometheusAlerts+:: { groups+: [{ name: 'mine', rules: [] }] }, grafanaDashboards+:: { 'mine.json': {} } } + mixin;
		local other = mixin + { prometheusAlerts+:: { groups+: [{ name: 'mine', rules: [] }] }, grafanaDashboards+:: { 'mine.json': {} } };
		{
			visible: std.objectFields(mixin),
			alerts: std.length(other.prometheusAlerts.groups) - std.length(mixin.prometheusAlerts.groups),
			dashboards: std.length(both.grafanaDashboards) - std.length(mixin.grafanaDashboards),
		}`, &got)
	if len(got.Visible) > 0 || got.Alerts != 1 || got.Dashboard != 1 {
		t.Errorf("%+v; want nothing visible, and one more alert group and dashboard", got)
	}
}
