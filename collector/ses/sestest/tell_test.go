package sestest_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/ses/sestest"
)

// vendorSample is the answer on the vendor's page, with two of its nodes.
const vendorSample = `{"code":0,"message":"SUCCESS","result":{"name":"sso-test-270","nodeCount":5,
	"versionVo":{"currentVersionCode":"270","targetVersionCode":"290","actionDate":"2024-03-06 15:01:14"},
	"nodeStatusVoList":[
		{"hostname":"sso-test-270-m-1lv7","status":"running","nodeRoleCode":"M","updatedDate":"2024-03-05 21:14:49"},
		{"hostname":"sso-test-270-d-1lv9","status":"complete","nodeRoleCode":"D","updatedDate":"2024-03-06 15:02:31"}]},
	"requestId":"b250b9b1-96df-4a04-a755-bf7f4bb1b532"}`

// at is a drill that stands still after this share of its 95 minutes of work.
func at(scenario drill.Scenario, fraction float64) drill.Drill {
	const length = 100 * time.Minute
	now := moment.Add(time.Duration((0.05 + fraction*0.95) * float64(length)))
	return drill.Drill{Scenario: scenario, Start: moment, Length: length, Now: func() time.Time { return now }}
}

// shape leaves nothing of a JSON value but its fields and types.
func shape(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name := range v {
			v[name] = shape(v[name])
		}
		return v
	case []any:
		return []any{shape(v[0])}
	}
	return fmt.Sprintf("%T", v)
}

// The fake's answer has the fields of the vendor's, each of the same type.
func TestLooksLikeTheVendorsSample(t *testing.T) {
	w := ask(&sestest.Server{Now: clock, Drill: at(drill.Happy, 0.5)}, good())
	if diff := cmp.Diff(shape(collectortest.JSON[any](t, vendorSample)), shape(collectortest.JSON[any](t, w.Body.String()))); diff != "" {
		t.Errorf("shape (-vendor +fake):\n%s", diff)
	}
}

// line is an answer in one line: the date of the upgrade, then the status and the
// date of every node.
func line(t *testing.T, body string) string {
	t.Helper()
	var a struct {
		Result *struct {
			Version *struct{ ActionDate string }           `json:"versionVo"`
			Nodes   []struct{ Status, UpdatedDate string } `json:"nodeStatusVoList"`
		}
	}
	if err := json.Unmarshal([]byte(body), &a); err != nil {
		t.Fatal(err)
	}
	if a.Result == nil {
		return "null"
	}
	parts := []string{"no version"}
	if a.Result.Version != nil {
		parts[0] = a.Result.Version.ActionDate
	}
	for _, n := range a.Result.Nodes {
		parts = append(parts, n.Status+" "+n.UpdatedDate)
	}
	return strings.Join(parts, ", ")
}

// The dates are Korean: the moment is 2023-11-15 07:13:20 there, and the work
// begins 5 minutes later.
func TestStories(t *testing.T) {
	const begun, old = "2023-11-15 07:13:20, ", "running 2023-11-14 15:13:20"
	for _, tc := range []struct {
		scenario drill.Scenario
		fraction float64
		want     string
	}{
		{"", 0.5, "no version, running 2026-05-11 18:22:40, running 2026-05-11 18:22:40"},
		{drill.Happy, -0.05, begun + old + ", " + old},
		{drill.Happy, 0.01, begun + "Upgrade_OpenSearch 2023-11-15 07:18:20, " + old},
		{drill.Happy, 0.51, begun + "complete 2023-11-15 08:05:50, Upgrade_OpenSearch 2023-11-15 08:05:50"},
		{drill.Happy, 1, begun + "complete 2023-11-15 08:05:50, complete 2023-11-15 08:53:20"},
		{drill.Happy, 9, begun + "complete 2023-11-15 08:05:50, complete 2023-11-15 08:53:20"},
		{drill.Stall, 0.5, begun + "Upgrade_OpenSearch 2023-11-15 07:18:20, " + old},
		{drill.Stall, 9, begun + "Upgrade_OpenSearch 2023-11-15 07:18:20, " + old},
		{drill.Fail, 0.9, begun + "complete 2023-11-15 08:05:50, Upgrade_Failed 2023-11-15 08:15:20"},
		{drill.Cancel, 0.9, begun + "Upgrade_OpenSearch 2023-11-15 07:18:20, " + old},
		{drill.Vanish, 0.9, "null"},
	} {
		t.Run(fmt.Sprint("drill_", tc.scenario, " ", tc.fraction), func(t *testing.T) {
			s := &sestest.Server{Now: clock, Drill: at(tc.scenario, tc.fraction), Nodes: []sestest.Node{{Hostname: "a", Role: "M"}, {Hostname: "b", Role: "D"}}}
			if diff := cmp.Diff(tc.want, line(t, ask(s, good()).Body.String())); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// A node may fail while the upgrade of the others goes on.
func TestFailedNodeMeanwhile(t *testing.T) {
	d := at(drill.Happy, 0)
	d.Plot = func(time.Duration) drill.Moment {
		return drill.Moment{Phase: drill.Working, Fraction: 0.2, NodeFail: true}
	}
	s := &sestest.Server{Now: clock, Drill: d, Nodes: []sestest.Node{{Hostname: "a", Role: "M"}, {Hostname: "b", Role: "D"}}}
	want := "2023-11-15 07:13:20, Upgrade_OpenSearch 2023-11-15 07:18:20, Upgrade_Failed 2023-11-15 07:18:20"
	if got := line(t, ask(s, good()).Body.String()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOutage(t *testing.T) {
	s := &sestest.Server{Now: clock, Drill: at(drill.Flap, 0.5)}
	var got []int
	for range 5 {
		got = append(got, ask(s, good()).Code)
	}
	if diff := cmp.Diff([]int{200, 200, 200, 503, 200}, got); diff != "" {
		t.Errorf("statuses (-want +got):\n%s", diff)
	}
}
