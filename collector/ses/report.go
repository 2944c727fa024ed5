package ses

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/progress"
)

// roles are the role codes that the page of the call documents. Others stay as
// they come.
var roles = map[string]string{"M": "manager", "D": "data"}

// report says a result in the exporter's words; unread is what of it could not be read.
func (c *cluster) report(res *result, unread []progress.Unread) progress.Report {
	var v version
	if res.Version != nil {
		v = *res.Version
	}
	r := progress.Report{Unread: unread}
	requested := c.date(&r, "result.versionVo.actionDate", v.ActionDate)
	var in tally
	word := [phases]string{}
	for _, n := range res.Nodes {
		if n == nil {
			continue
		}
		updated := c.date(&r, "result.nodeStatusVoList.updatedDate", n.UpdatedDate)
		p := c.phaseOf(n.Status, updated, requested)
		in[p]++
		word[p] = cmp.Or(word[p], n.Status)
		r.Nodes = append(r.Nodes, nodeOf(n, p, updated))
		if !updated.IsZero() {
			r.Samples = append(r.Samples, progress.Sample{Family: familyUpdated, Labels: []string{n.Hostname}, Value: float64(updated.Unix())})
		}
	}
	if none(v, &in, unread) {
		r.State = progress.None // and no Job: the product does not say which one it was
		return r
	}
	// If the list is longer than nodeCount, one of them is wrong. The larger number
	// cannot end the job too early.
	nodes := float64(in.listed())
	if res.NodeCount != nil {
		nodes = max(nodes, float64(*res.NodeCount))
	}
	finished := float64(in[done])
	r.Job = c.job(v.ActionDate)
	r.State = in.state(nodes)
	r.Word = deciding(r.State, word)
	r.Ratio, r.NodeCount, r.NodesCompleted = progress.Ptr(finished/nodes), &nodes, &finished
	r.Start = requested
	r.Info = []progress.Label{
		{Name: "cluster_name", Value: res.Name},
		{Name: "current_version", Value: v.Current},
		{Name: "service_group_instance_no", Value: c.question.ServiceGroupInstanceNo},
		{Name: "target_version", Value: v.Target},
	}
	for p, n := range in {
		r.Samples = append(r.Samples, progress.Sample{Family: familyNodes, Labels: phaseNames[p : p+1 : p+1], Value: float64(n)})
	}
	return r
}

// none reports whether there is no upgrade: no nodes to be upgraded, or nothing that
// is upgraded to something. A node that nevertheless works or has failed is worth
// more than what is missing, and what cannot be read is not missing.
func none(v version, in *tally, unread []progress.Unread) bool {
	said := v != version{} || slices.ContainsFunc(unread, func(u progress.Unread) bool {
		return strings.HasPrefix(u.Field, "result.versionVo.")
	})
	return in.listed() == 0 || !said && in[working]+in[failed] == 0
}

// deciding returns the word of a node that made the state what it is. The product
// has no word for the job.
func deciding(s progress.State, words [phases]string) string {
	switch s {
	case progress.Running:
		return words[working]
	case progress.Failed:
		return words[failed]
	case progress.Unknown:
		return words[unknown]
	}
	return ""
}

// nodeOf says a node in the exporter's words. The product has no error codes of nodes:
// the word that states: names as a failure is the one.
func nodeOf(n *node, p phase, updated time.Time) progress.Node {
	role, ok := roles[n.Role]
	if !ok {
		role = n.Role
	}
	out := progress.Node{ID: n.Hostname, Name: n.Hostname, Type: role, Status: n.Status}
	if p == failed {
		out.ErrorCode = n.Status
	}
	out.Work.Time("updated", updated)
	return out
}

// date reads a date, which stands in the answer without its zone. It is zero if there
// is none or if it has another form, which the report notes: a date is worth less than
// the answer.
func (c *cluster) date(r *progress.Report, field, text string) time.Time {
	if text == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation(time.DateTime, text, c.zone)
	if err != nil {
		r.Unread = progress.AddUnread(r.Unread, field, progress.DateField)
		return time.Time{}
	}
	return at
}
