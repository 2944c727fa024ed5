package mongosync

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// render says samples as "family{label values} value". Of the families that show a
// closed set it keeps the value that is 1: TestClosedSets has the others.
func render(samples []progress.Sample) []string {
	closed := map[int]bool{famProcessState: true, famPhase: true, famCEAStage: true, famVerificationPhase: true}
	var lines []string
	for _, s := range samples {
		if closed[s.Family] && s.Value == 0 {
			continue
		}
		line := families()[s.Family].Name
		if len(s.Labels) > 0 {
			line += "{" + strings.Join(s.Labels, ",") + "}"
		}
		lines = append(lines, fmt.Sprintf("%s %v", line, s.Value))
	}
	return lines
}

// identity is the info of the fixtures whose clusters are cluster0 and cluster1.
func identity(id, coordinator string) []progress.Label {
	var labels []progress.Label
	for _, l := range []progress.Label{{Name: "mongosync_id", Value: id}, {Name: "coordinator_id", Value: coordinator}} {
		if l.Value != "" {
			labels = append(labels, l)
		}
	}
	return append(labels, progress.Label{Name: "source", Value: "cluster0: src-a:27017"},
		progress.Label{Name: "destination", Value: "cluster1: dst-a:27017"})
}

func TestReport(t *testing.T) {
	const gib50 = 53687091200.0
	tests := []struct {
		name    string
		want    progress.Report
		samples []string
	}{
		{
			name: "seed_1_7",
			want: progress.Report{
				State: progress.Ready, Word: "RUNNING", Quiet: true, Ratio: progress.Ptr(1.0), Lag: progress.Ptr(0.0),
				CopiedBytes: progress.Ptr(694.0), TotalBytes: progress.Ptr(694.0),
				Info: []progress.Label{{Name: "source", Value: "cluster0: localhost:27017"}, {Name: "destination", Value: "cluster1: localhost:27018"}},
			},
			samples: []string{"process_state{RUNNING} 1", "phase{change event application} 1", "can_commit 1", "can_write 0"},
		},
		{
			name: "copying",
			want: progress.Report{
				State: progress.Running, Word: "RUNNING", Ratio: progress.Ptr(0.3), Lag: progress.Ptr(12.0),
				CopiedBytes: progress.Ptr(16106127360.0), TotalBytes: progress.Ptr(gib50), Info: identity("shard01", "shard01"),
			},
			samples: []string{
				"process_state{RUNNING} 1", "phase{collection copy} 1", "can_commit 0", "can_write 0", "events_applied 0",
				"ping_latency_seconds{source} 0.003", "ping_failed{source} 0",
				"verification_phase{source,initial hashing} 1", "verification_lag_seconds{source} 4",
				"verification_estimated_documents{source} 1.2e+06", "verification_hashed_documents{source} 300000",
				"verification_collections{source} 14", "verification_scanned_collections{source} 3",
				"verification_phase{destination,not started} 1",
				"verification_estimated_documents{destination} 0", "verification_hashed_documents{destination} 0",
				"verification_collections{destination} 0", "verification_scanned_collections{destination} 0",
			},
		},
		{
			name: "steady",
			want: progress.Report{
				State: progress.Ready, Word: "RUNNING", Quiet: true, Ratio: progress.Ptr(1.0), Lag: progress.Ptr(2.0),
				CopiedBytes: progress.Ptr(gib50), TotalBytes: progress.Ptr(gib50), Info: identity("shard01", "shard01"),
			},
			samples: []string{
				"process_state{RUNNING} 1", "phase{change event application} 1", "cea_stage{steady state} 1",
				"can_commit 1", "can_write 0", "lag_seconds{overall} 2", "lag_seconds{crud} 2",
				"events_applied 481220", "estimated_catchup_seconds 9", "oplog_time_remaining_seconds{more_than} 259200", "warnings 1",
				"indexes_built 7", "indexes_to_build 20", "index_collections_finished 3", "index_collections 14",
				"ping_latency_seconds{source} 0.25", "ping_failed{source} 0",
				"verification_phase{source,stream hashing} 1", "verification_lag_seconds{source} 1",
				"verification_estimated_documents{source} 1.2e+06", "verification_hashed_documents{source} 1.2e+06",
				"verification_collections{source} 14", "verification_scanned_collections{source} 14",
				"ping_failed{destination} 1",
				"verification_phase{destination,stream hashing} 1", "verification_lag_seconds{destination} 1",
				"verification_estimated_documents{destination} 1.2e+06", "verification_hashed_documents{destination} 1.19999e+06",
				"verification_collections{destination} 14", "verification_scanned_collections{destination} 14",
			},
		},
		{
			name: "finished",
			want: progress.Report{
				State: progress.Succeeded, Word: "COMMITTED", Ratio: progress.Ptr(1.0), Lag: progress.Ptr(0.0),
				CopiedBytes: progress.Ptr(gib50), TotalBytes: progress.Ptr(gib50), Info: identity("shard01", "shard01"),
			},
			samples: []string{
				"process_state{COMMITTED} 1", "phase{commit completed} 1", "can_commit 1", "can_write 1",
				"lag_seconds{overall} 0", "lag_seconds{crud} 0", "events_applied 482001",
			},
		},
		{
			name:    "idle",
			want:    progress.Report{State: progress.None, Word: "IDLE"},
			samples: []string{"process_state{IDLE} 1", "can_commit 0"},
		},
		{
			name: "initializing",
			want: progress.Report{
				State: progress.Pending, Word: "INITIALIZING", Info: []progress.Label{{Name: "mongosync_id", Value: "shard01"}},
			},
			samples: []string{"process_state{INITIALIZING} 1", "can_commit 0"},
		},
		{
			name: "placeholder",
			want: progress.Report{
				State: progress.Running, Word: "RUNNING",
				CopiedBytes: progress.Ptr(0.0), TotalBytes: progress.Ptr(1.0), Info: identity("shard02", ""),
			},
			samples: []string{"process_state{RUNNING} 1", "phase{other} 1", "can_commit 0", "can_write 0", "events_applied 0"},
		},
		{
			name: "no_lag_time",
			want: progress.Report{
				State: progress.Running, Word: "RUNNING", Ratio: progress.Ptr(1.0), Lag: progress.Ptr(95.0),
				CopiedBytes: progress.Ptr(1000.0), TotalBytes: progress.Ptr(1000.0), Info: identity("shard01", "shard01")[:2],
			},
			samples: []string{
				"process_state{RUNNING} 1", "phase{change event application} 1", "cea_stage{collection copy drain} 1", "can_commit 0", "can_write 0",
				"lag_seconds{overall} 95", "lag_seconds{crud} 95", "events_applied 1200",
			},
		},
		{
			name: "atlas_live_migrate",
			want: progress.Report{
				State: progress.Running, Word: "RUNNING", Ratio: progress.Ptr(0.4), Lag: progress.Ptr(12.0),
				CopiedBytes: progress.Ptr(400.0), TotalBytes: progress.Ptr(1000.0), Info: identity("shard01", "shard01")[:2],
			},
			samples: []string{"process_state{RUNNING} 1", "phase{collection copy} 1", "can_commit 0", "can_write 0"},
		},
		{
			name: "paused",
			want: progress.Report{
				State: progress.Paused, Word: "PAUSED", Ratio: progress.Ptr(0.4),
				CopiedBytes: progress.Ptr(400.0), TotalBytes: progress.Ptr(1000.0), Info: identity("shard01", "shard01"),
			},
			samples: []string{"process_state{PAUSED} 1", "phase{collection copy} 1", "can_commit 0", "can_write 0", "events_applied 10"},
		},
		{
			name: "committing",
			want: progress.Report{
				State: progress.Running, Word: "COMMITTING", Ratio: progress.Ptr(1.0), Lag: progress.Ptr(1.0),
				CopiedBytes: progress.Ptr(gib50), TotalBytes: progress.Ptr(gib50), Info: identity("shard01", "shard01")[:2],
			},
			samples: []string{
				"process_state{COMMITTING} 1", "phase{waiting for commit to complete} 1", "can_commit 1", "can_write 0", "events_applied 481990", "warnings 1",
			},
		},
		{
			name: "reversing",
			want: progress.Report{
				State: progress.Running, Word: "REVERSING", Ratio: progress.Ptr(1.0), Lag: progress.Ptr(4.0),
				CopiedBytes: progress.Ptr(gib50), TotalBytes: progress.Ptr(gib50),
				Info: []progress.Label{
					{Name: "mongosync_id", Value: "shard01"}, {Name: "coordinator_id", Value: "shard01"},
					{Name: "source", Value: "cluster1: dst-a:27017"}, {Name: "destination", Value: "cluster0: src-a:27017"},
				},
			},
			samples: []string{
				"process_state{REVERSING} 1", "phase{change event application} 1", "can_commit 0", "can_write 0",
				"lag_seconds{overall} 4", "lag_seconds{crud} 3", "lag_seconds{ddl} 4", "events_applied 482001",
			},
		},
		{
			name: "copied_beyond_total",
			want: progress.Report{
				State: progress.Running, Word: "RUNNING", Ratio: progress.Ptr(1.1), Lag: progress.Ptr(5.0),
				CopiedBytes: progress.Ptr(1100.0), TotalBytes: progress.Ptr(1000.0), Info: identity("", ""),
			},
			samples: []string{"process_state{RUNNING} 1", "phase{collection copy} 1", "can_commit 0", "can_write 0"},
		},
		{
			name: "oldest_int64",
			want: progress.Report{
				State: progress.Running, Word: "RUNNING", Ratio: progress.Ptr(1.0), Lag: progress.Ptr(0.0),
				CopiedBytes: progress.Ptr(0x1p53), TotalBytes: progress.Ptr(0x1p53), Info: identity("", ""),
			},
			samples: []string{"process_state{RUNNING} 1", "phase{collection copy} 1", "can_commit 0"},
		},
		{
			name: "unknown_state",
			want: progress.Report{
				State: progress.Unknown, Word: "HIBERNATING", Ratio: progress.Ptr(0.25), Lag: progress.Ptr(3.0),
				CopiedBytes: progress.Ptr(250.0), TotalBytes: progress.Ptr(1000.0),
			},
			samples: []string{
				"process_state{other} 1", "phase{other} 1", "cea_stage{other} 1", "can_commit 0", "can_write 0", "verification_phase{source,other} 1",
			},
		},
		{
			name: "oplog_short",
			want: progress.Report{
				State: progress.Running, Word: "RUNNING", Ratio: progress.Ptr(0.25), Lag: progress.Ptr(7200.0),
				CopiedBytes: progress.Ptr(250.0), TotalBytes: progress.Ptr(1000.0), Info: identity("shard01", "shard01")[:2],
			},
			samples: []string{
				"process_state{RUNNING} 1", "phase{collection copy} 1", "can_commit 0", "can_write 0",
				"oplog_time_remaining_seconds{less_than} 900", "warnings 1",
			},
		},
		{
			name: "oplog_estimate",
			want: progress.Report{
				State: progress.Running, Word: "RUNNING", Ratio: progress.Ptr(0.5), Lag: progress.Ptr(600.0),
				CopiedBytes: progress.Ptr(500.0), TotalBytes: progress.Ptr(1000.0), Info: identity("shard01", "shard01")[:2],
			},
			samples: []string{
				"process_state{RUNNING} 1", "phase{collection copy} 1", "can_commit 0", "can_write 0",
				"oplog_time_remaining_seconds{none} 43200", "warnings 0",
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(t, fixture(t, tt.name))
			if err != nil {
				t.Fatalf("Progress: %v", err)
			}
			if diff := cmp.Diff(tt.samples, render(got.Samples)); diff != "" {
				t.Errorf("samples (-want +got):\n%s", diff)
			}
			got.Samples, got.Work = nil, 0 // TestWork has the second
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}
