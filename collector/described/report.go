package described

import (
	"slices"

	"progress_exporter/collector/progress"
)

// What a job of a list, a node and a sample cost, beside the expressions that make them.
const jobCost, nodeCost, sampleCost = 64, 32, 16

// list says an answer about many jobs in the exporter's words.
func (d *description) list(in *scope) (progress.Report, error) {
	list := progress.Report{Jobs: []progress.Listed{}}
	seen := map[string]bool{}
	err := d.jobs.each(in, in.root, func(v any) error {
		if err := in.meter.keep(jobCost); err != nil {
			return d.jobs.failed(err)
		}
		name, err := d.jobName.word(in, v)
		if err != nil {
			return err
		}
		r, err := d.report(in, v)
		switch {
		case err != nil:
			return err
		case r.Job == "":
			return d.job.failed(mistake("gives nothing for one of the jobs"))
		case seen[r.Job]:
			return d.job.failed(mistake("gives the same for two of the jobs"))
		}
		seen[r.Job] = true
		list.Jobs = append(list.Jobs, progress.Listed{ID: r.Job, Name: name, Report: r})
		return nil
	})
	return list, err
}

// report says what an answer, or its part about one job, means in the exporter's words.
func (d *description) report(in *scope, v any) (progress.Report, error) {
	var r progress.Report
	var errs [10]error
	r.Job, errs[0] = d.job.word(in, v)
	r.Quiet, errs[1] = d.quiet.truth(in, v)
	r.Ratio, errs[2] = d.ratio.number(in, v)
	r.NodeCount, errs[3] = d.count.number(in, v)
	r.NodesCompleted, errs[4] = d.completed.number(in, v)
	r.Lag, errs[5] = d.lag.number(in, v)
	r.CopiedBytes, errs[6] = d.copied.number(in, v)
	r.TotalBytes, errs[7] = d.total.number(in, v)
	r.Start, errs[8] = d.start.date(in, v)
	r.ErrorCode, errs[9] = d.errorCode.word(in, v)
	for _, err := range errs {
		if err != nil {
			return r, err
		}
	}
	for _, fill := range []func(*scope, any, *progress.Report) error{d.sayState, d.sayInfo, d.sayNodes, d.saySamples} {
		if err := fill(in, v, &r); err != nil {
			return r, err
		}
	}
	return r, sayWork(in, v, d.work, &r.Work)
}

func (d *description) sayState(in *scope, v any, r *progress.Report) error {
	word, err := d.state.word(in, v)
	switch {
	case err != nil:
		return err
	case word == "":
		return d.state.failed(mistake("gives nothing; is this the right url?"))
	}
	r.Word = word
	if d.states != nil {
		r.State = d.states[word] // Unknown if it is not there
	} else {
		r.State, _ = progress.ParseState(word)
	}
	return nil
}

func (d *description) sayInfo(in *scope, v any, r *progress.Report) error {
	for _, l := range d.info {
		text, err := l.value.word(in, v)
		if err != nil {
			return err
		}
		if text != "" {
			r.Info = append(r.Info, progress.Label{Name: l.name, Value: text})
		}
	}
	return nil
}

func sayWork(in *scope, v any, list []*expression, w *progress.Work) error {
	for _, e := range list {
		if err := e.work(in, v, w, e.text); err != nil {
			return err
		}
	}
	return nil
}

func (d *description) sayNodes(in *scope, v any, r *progress.Report) error {
	if d.nodes == nil {
		return nil
	}
	return d.nodes.each.each(in, v, func(v any) error {
		if err := in.meter.keep(nodeCost); err != nil {
			return d.nodes.each.failed(err)
		}
		n, err := d.nodes.node(in, v)
		r.Nodes = append(r.Nodes, n)
		return err
	})
}

func (x *nodes) node(in *scope, v any) (progress.Node, error) {
	var n progress.Node
	var errs [7]error
	n.ID, errs[0] = x.id.word(in, v)
	n.Name, errs[1] = x.name.word(in, v)
	n.Type, errs[2] = x.kind.word(in, v)
	n.Ratio, errs[3] = x.ratio.number(in, v)
	n.Status, errs[4] = x.status.word(in, v)
	n.ErrorCode, errs[5] = x.errorCode.word(in, v)
	errs[6] = sayWork(in, v, x.work, &n.Work)
	for _, err := range errs {
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

func (d *description) saySamples(in *scope, v any, r *progress.Report) error {
	for i := range d.metrics {
		m := &d.metrics[i]
		add := func(v any) error {
			if err := in.meter.keep(sampleCost * (1 + len(m.oneOf))); err != nil {
				return m.value.failed(err)
			}
			return m.sample(in, v, i, r)
		}
		if m.each == nil {
			if err := add(v); err != nil {
				return err
			}
			continue
		}
		if err := m.each.each(in, v, add); err != nil {
			return err
		}
	}
	return nil
}

// sample adds what a metric says of one input.
func (m *metric) sample(in *scope, v any, family int, r *progress.Report) error {
	if m.oneOf != nil {
		word, err := m.value.word(in, v)
		if err == nil && word != "" {
			r.Samples = progress.AppendOneOf(r.Samples, family, m.oneOf, &word)
		}
		return err
	}
	value, err := m.value.amount(in, v)
	if err != nil || value == nil {
		return err
	}
	s := progress.Sample{Family: family, Value: *value}
	for _, l := range m.labels {
		text, err := l.value.word(in, v)
		if err != nil {
			return err
		}
		s.Labels = append(slices.Grow(s.Labels, len(m.labels)), text)
	}
	r.Samples = append(r.Samples, s)
	return nil
}
