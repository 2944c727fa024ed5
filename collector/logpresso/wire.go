package logpresso

// The shapes below follow the pages of GET /api/sonar/apps/install-progress and POST
// /api/sonar/apps/start-install in the REST API manual of Logpresso Sonar 5.0
// (docs.logpresso.com). Everything is a
// pointer, because the product leaves fields out and sends null. The manual calls
// the numbers 32-bit integers; they are decoded as float64 so that a number
// written as 50.0, or one too large for its type, does not cost the whole answer.

// answer is what the product says about a session: its progress, an error, or
// neither if it knows no session with that token.
type answer struct {
	InstallProgress *installProgress `json:"install_progress" progress:"essential"`
	fault
}

// startAnswer is what the product says when it is asked to begin an install.
type startAnswer struct {
	InstallableStatus *installableStatus `json:"installable_status"`
	Result            *bool              `json:"result" progress:"essential"` // false if overwrite would not help either; else absent
	fault
}

// installableStatus is the product's judgement of an uploaded package.
type installableStatus struct {
	IsValid *bool   `json:"is_valid" progress:"essential"`
	Reason  *string `json:"reason"` // null or absent while is_valid

	// The app that is installed already, with version-mismatch and already-installed.
	AppCode    *string `json:"app_code"`
	AppName    *string `json:"app_name"`
	AppVersion *string `json:"app_version"`
}

// fault is what every answer has that is an error.
type fault struct {
	ErrorCode *string `json:"error_code"` // with HTTP 400 and 500
	ErrorMsg  *string `json:"error_msg"`  // free text; may hold tokens and server paths
}

// installProgress is one install session.
type installProgress struct {
	TotalProgress  *float64        `json:"total_progress" progress:"essential"` // percent, 0–100
	TotalNode      *float64        `json:"total_node"`
	CompletedNode  *float64        `json:"completed_node"`
	Status         *string         `json:"status" progress:"essential"`
	IsCancelled    *bool           `json:"is_cancelled" progress:"essential"`
	ErrorCode      *string         `json:"error_code"` // null while all is well
	NodeProgresses []*nodeProgress `json:"node_progresses"`
}

// nodeProgress is one node's part of the install.
type nodeProgress struct {
	NodeName     *string  `json:"node_name"`
	NodeGUID     *string  `json:"node_guid"`
	NodeType     *string  `json:"node_type"`     // control, data, forwarder "and so on": an open set
	NodeProgress *float64 `json:"node_progress"` // percent, 0–100
	ErrorCode    *string  `json:"error_code"`    // null while all is well
}
