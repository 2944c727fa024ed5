package mrstest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mrs/mrstest"
)

// line is an answer in one line.
func line(t *testing.T, body string) string {
	t.Helper()
	var a struct {
		State            string  `json:"state"`
		ErrorCode        int     `json:"error_code"`
		ErrorDescription string  `json:"error_description"`
		TotalProgress    float64 `json:"total_progress"`
		Result           struct {
			StepList     []any               `json:"step_list"`
			FailEntities []map[string]string `json:"fail_entity_list"`
			Size         int                 `json:"total_step_size"`
		} `json:"res_obj"`
	}
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		t.Fatalf("%q: %v", body, err)
	}
	s := fmt.Sprintf("%s %v %d steps %d code %d", a.State, a.TotalProgress, a.Result.Size, len(a.Result.StepList), a.ErrorCode)
	if a.ErrorDescription != "" {
		s += " " + a.ErrorDescription
	}
	for _, f := range a.Result.FailEntities {
		s += fmt.Sprintf(" [%s %s]", f["operation_type"], f["fail_entity"])
	}
	return s
}

func TestStories(t *testing.T) {
	for _, tc := range []struct {
		scenario drill.Scenario
		fraction float64
		want     string
	}{
		{"", 0.5, "200 COMPLETE 100 100 steps 3 code 0"},
		{drill.Happy, -0.05, "200 IN_PROGRESS 0 0 steps 0 code 0"},
		{drill.Happy, 0, "200 IN_PROGRESS 0 0 steps 1 code 0"},
		{drill.Happy, 0.45, "200 IN_PROGRESS 45 45 steps 2 code 0"},
		{drill.Happy, 0.999, "200 IN_PROGRESS 99 99 steps 3 code 0"},
		{drill.Happy, 1, "200 COMPLETE 100 100 steps 3 code 0"},
		{drill.Happy, 2, "200 COMPLETE 100 100 steps 3 code 0"},
		{drill.Stall, 0.9, "200 IN_PROGRESS 40 40 steps 2 code 0"},
		{drill.Fail, 0.9, "200 FAILED 60 60 steps 2 code 20019 start failed on one instance [START HDFS-DataNode-node-2]"},
		{drill.Cancel, 0.9, "200 FAILED 30 30 steps 1 code 0 stopped by its operator"},
		{drill.Vanish, 0.4, "200 IN_PROGRESS 40 40 steps 2 code 0"},
		{drill.Vanish, 0.6, "404  0 0 steps 0 code 0 no such command"},
	} {
		t.Run(fmt.Sprint(tc.scenario, " ", tc.fraction), func(t *testing.T) {
			w := ask(&mrstest.Server{Drill: at(tc.scenario, tc.fraction)}, progressOf("214"))
			if diff := cmp.Diff(tc.want, fmt.Sprint(w.Code, " ", line(t, w.Body.String()))); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// One answer in four of a flapping product is the page of a proxy; logins and
// other requests do not count.
func TestOutage(t *testing.T) {
	s := &mrstest.Server{Drill: at(drill.Flap, 0.5)}
	var got []string
	for range 8 {
		w := ask(s, progressOf("214"))
		got = append(got, fmt.Sprint(w.Code, " ", w.Header().Get("Content-Type"), " ", w.Body.String()[:1]))
		ask(s, mrstest.Web+"/v1/access/login_check")
	}
	const up, down = "200 application/json {", "503 text/html; charset=utf-8 <"
	if diff := cmp.Diff([]string{up, up, up, down, up, up, up, down}, got); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestIDs(t *testing.T) {
	s := &mrstest.Server{Command: "214"}
	for id, want := range map[string]string{"214": `200 {"id":214,`, "215": `404 {"id":-1,`} {
		w := ask(s, progressOf(id))
		if got := fmt.Sprint(w.Code, " ", w.Body.String()); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s…", id, got, want)
		}
	}
	for id, want := range map[string]string{"7": `{"id":7,`, "007": `{"id":-1,`, "x": `{"id":-1,`} {
		if got := ask(&mrstest.Server{}, progressOf(id)).Body.String(); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s…", id, got, want)
		}
	}
}

// A plot tells what no scenario has: a word for a command that waits, and a failed
// instance while the command goes on.
func TestPlots(t *testing.T) {
	for _, tc := range []struct {
		moment  drill.Moment
		waiting string
		want    string
	}{
		{drill.Moment{Phase: drill.Waiting}, "NEW", "200 NEW 0 0 steps 0 code 0"},
		{drill.Moment{Phase: drill.Working, Fraction: 0.5, NodeFail: true}, "NEW", "200 IN_PROGRESS 50 50 steps 2 code 0 [START HDFS-DataNode-node-2]"},
		{drill.Moment{Phase: drill.Paused, Fraction: 0.5}, "", "200 IN_PROGRESS 50 50 steps 2 code 0"},
	} {
		d := drill.Drill{Plot: func(time.Duration) drill.Moment { return tc.moment }, Length: time.Hour}
		w := ask(&mrstest.Server{Drill: d, Waiting: tc.waiting}, progressOf("214"))
		if got := fmt.Sprint(w.Code, " ", line(t, w.Body.String())); got != tc.want {
			t.Errorf("got %s, want %s", got, tc.want)
		}
	}
}
