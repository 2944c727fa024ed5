// Package e2e drills the whole chain: fake products, progress_exporter, Prometheus
// with the rules, Alertmanager, and a receiver, configured by examples/.
package e2e

import (
	"cmp"
	"path/filepath"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"progress_exporter/e2e/stack"
)

const (
	rulesFile        = "dashboards/alerts/progress.rules.yml"
	alertmanagerFile = "examples/alertmanager.yml"
	// faster is how many times faster than in production time passes for the rules:
	// the interval of all scrapes, a second, stands for half a minute. The five
	// seconds that Prometheus takes to its first scrape stand for two and a half
	// minutes, in which it must not miss the exporter yet.
	faster = 30
)

// way is one way for Prometheus to read the targets.
type way struct {
	name      string
	config    string
	exporters []string // their addresses in config
	flags     []string // for progress_exporter, as the head of config says
	scrapes   int      // by Prometheus, of the four targets and of the exporters
}

var ways = []way{
	{"metrics", "examples/prometheus.yml", []string{"localhost:10091"}, nil, 1},
	{"probe", "examples/prometheus-probe.yml", []string{"localhost:10091"}, []string{"--no-metrics.targets"}, 5},
	{"sharded", "examples/prometheus-sharded.yml", []string{"exporter-0.example.com:10091", "exporter-1.example.com:10091"}, []string{"--no-metrics.targets"}, 6},
}

func TestDrill(t *testing.T) {
	stack.Wanted(t)
	bin := stack.Build(t)
	for _, generation := range stack.Generations() {
		t.Run("prometheus="+cmp.Or(generation, "local"), func(t *testing.T) {
			t.Parallel()
			tools := stack.Tools(t, generation)
			for _, w := range ways {
				t.Run(w.name, func(t *testing.T) {
					t.Parallel()
					w.drill(t, bin, tools)
				})
			}
		})
	}
}

// drill lets every job get into its trouble and out of it, and compares all that
// the receiver got.
func (w way) drill(t *testing.T, bin, tools string) {
	products, targets := startProducts(t)
	receiver := stack.StartReceiver(t)
	prometheus := w.start(t, bin, tools, targets, receiver.Address)
	prometheus.AwaitSeries(t, "progress_up == 1", 4)
	prometheus.AwaitSeries(t, "up == 1", w.scrapes)
	if len(w.exporters) > 1 { // each target is read by one exporter, and each exporter reads some
		prometheus.AwaitSeries(t, "sum(progress_exporter_jobs) == 4", 1)
		prometheus.AwaitSeries(t, "progress_exporter_jobs > 0", len(w.exporters))
	}

	products.fail()
	for _, d := range troubles {
		receiver.Await(t, "firing", d.Labels["alertname"], d.Labels["target"])
	}
	products.recover()
	for _, d := range troubles {
		receiver.Await(t, "resolved", d.Labels["alertname"], d.Labels["target"])
	}

	if diff := gocmp.Diff(expected(), arrived(receiver)); diff != "" {
		t.Errorf("deliveries (-want +got):\n%s", diff)
	}
	prometheus.CheckRules(t)
}

// start starts Alertmanager, the exporters and Prometheus with the examples.
func (w way) start(t *testing.T, bin, tools, targets, receiver string) *stack.Prometheus {
	stack.Check(t, filepath.Join(tools, "promtool"), "check", "config", filepath.Join(stack.Root(t), w.config))
	stack.Check(t, filepath.Join(tools, "amtool"), "check-config", filepath.Join(stack.Root(t), alertmanagerFile))
	routes := stack.AdaptFile(t, alertmanagerFile, labels{"localhost:9095": receiver})
	places := labels{
		"localhost:9093":  stack.StartAlertmanager(t, tools, routes),
		"../" + rulesFile: stack.ShortenFile(t, rulesFile, faster),
	}
	for _, address := range w.exporters {
		places[address] = stack.StartExporter(t, bin, targets, w.flags...)
	}
	return stack.StartPrometheus(t, tools, stack.AdaptFile(t, w.config, places))
}

// troubles are the alerts of the drill, which arrive once each.
var troubles = []stack.Delivery{
	trouble("on-call", "ProgressJobStalled", "critical", "logpresso", "stalls"),
	trouble("on-call", "ProgressJobFailed", "critical", "logpresso", "fails"),
	trouble("on-call", "ProgressTargetDown", "critical", "mongosync", "silent"),
}

// trouble is an alert of the drill that fires.
func trouble(receiver, alert, severity, api, target string) stack.Delivery {
	return delivery(receiver, []string{"alertname", "api", "target"},
		labels{"alertname": alert, "severity": severity, "api": api, "target": target, "team": "example"})
}

// expected is every delivery of the drill: each trouble once as firing and once as
// resolved, in the order of their texts.
func expected() []stack.Delivery {
	var all []stack.Delivery
	for _, d := range troubles {
		all = append(all, d)
		d.Status = "resolved"
		all = append(all, d)
	}
	return sorted(all)
}

// arrived is what the receiver got, without the texts for people.
func arrived(r *stack.Receiver) []stack.Delivery {
	all := r.Deliveries()
	for i := range all {
		all[i].Annotations = nil
	}
	return sorted(all)
}

func sorted(all []stack.Delivery) []stack.Delivery {
	return slices.SortedStableFunc(slices.Values(all), func(a, b stack.Delivery) int {
		return cmp.Or(
			cmp.Compare(a.Labels["target"], b.Labels["target"]),
			cmp.Compare(a.Labels["alertname"], b.Labels["alertname"]),
			cmp.Compare(a.Status, b.Status),
		)
	})
}
