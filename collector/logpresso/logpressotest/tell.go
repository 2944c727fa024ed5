package logpressotest

import (
	"encoding/json"

	"progress_exporter/collector/collectortest/drill"
)

// session, install and node are the answer as the manual shows it.
type session struct {
	Install install `json:"install_progress"`
}

type install struct {
	TotalProgress int32   `json:"total_progress"`
	TotalNode     int32   `json:"total_node"`
	CompletedNode int32   `json:"completed_node"`
	Status        string  `json:"status"`
	IsCancelled   bool    `json:"is_cancelled"`
	ErrorCode     *string `json:"error_code"`
	Nodes         []node  `json:"node_progresses"`
}

type node struct {
	Name      string  `json:"node_name"`
	GUID      string  `json:"node_guid"`
	Type      string  `json:"node_type"`
	Progress  int32   `json:"node_progress"`
	ErrorCode *string `json:"error_code"`
}

// statuses are the product's words for the phases that it has a session in. The
// manual does not say which status a cancelled install has; in_progress is the
// harder one for a reader that looks at the status alone.
var statuses = map[drill.Phase]string{
	drill.Waiting:   "standby",
	drill.Working:   "in_progress",
	drill.Done:      "completed",
	drill.Failed:    "error",
	drill.Cancelled: "in_progress",

	drill.Paused: "in_progress", drill.Finishing: "in_progress", drill.Reversing: "in_progress", // the manual has none of these
}

// tell says a moment in the product's words. Before the work begins the list of
// nodes is empty; the manual leaves open what it is then.
func tell(m drill.Moment, nodes []Node) string {
	status, known := statuses[m.Phase]
	if !known {
		return noSession
	}
	p := install{
		TotalNode:   int32(len(nodes)),
		Status:      status,
		IsCancelled: m.Phase == drill.Cancelled,
		Nodes:       []node{},
	}
	if m.Phase != drill.Waiting {
		p.work(m.Fraction, nodes)
	}
	install, disk := "general-error", "disk-space-error"
	if m.Phase == drill.Failed {
		p.ErrorCode = &install
	}
	if m.Phase == drill.Failed || m.NodeFail {
		p.Nodes[len(p.Nodes)-1].ErrorCode = &disk
	}
	body, err := json.Marshal(session{p})
	if err != nil {
		panic(err) // plain strings and numbers always marshal
	}
	return string(body)
}

// work fills in how far every node is. They work side by side at different
// speeds: of n nodes the first is done after 1/n of the work and the last at its
// end. The total is their average.
func (p *install) work(fraction float64, nodes []Node) {
	var sum int32
	for i, n := range nodes {
		share := min(1, fraction*float64(len(nodes))/float64(i+1))
		percent := int32(share*100 + 1e-9) // downwards: 100 is said when it is reached, not before
		sum += percent
		if percent == 100 {
			p.CompletedNode++
		}
		p.Nodes = append(p.Nodes, node{Name: n.Name, GUID: n.GUID, Type: n.Type, Progress: percent})
	}
	p.TotalProgress = sum / int32(len(nodes))
}
