package check

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	core "k8s.io/api/core/v1"
	"sigs.k8s.io/yaml"
)

func TestRulesAreTheShippedOnes(t *testing.T) {
	shipped, err := os.ReadFile("../../dashboards/alerts/progress.rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	var want monitoring.PrometheusRuleSpec
	if err := yaml.UnmarshalStrict(shipped, &want); err != nil {
		t.Fatal(err)
	}
	got := find[monitoring.PrometheusRule](t, mustRender(t, everything), "progress-progress-exporter").Spec
	if diff := cmp.Diff(want, got); diff != "" || len(got.Groups) == 0 {
		t.Error(diff)
	}
}

func TestDashboardsAreTheShippedOnes(t *testing.T) {
	objects := mustRender(t, everything)
	files, err := filepath.Glob("../../dashboards/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		shipped, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Base(file)
		config := find[core.ConfigMap](t, objects, "progress-progress-exporter-"+strings.TrimSuffix(base, ".json"))
		if got := config.Data["progress-"+base]; got != string(shipped) {
			t.Errorf("%s is not the shipped one", base)
		}
		if len(config.Data["progress-"+base]) > 900_000 || config.Labels["grafana_dashboard"] != "1" {
			t.Errorf("%s: is too large for a ConfigMap, or lacks the label of the sidecar", base)
		}
	}
}

// Chart and exporter are released together.
func TestChartHasTheVersion(t *testing.T) {
	version, err := os.ReadFile("../../VERSION")
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimSpace(string(version))
	if c := load(t).Metadata; c.Version != want || c.AppVersion != want {
		t.Errorf("the chart is %s of the exporter %s; VERSION is %s", c.Version, c.AppVersion, want)
	}
}
