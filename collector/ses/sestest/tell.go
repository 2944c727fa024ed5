package sestest

import (
	"encoding/json"
	"time"

	"progress_exporter/collector/collectortest/drill"
)

// FailedWord is the status of a node in the story of a failed upgrade. It is
// invented, as the vendor documents no word for a failure: a target that is to
// understand it maps it, `states: {Upgrade_Failed: failed}`.
const FailedWord = "Upgrade_Failed"

// result is a cluster as the vendor's sample shows it.
type result struct {
	Name    string   `json:"name"`
	Count   int      `json:"nodeCount"`
	Version *version `json:"versionVo"`
	Nodes   []node   `json:"nodeStatusVoList"`
}

type version struct {
	Current string `json:"currentVersionCode"`
	Target  string `json:"targetVersionCode"`
	Action  string `json:"actionDate"`
}

type node struct {
	Hostname string `json:"hostname"`
	Status   string `json:"status"`
	Role     string `json:"nodeRoleCode"`
	Updated  string `json:"updatedDate"`
}

// korea is the zone of the dates in the vendor's sample. It has no summer time.
var korea = time.FixedZone("KST", 9*60*60)

// idleSince is when the nodes of a cluster without a story came up.
var idleSince = time.Date(2026, 5, 11, 9, 22, 40, 0, time.UTC)

// tell says a moment as the result of the answer. What the product answers for a
// cluster without an upgrade is a guess (no version), and so is what it answers
// when it has forgotten one (null).
func tell(c Cluster, m drill.Moment, nodes []Node) string {
	if m.Phase == drill.Gone {
		return "null"
	}
	r := result{Name: c.Name, Count: len(nodes)}
	up := idleSince
	if m.Phase != drill.Idle {
		r.Version = &version{"290", "2111", date(c.Drill.Start)}
		up = c.Drill.Start.Add(-16 * time.Hour)
	}
	for i, n := range nodes {
		status, updated := "running", up
		if m.Phase != drill.Idle && m.Phase != drill.Waiting {
			status, updated = upgrade(m, c.Drill, i, len(nodes))
		}
		if updated.IsZero() {
			updated = up
		}
		r.Nodes = append(r.Nodes, node{n.Hostname, status, n.Role, date(updated)})
	}
	body, err := json.Marshal(r)
	if err != nil {
		panic(err) // plain strings and numbers always marshal
	}
	return string(body)
}

// upgrade returns the status of the i-th of n nodes, which are upgraded one after
// the other, and since when it has it; a zero time is before the upgrade. The
// moment of a change depends on the share of the work alone, so that the dates of a
// job that stalls stand still. A cancelled upgrade stays as it was, because the
// vendor documents no word for it.
func upgrade(m drill.Moment, story drill.Drill, i, n int) (status string, since time.Time) {
	work := story.Start.Add(story.Length).Sub(m.Began)
	at := func(fraction float64) time.Time { return m.Began.Add(time.Duration(fraction * float64(work))) }
	begins, ends := float64(i)/float64(n), float64(i+1)/float64(n)
	switch {
	case m.Fraction >= ends:
		return "complete", at(ends)
	case m.NodeFail && i == n-1: // tried before its turn
		return FailedWord, m.Began
	case m.Fraction < begins:
		return "running", time.Time{}
	case m.Phase == drill.Failed:
		return FailedWord, at(m.Fraction)
	}
	return "Upgrade_OpenSearch", at(begins)
}

func date(t time.Time) string { return t.In(korea).Format(time.DateTime) }
