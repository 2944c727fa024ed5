package e2e

import (
	"bytes"
	"cmp"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"progress_exporter/e2e/stack"
)

type labels = map[string]string

// TestRoutes hands alerts to Alertmanager with the example configuration.
func TestRoutes(t *testing.T) {
	stack.Wanted(t)
	byTarget, byMigration := []string{"alertname", "api", "target"}, []string{"alertname", "migration"}
	tests := map[string]struct {
		alerts []labels
		want   []stack.Delivery
	}{
		"by severity": {
			alerts: []labels{
				{"alertname": "ProgressJobFailed", "severity": "critical", "api": "mrs", "target": "a"},
				{"alertname": "ProgressNodeFailed", "severity": "warning", "api": "mrs", "target": "b"},
				{"alertname": "ProgressJobCancelled", "severity": "info", "api": "mrs", "target": "c"},
			},
			want: []stack.Delivery{
				delivery("on-call", byTarget, labels{"alertname": "ProgressJobFailed", "severity": "critical", "api": "mrs", "target": "a"}),
				delivery("team", byTarget, labels{"alertname": "ProgressNodeFailed", "severity": "warning", "api": "mrs", "target": "b"}),
				delivery("log", byTarget, labels{"alertname": "ProgressJobCancelled", "severity": "info", "api": "mrs", "target": "c"}),
			},
		},
		"one page for a migration": {
			alerts: []labels{
				{"alertname": "ProgressJobStalled", "severity": "critical", "migration": "orders", "target": "shard0"},
				{"alertname": "ProgressJobStalled", "severity": "critical", "migration": "orders", "target": "shard1"},
			},
			want: []stack.Delivery{
				delivery("on-call", byMigration, labels{"alertname": "ProgressJobStalled", "severity": "critical", "migration": "orders", "target": "shard0"}),
				delivery("on-call", byMigration, labels{"alertname": "ProgressJobStalled", "severity": "critical", "migration": "orders", "target": "shard1"}),
			},
		},
		"a target that cannot be read": {
			alerts: []labels{
				{"alertname": "ProgressTargetDown", "severity": "warning", "target": "a"},
				{"alertname": "ProgressPingFailing", "severity": "warning", "target": "a"},
				{"alertname": "ProgressDeadlineMissed", "severity": "critical", "target": "a"},
				{"alertname": "ProgressPingFailing", "severity": "warning", "target": "b"},
			},
			want: []stack.Delivery{
				delivery("on-call", byTarget, labels{"alertname": "ProgressDeadlineMissed", "severity": "critical", "target": "a"}),
				delivery("team", byTarget, labels{"alertname": "ProgressTargetDown", "severity": "warning", "target": "a"}),
				delivery("team", byTarget, labels{"alertname": "ProgressPingFailing", "severity": "warning", "target": "b"}),
			},
		},
		"a job that stands still": {
			alerts: []labels{
				{"alertname": "ProgressJobStalled", "severity": "critical", "target": "a"},
				{"alertname": "ProgressLagNotFalling", "severity": "warning", "target": "a"},
				{"alertname": "ProgressLagNotFalling", "severity": "warning", "target": "a", "job_id": "7"},
			},
			want: []stack.Delivery{
				delivery("on-call", byTarget, labels{"alertname": "ProgressJobStalled", "severity": "critical", "target": "a"}),
				delivery("team", byTarget, labels{"alertname": "ProgressLagNotFalling", "severity": "warning", "target": "a", "job_id": "7"}),
			},
		},
	}
	for _, generation := range stack.Generations() {
		t.Run("alertmanager="+cmp.Or(generation, "local"), func(t *testing.T) {
			tools := stack.Tools(t, generation)
			for name, tt := range tests {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					if diff := gocmp.Diff(sorted(tt.want), route(t, tools, tt.alerts)); diff != "" {
						t.Errorf("deliveries (-want +got):\n%s", diff)
					}
				})
			}
		})
	}
}

// route hands alerts, of which the first is not held back, to an Alertmanager with the
// example configuration and returns all that it delivers.
func route(t *testing.T, tools string, alerts []labels) []stack.Delivery {
	receiver := stack.StartReceiver(t)
	config := stack.AdaptFile(t, alertmanagerFile, labels{"localhost:9095": receiver.Address})
	alertmanager := stack.StartAlertmanager(t, tools, config)
	post(t, alertmanager, alerts)
	receiver.Await(t, "firing", alerts[0]["alertname"], alerts[0]["target"])
	// Every other group has waited as long as this one when an alert that comes now
	// is delivered.
	post(t, alertmanager, []labels{{"alertname": "Last", "severity": "info", "target": "last"}})
	receiver.Await(t, "firing", "Last", "last")
	return slices.DeleteFunc(arrived(receiver), func(d stack.Delivery) bool { return d.Labels["alertname"] == "Last" })
}

// delivery is an alert as it is delivered while it fires, grouped by those of the
// labels that it has.
func delivery(receiver string, by []string, l labels) stack.Delivery {
	group := labels{}
	for _, name := range by {
		if value, ok := l[name]; ok {
			group[name] = value
		}
	}
	return stack.Delivery{Receiver: receiver, Group: group, Status: "firing", Labels: l}
}

// post hands alerts to Alertmanager as Prometheus does.
func post(t *testing.T, alertmanager string, alerts []labels) {
	t.Helper()
	type alert struct {
		Labels labels `json:"labels"`
	}
	var body []alert
	for _, l := range alerts {
		body = append(body, alert{l})
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Post("http://"+alertmanager+"/api/v2/alerts", "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("Alertmanager refuses the alerts: HTTP %s, %v", resp.Status, err)
	}
}
