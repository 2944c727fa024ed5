package logpressotest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
)

// line is an answer in one line: the install, then every node's part.
func line(t *testing.T, body string) string {
	t.Helper()
	type code struct {
		ErrorCode *string `json:"error_code"`
	}
	var a struct {
		P *struct {
			code
			Total     int    `json:"total_progress"`
			Nodes     int    `json:"total_node"`
			Completed int    `json:"completed_node"`
			Status    string `json:"status"`
			Cancelled bool   `json:"is_cancelled"`
			List      []struct {
				code
				Type    string `json:"node_type"`
				Percent int    `json:"node_progress"`
			} `json:"node_progresses"`
		} `json:"install_progress"`
	}
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		t.Fatal(err)
	}
	if a.P == nil {
		return strings.TrimSpace(body)
	}
	named := func(c code) string {
		if c.ErrorCode == nil {
			return ""
		}
		return " " + *c.ErrorCode
	}
	s := fmt.Sprintf("%s %d%% %d/%d%s", a.P.Status, a.P.Total, a.P.Completed, a.P.Nodes, named(a.P.code))
	if a.P.Cancelled {
		s += " cancelled"
	}
	for _, n := range a.P.List {
		s += fmt.Sprintf(" [%s %d%%%s]", n.Type, n.Percent, named(n.code))
	}
	return s
}

func TestStories(t *testing.T) {
	for _, tc := range []struct {
		scenario drill.Scenario
		fraction float64
		want     string
	}{
		{drill.Happy, -0.05, "standby 0% 0/3"},
		{drill.Happy, 0, "in_progress 0% 0/3 [control 0%] [data 0%] [forwarder 0%]"},
		{drill.Happy, 0.25, "in_progress 45% 0/3 [control 75%] [data 37%] [forwarder 25%]"},
		{drill.Happy, 0.5, "in_progress 75% 1/3 [control 100%] [data 75%] [forwarder 50%]"},
		{drill.Happy, 0.999, "in_progress 99% 2/3 [control 100%] [data 100%] [forwarder 99%]"},
		{drill.Happy, 1, "completed 100% 3/3 [control 100%] [data 100%] [forwarder 100%]"},
		{drill.Happy, 2, "completed 100% 3/3 [control 100%] [data 100%] [forwarder 100%]"},
		{drill.Stall, 0.9, "in_progress 66% 1/3 [control 100%] [data 60%] [forwarder 40%]"},
		{drill.Fail, 0.9, "error 83% 1/3 general-error [control 100%] [data 90%] [forwarder 60% disk-space-error]"},
		{drill.Cancel, 0.9, "in_progress 55% 0/3 cancelled [control 90%] [data 45%] [forwarder 30%]"},
		{drill.Vanish, 0.4, "in_progress 66% 1/3 [control 100%] [data 60%] [forwarder 40%]"},
		{drill.Vanish, 0.6, "{}"},
	} {
		t.Run(fmt.Sprint(tc.scenario, " ", tc.fraction), func(t *testing.T) {
			w := ask(&logpressotest.Server{Drill: at(tc.scenario, tc.fraction)}, token, "")
			if diff := cmp.Diff(fmt.Sprint(200, " ", tc.want), fmt.Sprint(w.Code, " ", line(t, w.Body.String()))); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

func TestFailedInstallOfOneNode(t *testing.T) {
	s := &logpressotest.Server{Drill: at(drill.Fail, 1), Nodes: []logpressotest.Node{{Name: "n", GUID: other, Type: "data"}}}
	if got, want := line(t, ask(s, token, "").Body.String()), "error 60% 0/1 general-error [data 60% disk-space-error]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A node may fail while the install goes on, and what the manual has no word for is work.
func TestPlots(t *testing.T) {
	for want, m := range map[string]drill.Moment{
		"in_progress 75% 1/3 [control 100%] [data 75%] [forwarder 50% disk-space-error]": {Phase: drill.Working, Fraction: 0.5, NodeFail: true},
		"in_progress 75% 1/3 [control 100%] [data 75%] [forwarder 50%]":                  {Phase: drill.Finishing, Fraction: 0.5},
	} {
		d := drill.Drill{Plot: func(time.Duration) drill.Moment { return m }, Length: time.Hour}
		if got := line(t, ask(&logpressotest.Server{Drill: d}, token, "").Body.String()); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
