package check

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1alpha1"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	"sigs.k8s.io/yaml"
)

// everything turns on whatever the chart has.
const everything = `
image: {digest: "sha256:0000000000000000000000000000000000000000000000000000000000000000"}
imagePullSecrets: [{name: registry}]
replicas: 2
config: {defaults: {timeout: 5s}}
targets: [{name: orders, api: mongosync, url: "http://mongosync:27182"}]
secrets: [sonar, ncloud]
webConfigSecret: web
routePrefix: progress/
extraArgs: [--log.level=debug]
extraEnv: [{name: GOMEMLIMIT, value: 100MiB}]
targetsOnMetrics: false
persistence: {enabled: true, storageClassName: fast, annotations: {a: b}}
service: {labels: {a: b}, annotations: {a: b}}
serviceAccount: {annotations: {a: b}}
probes: {scheme: HTTPS, httpHeaders: [{name: Authorization, value: Basic Og==}]}
podAnnotations: {a: b}
podLabels: {a: b}
nodeSelector: {a: b}
tolerations: [{key: a, operator: Exists}]
affinity: {nodeAffinity: {}}
topologySpreadConstraints: [{maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway}]
priorityClassName: high
podDisruptionBudget: {enabled: true}
networkPolicy:
  enabled: true
  from: [{namespaceSelector: {matchLabels: {a: b}}}]
  egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]
serviceMonitor:
  enabled: true
  labels: {a: b}
  relabelings: [{targetLabel: a, replacement: b}]
  metricRelabelings: [{action: labeldrop, regex: a}]
  tlsConfig: {insecureSkipVerify: true}
  basicAuth: {username: {name: a, key: b}, password: {name: a, key: c}}
scrapeConfig:
  enabled: true
  labels: {a: b}
  relabelings: [{targetLabel: a, replacement: b}]
  metricRelabelings: [{action: labeldrop, regex: a}]
prometheusRule: {enabled: true, labels: {a: b}}
dashboards: {enabled: true, annotations: {grafana_folder: Progress}}
`

func TestDefaults(t *testing.T) {
	want := []string{"ConfigMap/progress-progress-exporter", "ConfigMap/progress-progress-exporter-jobs",
		"Service/progress-progress-exporter", "ServiceAccount/progress-progress-exporter", "StatefulSet/progress-progress-exporter"}
	if diff := cmp.Diff(want, names(mustRender(t, ""))); diff != "" {
		t.Error(diff)
	}
}

func TestEverything(t *testing.T) {
	objects := mustRender(t, everything)
	const name = "progress-progress-exporter"
	pod := find[apps.StatefulSet](t, objects, name).Spec.Template.Spec
	container := pod.Containers[0]
	wantArgs := []string{"--config.file=/etc/progress_exporter/config/targets.yml", "--config.secret-dir=/etc/progress_exporter/secrets",
		"--memory.file=/var/lib/progress_exporter/memory.json", "--no-metrics.targets", "--web.config.file=/etc/progress_exporter/web/web.yml", "--web.route-prefix=/progress", "--log.level=debug"}
	if diff := cmp.Diff(wantArgs, container.Args); diff != "" {
		t.Error(diff)
	}
	wantMounts := map[string]string{"config": "/etc/progress_exporter/config", "jobs": "/etc/progress_exporter/jobs.d", "memory": "/var/lib/progress_exporter",
		"secret-ncloud": "/etc/progress_exporter/secrets/ncloud", "secret-sonar": "/etc/progress_exporter/secrets/sonar", "web": "/etc/progress_exporter/web"}
	mounts := map[string]string{}
	for _, m := range container.VolumeMounts {
		mounts[m.Name] = m.MountPath
	}
	if diff := cmp.Diff(wantMounts, mounts); diff != "" {
		t.Error(diff)
	}
	if want := "progress_exporter@sha256:" + strings.Repeat("0", 64); container.Image != want {
		t.Errorf("image %s; want %s", container.Image, want)
	}
	scrape := find[v1alpha1.ScrapeConfig](t, objects, name).Spec
	if got, want := scrape.HTTPSDConfigs[0].URL, "https://progress-progress-exporter.monitoring.svc:10091/progress/sd"; string(got) != want {
		t.Errorf("targets from %s; want %s", got, want)
	}
	if got, want := find[monitoring.ServiceMonitor](t, objects, name).Spec.Endpoints[0].Path, "/progress/metrics"; got != want {
		t.Errorf("metrics from %s; want %s", got, want)
	}
	if egress := find[networking.NetworkPolicy](t, objects, name).Spec.Egress; len(egress) != 2 || egress[0].Ports[0].Port.IntValue() != 53 {
		t.Errorf("egress %v; want DNS and the given rule", egress)
	}
}

// A probe that scrapes reads every product every few seconds.
func TestProbesAskNoProduct(t *testing.T) {
	for values, prefix := range map[string]string{"": "", everything: "/progress", "routePrefix: /": ""} {
		container := find[apps.StatefulSet](t, mustRender(t, values), "progress-progress-exporter").Spec.Template.Spec.Containers[0]
		if got := container.LivenessProbe.HTTPGet.Path; got != prefix+"/-/healthy" {
			t.Errorf("liveness asks %s", got)
		}
		if got := container.ReadinessProbe.HTTPGet.Path; got != prefix+"/-/ready" {
			t.Errorf("readiness asks %s", got)
		}
		if security := container.SecurityContext; !*security.ReadOnlyRootFilesystem || *security.AllowPrivilegeEscalation {
			t.Errorf("security context %v", security)
		}
	}
}

// Of the two parts of the configuration only the main file restarts the pods.
func TestWhatRestartsPods(t *testing.T) {
	checksum := func(values string) string {
		return find[apps.StatefulSet](t, mustRender(t, values), "progress-progress-exporter").Spec.Template.Annotations["checksum/config"]
	}
	before := checksum("")
	if before == "" || before != checksum("targets: [{name: orders, api: mongosync, url: http://mongosync:27182}]") {
		t.Error("a change of the targets restarts the pods")
	}
	if before == checksum("config: {defaults: {timeout: 5s}}") {
		t.Error("a change of the main file does not restart the pods")
	}
}

func TestConfigMaps(t *testing.T) {
	objects := mustRender(t, everything)
	want := "defaults:\n  timeout: 5s\ntarget_files:\n- /etc/progress_exporter/jobs.d/*.yml\n"
	if got := find[core.ConfigMap](t, objects, "progress-progress-exporter").Data["targets.yml"]; got != want {
		t.Errorf("targets.yml is\n%s\nwant\n%s", got, want)
	}
	want = "targets:\n- api: mongosync\n  name: orders\n  url: http://mongosync:27182\n"
	if got := find[core.ConfigMap](t, objects, "progress-progress-exporter-jobs").Data["jobs.yml"]; got != want {
		t.Errorf("jobs.yml is\n%s\nwant\n%s", got, want)
	}
	for _, o := range mustRender(t, "existingConfigMap: mine") {
		if strings.HasPrefix(o.name, "ConfigMap/") {
			t.Errorf("%s beside an existing ConfigMap", o.name)
		}
	}
}

func TestWrongValues(t *testing.T) {
	for values, want := range map[string]string{
		"replica: 2":                        "additional properties 'replica' not allowed",
		"replicas: two":                     "got string, want integer",
		"secrets: [{name: sonar}]":          "got object, want string",
		"serviceMonitor: {enabled: 'true'}": "got string, want boolean",
		"service: {type: Ingress}":          "value must be one of",
		"config: {targets: []}":             "targets",
	} {
		if _, err := render(load(t), values); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want an error with %q", values, err, want)
		}
	}
}

func TestLint(t *testing.T) {
	var values map[string]any
	if err := yaml.Unmarshal([]byte(everything), &values); err != nil {
		t.Fatal(err)
	}
	for _, m := range lint.AllWithKubeVersion(chartDir, values, "monitoring", nil).Messages {
		if m.Severity > support.InfoSev { // an icon is recommended
			t.Error(m)
		}
	}
}

// Every value has a line in the README, with its default.
func TestValuesAreDocumented(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(chartDir, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]string{}
	for _, line := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\| `([^`]*)` \\| [^|]+ \\|$").FindAllStringSubmatch(string(readme), -1) {
		documented[line[1]] = line[2]
	}
	want := map[string]string{}
	flatten(want, "", load(t).Values)
	if diff := cmp.Diff(want, documented); diff != "" {
		t.Errorf("what values.yaml has (-) and README.md (+) says:\n%s", diff)
	}
}

// flatten lists values by their path; what has an own table in the README stays whole.
func flatten(to map[string]string, prefix string, values map[string]any) {
	for key, value := range values {
		inner, is := value.(map[string]any)
		whole := map[string]bool{"resources": true, "podSecurityContext": true, "securityContext": true, "labels": true}
		if is && len(inner) > 0 && !whole[key] {
			flatten(to, prefix+key+".", inner)
			continue
		}
		text, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		to[prefix+key] = string(text)
	}
}
