package main

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// Programs rely on the form. docs/progressctl.md has every key.
func TestReportAsJSON(t *testing.T) {
	p := progress.Ptr[float64]
	seoul := time.FixedZone("KST", 9*60*60)
	full := status.Job{
		Target: "a", API: "x",
		Report: progress.Report{
			Job: "a secret token", State: progress.Running, Word: "IN_WORK", Ratio: p(0.5), NodeCount: p(2), NodesCompleted: p(0),
			Nodes:     []progress.Node{{ID: "1", Name: "n", Type: "data", Ratio: p(0), Status: "busy", ErrorCode: "disk"}, {ID: "2"}},
			ErrorCode: "some", Lag: p(0), CopiedBytes: p(0), TotalBytes: p(8e15), Start: noon.In(seoul),
			Info: []progress.Label{{Name: "version", Value: "1 < 2"}}, Samples: []progress.Sample{{Value: 1}},
		},
		Began: noon, Took: 250 * time.Millisecond, LastRead: noon.Add(time.Minute), LastChange: noon, End: noon.Add(time.Hour),
		Still: time.Minute, Rate: 0.0001, Expected: noon.Add(time.Minute + 5000*time.Second).In(seoul), Earliest: noon.Add(time.Hour).In(seoul), Latest: noon.Add(4 * time.Hour).In(seoul), StallAfter: 30 * time.Second, Deadline: noon.Add(24 * time.Hour).In(seoul),
	}
	failed := full
	failed.Report, failed.Still, failed.Rate, failed.Expected, failed.Ended = progress.Report{}, 0, 0, time.Time{}, true
	failed.Earliest, failed.Latest = time.Time{}, time.Time{}
	failed.Err = &progress.Error{Reason: progress.APIError, Code: "illegal-state", Message: "no"}
	for _, tc := range []struct {
		name    string
		reading status.Job
		want    string
	}{
		{"all of it", full, `{
  "target": "a",
  "api": "x",
  "up": true,
  "state": "running",
  "word": "IN_WORK",
  "stalled": true,
  "ratio": 0.5,
  "rate_per_second": 0.0001,
  "left_seconds": 5000,
  "node_count": 2,
  "nodes_completed": 0,
  "error_code": "some",
  "lag_seconds": 0,
  "copied_bytes": 0,
  "total_bytes": 8000000000000000,
  "info": {
    "version": "1 < 2"
  },
  "nodes": [
    {
      "id": "1",
      "name": "n",
      "type": "data",
      "status": "busy",
      "ratio": 0,
      "error_code": "disk"
    },
    {
      "id": "2"
    }
  ],
  "start_time": "2026-05-12T12:00:00Z",
  "end_time": "2026-05-12T13:00:00Z",
  "estimated_end_time": "2026-05-12T13:24:20Z",
  "earliest_end_time": "2026-05-12T13:00:00Z",
  "latest_end_time": "2026-05-12T16:00:00Z",
  "last_change_time": "2026-05-12T12:00:00Z",
  "last_read_time": "2026-05-12T12:01:00Z",
  "deadline": "2026-05-13T12:00:00Z",
  "stall_after_seconds": 30,
  "took_seconds": 0.25
}
`},
		{"nothing said", status.Job{Target: "a", API: "x", Report: progress.Report{State: progress.None}}, `{
  "target": "a",
  "api": "x",
  "up": true,
  "state": "none",
  "stalled": false,
  "stall_after_seconds": 0,
  "took_seconds": 0
}
`},
		{"failed", failed, `{
  "target": "a",
  "api": "x",
  "up": false,
  "failure": {
    "reason": "api",
    "error_code": "illegal-state",
    "message": "no"
  },
  "stalled": false,
  "ended": true,
  "end_time": "2026-05-12T13:00:00Z",
  "last_change_time": "2026-05-12T12:00:00Z",
  "last_read_time": "2026-05-12T12:01:00Z",
  "deadline": "2026-05-13T12:00:00Z",
  "stall_after_seconds": 30,
  "took_seconds": 0.25
}
`},
	} {
		var got bytes.Buffer
		writeJSON(&got, newReport(&tc.reading), "  ")
		if diff := cmp.Diff(tc.want, got.String()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

// What JSON cannot say is left out, wherever it comes from.
func TestReportOfOddDates(t *testing.T) {
	for _, year := range []int{-1, 0, 1, 10_000} {
		odd := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)
		r := newReport(&status.Job{Report: progress.Report{Start: odd}, LastRead: odd, LastChange: odd, End: odd, Expected: odd, Deadline: odd})
		text, err := json.Marshal(r)
		if err != nil || bytes.Contains(text, []byte("_time")) || bytes.Contains(text, []byte("deadline")) {
			t.Errorf("year %d: %v in %s", year, err, text)
		}
	}
}
