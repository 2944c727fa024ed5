package check

import (
	"fmt"
	"io"
	"log"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1alpha1"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

const chartDir = "../progress-exporter"

// kinds are the types of all objects that the chart can make.
var kinds = map[string]func() any{
	"v1 ConfigMap":                                func() any { return new(core.ConfigMap) },
	"v1 Service":                                  func() any { return new(core.Service) },
	"v1 ServiceAccount":                           func() any { return new(core.ServiceAccount) },
	"apps/v1 StatefulSet":                         func() any { return new(apps.StatefulSet) },
	"policy/v1 PodDisruptionBudget":               func() any { return new(policy.PodDisruptionBudget) },
	"networking.k8s.io/v1 NetworkPolicy":          func() any { return new(networking.NetworkPolicy) },
	"monitoring.coreos.com/v1 ServiceMonitor":     func() any { return new(monitoring.ServiceMonitor) },
	"monitoring.coreos.com/v1 PrometheusRule":     func() any { return new(monitoring.PrometheusRule) },
	"monitoring.coreos.com/v1alpha1 ScrapeConfig": func() any { return new(v1alpha1.ScrapeConfig) },
}

// object is one rendered document.
type object struct {
	name  string // KIND/NAME
	text  string
	typed any // a pointer of its real type
}

func load(t *testing.T) *chart.Chart {
	t.Helper()
	log.SetOutput(io.Discard) // it tells each time that the dashboards are a link
	c, err := loader.Load(chartDir)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// render returns what `helm template progress CHART --namespace monitoring` makes with
// these values, sorted by name. Each document has to be exactly one of the types: a key
// that the type does not have, or that stands twice, is an error.
func render(c *chart.Chart, values string) ([]object, error) {
	var own map[string]any
	if err := yaml.UnmarshalStrict([]byte(values), &own); err != nil {
		return nil, err
	}
	release := chartutil.ReleaseOptions{Name: "progress", Namespace: "monitoring", Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(c, own, release, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(c, all)
	if err != nil {
		return nil, err
	}
	objects := []object{}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if path.Ext(file) != ".yaml" {
			continue
		}
		for _, text := range strings.Split("\n"+files[file], "\n---\n") {
			if strings.TrimSpace(text) == "" {
				continue
			}
			o, err := decode(text + "\n")
			if err != nil {
				return nil, fmt.Errorf("%s: %w\n%s", file, err, text)
			}
			objects = append(objects, o)
		}
	}
	return objects, nil
}

// decode turns a document into the object that it says it is.
func decode(text string) (object, error) {
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Name string `json:"name"`
		} `json:"metadata"`
	}
	if err := yaml.Unmarshal([]byte(text), &head); err != nil {
		return object{}, err
	}
	kind, known := kinds[head.APIVersion+" "+head.Kind]
	if !known {
		return object{}, fmt.Errorf("no type is known for %s %s", head.APIVersion, head.Kind)
	}
	o := object{name: head.Kind + "/" + head.Metadata.Name, text: strings.Trim(text, "\n") + "\n", typed: kind()}
	return o, yaml.UnmarshalStrict([]byte(text), o.typed)
}

// mustRender is render for values that have to be good.
func mustRender(t *testing.T, values string) []object {
	t.Helper()
	objects, err := render(load(t), values)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

func names(objects []object) []string {
	list := []string{}
	for _, o := range objects {
		list = append(list, o.name)
	}
	return list
}

// find returns the object of this type and name.
func find[T any](t *testing.T, objects []object, name string) *T {
	t.Helper()
	for _, o := range objects {
		if typed, ok := o.typed.(*T); ok && strings.HasSuffix(o.name, "/"+name) {
			return typed
		}
	}
	t.Fatalf("no %T of the name %s among %v", *new(T), name, names(objects))
	return nil
}
