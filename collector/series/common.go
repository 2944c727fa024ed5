package series

import (
	"progress_exporter/collector/families"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/progress"
)

// read adds how reads go to one of the families that all products have; or, of a job, what
// is known of it. The jobs of a list are read with it, and why that fails is said once; a
// job that fails alone says why.
func (b *Builder) read(id families.ID) {
	r, m := b.r, &b.r.Memory
	list := r.Target.IsList()
	whole := !r.Target.Lists || list || r.Target.Only != "" // not a job beside its list
	switch id {
	case families.Scrapes:
		b.counter(m.Reads)
	case families.ScrapeErrors:
		b.counter(m.Failures)
	case families.LastRead:
		b.date(m.LastRead)
	case families.Up:
		b.gauge(progress.Flag(r.Err == nil))
	case families.ScrapeDuration:
		if whole {
			b.gauge(r.Duration.Seconds())
		}
	case families.ScrapeFailure:
		if (whole || r.Alone) && r.Err != nil {
			b.gauge(1, b.vocabulary.reasons[r.Err.Reason], b.code(m.FailureCode))
		}
	case families.ListedJobs:
		if list {
			b.gauge(float64(len(m.Jobs)))
		}
	case families.CutJobs:
		if list {
			b.gauge(float64(m.CutJobs))
		}
	default:
		if !list {
			b.remembered(id)
		}
	}
}

// remembered adds what stays of a job when a read fails: counters, dates and thresholds; or
// what a good read says.
func (b *Builder) remembered(id families.ID) {
	r, m := b.r, &b.r.Memory
	switch id {
	case families.JobErrors:
		b.codes(m.JobErrors)
	case families.NodeErrors:
		b.codes(m.NodeErrors)
	case families.FirstSeen:
		b.date(m.FirstSeen)
	case families.LastChange:
		b.date(m.LastChange)
	case families.Ended:
		if !m.LastRead.IsZero() {
			b.gauge(progress.Flag(m.Ended))
		}
	case families.End:
		b.date(m.End)
	case families.Deadline:
		b.date(r.Target.Deadline)
	case families.StallThreshold:
		if r.Target.StallAfter > 0 {
			b.gauge(r.Target.StallAfter.Seconds())
		}
	default:
		if r.Err == nil {
			b.job(id)
		}
	}
}

func (b *Builder) codes(counts []ledger.CodeCount) {
	for _, c := range counts {
		b.counter(c.Count, b.code(c.Code))
	}
}

// job adds what a good read says about the job as a whole, and what is made of its history.
func (b *Builder) job(id families.ID) {
	r, m, rep := b.r, &b.r.Memory, &b.r.Report
	switch id {
	case families.State:
		for _, s := range b.vocabulary.states {
			b.gauge(progress.Flag(s.state == rep.State), s.label)
		}
	case families.TotalRatio:
		b.said(rep.Ratio)
	case families.Nodes:
		b.said(rep.NodeCount)
	case families.NodesCompleted:
		b.said(rep.NodesCompleted)
	case families.Lag:
		b.said(rep.Lag)
	case families.CopiedBytes:
		b.said(rep.CopiedBytes)
	case families.TotalBytes:
		b.said(rep.TotalBytes)
	case families.Start:
		b.date(rep.Start)
	case families.WorkHash:
		b.gauge(r.WorkHash)
	case families.JobError:
		if rep.ErrorCode != "" {
			b.gauge(1, b.code(rep.ErrorCode))
		}
	case families.JobInfo:
		b.info(rep.Info)
	case families.Stalled:
		if r.Target.StallAfter > 0 && !m.Undecided {
			b.gauge(progress.Flag(m.Stalled(r.Target.StallAfter)))
		}
	case families.Standstill:
		b.date(m.Still)
	case families.EstimatedEnd:
		if !m.Stalled(r.Target.StallAfter) {
			b.date(m.Earliest, b.vocabulary.bounds[0])
			b.date(m.Expected, b.vocabulary.bounds[1])
			b.date(m.Latest, b.vocabulary.bounds[2])
		}
	default:
		b.nodes(id)
	}
}

func (b *Builder) info(info []progress.Label) {
	if len(info) == 0 {
		return
	}
	labels := b.base
	for i := range info {
		labels = b.join(labels, &info[i])
	}
	b.add(Sample{Labels: labels, Value: 1})
}

// nodes adds what a good read says about each node.
func (b *Builder) nodes(id families.ID) {
	for i := range b.r.Report.Nodes {
		n := &b.r.Report.Nodes[i]
		node := append(make([]*progress.Label, 0, 4), b.pair("node_guid", n.ID), b.pair("node_name", n.Name), b.pair("node_type", n.Type))
		switch {
		case id == families.NodeRatio:
			b.said(n.Ratio, node...)
		case id == families.NodeStatus && n.Status != "":
			b.gauge(1, append(node, b.pair("status", n.Status))...)
		case id == families.NodeError && n.ErrorCode != "":
			b.gauge(1, append(node, b.code(n.ErrorCode))...)
		}
	}
}
