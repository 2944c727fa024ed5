package mrstest

import (
	"encoding/json"
	"net/http"

	"progress_exporter/collector/collectortest/drill"
)

// What the manual does not have: the answer for an id that the manager does not
// know, and the page of a proxy.
const (
	unknownCommand = `{"id":-1,"error_description":"no such command"}`
	outage         = "<!DOCTYPE html>\n<html><head><title>503 Service Unavailable</title></head><body><h1>Service Unavailable</h1></body></html>\n"
)

// envelope, result, step and failure are the answer as the manual shows it.
type envelope struct {
	ID               json.Number `json:"id"`
	State            string      `json:"state"`
	ErrorCode        int         `json:"error_code"`
	ErrorDescription string      `json:"error_description"`
	TotalProgress    float64     `json:"total_progress"`
	Result           result      `json:"res_obj"`
}

type result struct {
	ClusterID     int       `json:"cluster_id"`
	StepList      []step    `json:"step_list"`
	FailEntities  []failure `json:"fail_entity_list"`
	TotalStepSize int       `json:"total_step_size"`
}

type step struct {
	Name        string `json:"name"`
	Description string `json:"description"`
}

type failure struct {
	FailEntity    string `json:"fail_entity"`
	OperationType string `json:"operation_type"`
}

// steps are what the command goes through.
var steps = [...]step{
	{"step-1", "Stop HDFS"}, {"step-2", "Start ZooKeeper"}, {"step-3", "Start HDFS"},
}

// tell says a moment in the product's words. There is none for a command that waits (it
// is IN_PROGRESS unless waiting is another word) and none for one that was cancelled (it is FAILED, and only
// the description says why). What an unknown id gets is not documented: 404 here.
// The error code is invented, for the manual lists none.
func tell(m drill.Moment, id, waiting string) (status int, body string) {
	if m.Outage {
		return http.StatusServiceUnavailable, outage
	}
	e := envelope{ID: json.Number(id), State: "IN_PROGRESS", Result: result{ClusterID: 1, StepList: []step{}, FailEntities: []failure{}}}
	switch m.Phase {
	case drill.Gone:
		return http.StatusNotFound, unknownCommand
	case drill.Idle, drill.Done:
		e.State, m.Fraction = "COMPLETE", 1
	case drill.Failed:
		e.State, e.ErrorCode, e.ErrorDescription = "FAILED", 20019, "start failed on one instance"
	case drill.Cancelled:
		e.State, e.ErrorDescription = "FAILED", "stopped by its operator"
	}
	if m.Phase == drill.Failed || m.NodeFail {
		e.Result.FailEntities = []failure{{"HDFS-DataNode-node-2", "START"}}
	}
	if m.Phase != drill.Waiting {
		e.work(m.Fraction)
	} else if waiting != "" {
		e.State = waiting
	}
	return http.StatusOK, e.json()
}

// work fills in how far the command is: in percent, with the steps that have begun.
func (e *envelope) work(fraction float64) {
	e.Result.TotalStepSize = int(fraction*100 + 1e-9) // downwards: 100 is said when it is reached
	e.TotalProgress = float64(e.Result.TotalStepSize)
	begun := min(int(fraction*float64(len(steps)))+1, len(steps))
	e.Result.StepList = steps[:begun]
}

// json returns the answer. An id that is no number becomes the default of ids.
func (e *envelope) json() string {
	body, err := json.Marshal(e)
	if err != nil {
		e.ID = "-1"
		body, _ = json.Marshal(e)
	}
	return string(body)
}
