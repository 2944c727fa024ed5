package main

import (
	"time"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
)

// report is a Reading as JSON. The form is stable: keys are added, never renamed,
// and docs/progressctl.md documents each. A key that is not there is something
// that the product did not say, or that is not known.
type report struct {
	Target  string   `json:"target"`
	JobID   string   `json:"job_id,omitempty"`
	JobName string   `json:"job_name,omitempty"`
	API     string   `json:"api"`
	Up      bool     `json:"up"`
	Failure *failure `json:"failure,omitempty"`

	State          string            `json:"state,omitempty"`
	Word           string            `json:"word,omitempty"`
	Stalled        bool              `json:"stalled"`
	Ended          bool              `json:"ended,omitempty"`
	Ratio          *float64          `json:"ratio,omitempty"`
	RatePerSecond  float64           `json:"rate_per_second,omitzero"`
	LeftSeconds    float64           `json:"left_seconds,omitzero"`
	NodeCount      *float64          `json:"node_count,omitempty"`
	NodesCompleted *float64          `json:"nodes_completed,omitempty"`
	ErrorCode      string            `json:"error_code,omitempty"`
	LagSeconds     *float64          `json:"lag_seconds,omitempty"`
	CopiedBytes    *float64          `json:"copied_bytes,omitempty"`
	TotalBytes     *float64          `json:"total_bytes,omitempty"`
	Info           map[string]string `json:"info,omitempty"`
	Nodes          []nodeReport      `json:"nodes,omitempty"`
	LeftOut        string            `json:"left_out,omitempty"`

	StartTime         time.Time `json:"start_time,omitzero"`
	EndTime           time.Time `json:"end_time,omitzero"`
	EstimatedEndTime  time.Time `json:"estimated_end_time,omitzero"`
	EarliestEndTime   time.Time `json:"earliest_end_time,omitzero"`
	LatestEndTime     time.Time `json:"latest_end_time,omitzero"`
	LastChangeTime    time.Time `json:"last_change_time,omitzero"`
	LastReadTime      time.Time `json:"last_read_time,omitzero"`
	Deadline          time.Time `json:"deadline,omitzero"`
	StallAfterSeconds float64   `json:"stall_after_seconds"`
	TookSeconds       float64   `json:"took_seconds"`
}

// failure is why a read failed.
type failure struct {
	Reason    progress.Reason `json:"reason"`
	ErrorCode string          `json:"error_code,omitempty"`
	Message   string          `json:"message"`
}

// nodeReport is a node of a job as JSON.
type nodeReport struct {
	ID        string   `json:"id,omitempty"`
	Name      string   `json:"name,omitempty"`
	Type      string   `json:"type,omitempty"`
	Status    string   `json:"status,omitempty"`
	Ratio     *float64 `json:"ratio,omitempty"`
	ErrorCode string   `json:"error_code,omitempty"`
}

// newReport says a reading as JSON does.
func newReport(r *status.Job) report {
	rep := &r.Report
	out := report{
		Target: r.Target, JobID: r.JobID, JobName: r.JobName, API: r.API, Up: r.Err == nil,
		Stalled: r.Still > 0, RatePerSecond: r.Rate, LeftSeconds: r.Left().Seconds(),
		Ratio: rep.Ratio, NodeCount: rep.NodeCount, NodesCompleted: rep.NodesCompleted,
		Word: rep.Word, ErrorCode: rep.ErrorCode, LeftOut: r.LeftOut,
		LagSeconds: rep.Lag, CopiedBytes: rep.CopiedBytes, TotalBytes: rep.TotalBytes,
		StartTime: utc(rep.Start), EndTime: utc(r.End), Ended: r.Ended, EstimatedEndTime: utc(r.Expected),
		EarliestEndTime: utc(r.Earliest), LatestEndTime: utc(r.Latest), LastChangeTime: utc(r.LastChange),
		LastReadTime: utc(r.LastRead), Deadline: utc(r.Deadline),
		StallAfterSeconds: r.StallAfter.Seconds(), TookSeconds: r.Took.Seconds(),
	}
	if r.Err == nil {
		out.State = rep.State.String()
	} else {
		out.Failure = &failure{r.Err.Reason, r.Err.Code, r.Err.Message}
	}
	for _, l := range rep.Info {
		if out.Info == nil {
			out.Info = map[string]string{}
		}
		out.Info[l.Name] = l.Value
	}
	for i := range rep.Nodes {
		n := &rep.Nodes[i]
		out.Nodes = append(out.Nodes, nodeReport{n.ID, n.Name, n.Type, n.Status, n.Ratio, n.ErrorCode})
	}
	return out
}

// utc keeps the zero time, which the encoder leaves out, and makes it of what the
// encoder could not say.
func utc(t time.Time) time.Time {
	if !progress.IsDate(t) {
		return time.Time{}
	}
	return t.UTC()
}
