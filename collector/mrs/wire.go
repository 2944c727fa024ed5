package mrs

// The shapes below follow the page "Querying the Command Execution Progress" of
// the MRS Manager API (MapReduce Service API reference,
// https://docs.otc.t-systems.com/mapreduce-service/api-ref/). The page marks every
// field of the envelope as not mandatory, so everything may be absent. Numbers are
// decoded as float64, so that one written as 45.0, or too large for its type, does
// not cost the whole answer.

// answer is the envelope of every answer of the manager. Its id is not decoded: it
// is the command's own in the answer that starts one, -1 by default, and nothing
// is said about it here.
type answer struct {
	State            *string    `json:"state" progress:"essential"`
	ErrorCode        *float64   `json:"error_code"` // 0: none; there is no list of the others
	ErrorDescription *string    `json:"error_description"`
	TotalProgress    *float64   `json:"total_progress" progress:"essential"` // without a documented range
	Result           *resultObj `json:"res_obj"`
}

// resultObj is what the envelope holds in answers about a command.
type resultObj struct {
	ClusterID *float64 `json:"cluster_id"`
	// TotalStepSize is by its name a number of steps and by its text the overall
	// progress, 0–100.
	TotalStepSize *float64 `json:"total_step_size"`
	// StepList is only counted: an entry has a name and a description, but neither
	// a state nor a progress.
	StepList []struct{} `json:"step_list"`
	// FailEntityList is filled by starts, stops and restarts of services only.
	FailEntityList []*failEntity `json:"fail_entity_list"`
}

// failEntity is an instance on which the command failed.
type failEntity struct {
	FailEntity    *string `json:"fail_entity"`
	OperationType *string `json:"operation_type"` // START or STOP
}
