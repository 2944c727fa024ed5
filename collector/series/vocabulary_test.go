package series

import (
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/common/expfmt"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/families"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/scrape"
)

// series is the text of an exposition without its comments.
func series(t *testing.T, exposed iter.Seq[*Family]) string {
	t.Helper()
	var out, text strings.Builder
	for f := range exposed {
		if _, err := expfmt.MetricFamilyToText(&text, f.DTO()); err != nil {
			t.Fatal(err)
		}
	}
	for line := range strings.Lines(text.String()) {
		if !strings.HasPrefix(line, "#") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// One target says everything, one says nothing, and one cannot be read: what is
// remembered of it stays, and of its job nothing is said.
func TestExpose(t *testing.T) {
	p := progress.Ptr[float64]
	begin := time.Date(2026, 5, 12, 10, 0, 0, 0, time.UTC)
	at := func(s float64) time.Time { return begin.Add(time.Duration(s * float64(time.Second))) }
	apis := []progress.API{
		{Name: "x", ErrorCodes: []string{"disk"}, NodeErrorCodes: []string{"net"}, Families: []progress.Family{{Name: "thing", Labels: []string{"name", "kind"}}}},
		{Name: "y", Families: []progress.Family{{Name: "size"}}},
	}
	ready := func(name string, api *progress.API) *plan.Target {
		tt := enginetest.Target(name, enginetest.Running)
		tt.Target, tt.API = name, api
		if err := tt.SetLabels(nil); err != nil {
			t.Fatal(err)
		}
		return tt
	}
	full, bare, down := ready("full", &apis[0]), ready("bare", &apis[1]), ready("down", &apis[0])
	full.StallAfter, full.Deadline = 90*time.Second, at(3600)
	down.StallAfter, down.Deadline = 60*time.Second, at(7200)
	snapshot := []scrape.Reading{
		{Target: full, Outcome: ledger.Outcome{Result: &ledger.Result{
			Duration: 1500 * time.Millisecond, WorkHash: 99,
			Report: progress.Report{
				State: progress.Ready, Ratio: p(0.5), NodeCount: p(3), NodesCompleted: p(2), ErrorCode: "disk",
				Lag: p(4), CopiedBytes: p(5), TotalBytes: p(6), Start: at(-10),
				Info:    []progress.Label{{Name: "version", Value: "1"}, {Name: "owner", Value: "me"}},
				Nodes:   []progress.Node{{ID: "i", Name: "n", Type: "data", Ratio: p(0.25), Status: "busy", ErrorCode: "net"}, {ID: "j"}},
				Samples: []progress.Sample{{Family: 0, Labels: []string{"a", "b"}, Value: 8}},
			},
		}, Memory: ledger.Memory{
			Reads: 9, Failures: 0, Created: begin, LastRead: at(1.5), LastChange: at(1), Ended: true, End: at(0.25),
			Verdict:   ledger.Verdict{Earliest: at(30), Expected: at(60), Latest: at(120)},
			JobErrors: []ledger.CodeCount{{Code: "disk", Count: 1}, {Code: "odd", Count: 0}}, NodeErrors: []ledger.CodeCount{{Code: "net", Count: 2}},
		}}},
		{Target: bare, Outcome: ledger.Outcome{Result: &ledger.Result{Report: progress.Report{State: progress.Running, Samples: []progress.Sample{{Value: 7}}}}, Memory: ledger.Memory{Created: at(1), LastRead: at(20), Verdict: ledger.Verdict{Still: at(5), Expected: at(60)}}}},
		{Target: down, Outcome: ledger.Outcome{Result: &ledger.Result{
			Err:    &progress.Error{Reason: progress.APIError, Code: "as the product says it"},
			Report: progress.Report{Samples: []progress.Sample{{Labels: []string{"c", "d"}}}},
		}, Memory: ledger.Memory{
			Reads: 4, Failures: 3, Created: at(2), LastRead: at(20), LastChange: at(10), End: at(15), Verdict: ledger.Verdict{Still: at(1), Expected: at(60)}, FailureCode: "E1",
			JobErrors: []ledger.CodeCount{{Code: "disk", Count: 0}}, NodeErrors: []ledger.CodeCount{{Code: "net", Count: 0}},
		}}},
	}
	want := `progress_deadline_timestamp_seconds{api="x",target="full"} 1.7785836e+09
progress_deadline_timestamp_seconds{api="x",target="down"} 1.7785872e+09
progress_end_timestamp_seconds{api="x",target="full"} 1.77858000025e+09
progress_end_timestamp_seconds{api="x",target="down"} 1.778580015e+09
progress_ended{api="x",target="full"} 1
progress_ended{api="y",target="bare"} 0
progress_ended{api="x",target="down"} 0
progress_estimated_copied_bytes{api="x",target="full"} 5
progress_estimated_end_timestamp_seconds{api="x",bound="early",target="full"} 1.77858003e+09
progress_estimated_end_timestamp_seconds{api="x",bound="likely",target="full"} 1.77858006e+09
progress_estimated_end_timestamp_seconds{api="x",bound="late",target="full"} 1.77858012e+09
progress_estimated_end_timestamp_seconds{api="y",bound="likely",target="bare"} 1.77858006e+09
progress_estimated_total_bytes{api="x",target="full"} 6
progress_job_error{api="x",error_code="disk",target="full"} 1
progress_job_errors_total{api="x",error_code="disk",target="full"} 1
progress_job_errors_total{api="x",error_code="odd",target="full"} 0
progress_job_errors_total{api="x",error_code="disk",target="down"} 0
progress_job_info{api="x",owner="me",target="full",version="1"} 1
progress_lag_time_seconds{api="x",target="full"} 4
progress_last_change_timestamp_seconds{api="x",target="full"} 1.778580001e+09
progress_last_change_timestamp_seconds{api="x",target="down"} 1.77858001e+09
progress_last_read_timestamp_seconds{api="x",target="full"} 1.7785800015e+09
progress_last_read_timestamp_seconds{api="y",target="bare"} 1.77858002e+09
progress_last_read_timestamp_seconds{api="x",target="down"} 1.77858002e+09
progress_node_error{api="x",error_code="net",node_guid="i",node_name="n",node_type="data",target="full"} 1
progress_node_errors_total{api="x",error_code="net",target="full"} 2
progress_node_errors_total{api="x",error_code="net",target="down"} 0
progress_node_ratio{api="x",node_guid="i",node_name="n",node_type="data",target="full"} 0.25
progress_node_status{api="x",node_guid="i",node_name="n",node_type="data",status="busy",target="full"} 1
progress_nodes{api="x",target="full"} 3
progress_nodes_completed{api="x",target="full"} 2
progress_scrape_duration_seconds{api="x",target="full"} 1.5
progress_scrape_duration_seconds{api="y",target="bare"} 0
progress_scrape_duration_seconds{api="x",target="down"} 0
progress_scrape_errors_total{api="x",target="full"} 0
progress_scrape_errors_total{api="y",target="bare"} 0
progress_scrape_errors_total{api="x",target="down"} 3
progress_scrape_failure{api="x",error_code="E1",reason="api",target="down"} 1
progress_scrapes_total{api="x",target="full"} 9
progress_scrapes_total{api="y",target="bare"} 0
progress_scrapes_total{api="x",target="down"} 4
progress_stall_threshold_seconds{api="x",target="full"} 90
progress_stall_threshold_seconds{api="x",target="down"} 60
progress_stalled{api="x",target="full"} 0
progress_standstill_start_timestamp_seconds{api="y",target="bare"} 1.778580005e+09
progress_start_timestamp_seconds{api="x",target="full"} 1.77857999e+09
progress_state{api="x",state="none",target="full"} 0
progress_state{api="x",state="pending",target="full"} 0
progress_state{api="x",state="running",target="full"} 0
progress_state{api="x",state="ready",target="full"} 1
progress_state{api="x",state="paused",target="full"} 0
progress_state{api="x",state="succeeded",target="full"} 0
progress_state{api="x",state="failed",target="full"} 0
progress_state{api="x",state="cancelled",target="full"} 0
progress_state{api="x",state="unknown",target="full"} 0
progress_state{api="y",state="none",target="bare"} 0
progress_state{api="y",state="pending",target="bare"} 0
progress_state{api="y",state="running",target="bare"} 1
progress_state{api="y",state="ready",target="bare"} 0
progress_state{api="y",state="paused",target="bare"} 0
progress_state{api="y",state="succeeded",target="bare"} 0
progress_state{api="y",state="failed",target="bare"} 0
progress_state{api="y",state="cancelled",target="bare"} 0
progress_state{api="y",state="unknown",target="bare"} 0
progress_total_ratio{api="x",target="full"} 0.5
progress_up{api="x",target="full"} 1
progress_up{api="y",target="bare"} 1
progress_up{api="x",target="down"} 0
progress_work_hash{api="x",target="full"} 99
progress_work_hash{api="y",target="bare"} 0
progress_x_thing{api="x",kind="b",name="a",target="full"} 8
progress_x_thing{api="x",kind="d",name="c",target="down"} 0
progress_y_size{api="y",target="bare"} 7
`
	exposed := NewVocabulary(apis).Expose(snapshot)
	if diff := cmp.Diff(want, series(t, exposed)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	created := map[string]time.Time{"full": begin, "bare": at(1), "down": at(2)}
	for f := range exposed {
		for _, m := range f.DTO().Metric {
			name := m.Label[len(m.Label)-1].GetValue() // target is the last here
			if f.Kind == families.Counter && !m.Counter.CreatedTimestamp.AsTime().Equal(created[name]) {
				t.Errorf("%s of %s began at %v, want %v", f.Name, name, m.Counter.CreatedTimestamp.AsTime(), created[name])
			}
		}
	}
}
