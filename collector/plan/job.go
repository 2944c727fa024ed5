package plan

import (
	"maps"
	"slices"

	"progress_exporter/collector/progress"
)

// Probe returns the target with another job, which its series name in the label
// job_id. A job of a list is read with the list.
func (t *Target) Probe(job string) (*Target, error) {
	if t.Lists {
		p := *t
		p.Only = job
		return &p, nil
	}
	secrets := secretsOf(t.cfg)
	source, err := t.open(job, secrets)
	if err != nil {
		return nil, err
	}
	p := *t
	p.Job, p.Source, p.Secrets, p.Entry = job, source, secrets, nil
	p.Labels = sorted(append(slices.Clone(t.Labels), progress.Label{Name: "job_id", Value: job}))
	p.Reserved = maps.Clone(t.Reserved)
	p.Reserved["job_id"] = true
	return &p, nil
}

// Split returns the target and the job that a name such as TARGET/JOB means, if there is a
// list with jobs of that name; any other name is that of a target, and there is no job.
func (p *Plan) Split(name string) (target, job string) {
	if p.ByName[name] == nil {
		for at, c := range name { // both may have slashes in them
			if t := p.ByName[name[:at]]; c == '/' && t != nil && t.Lists && at+1 < len(name) {
				return name[:at], name[at+1:]
			}
		}
	}
	return name, ""
}

// IsList reports whether the target is a list, and not one of the jobs in it.
func (t *Target) IsList() bool { return t.Lists && t.Job == "" }

// Listed returns the target as one of the jobs of its list, whose series have the labels
// job_id and, if it has a name, job_name.
func (t *Target) Listed(id, name string) *Target {
	p := *t
	p.Job, p.Entry = id, nil
	p.Labels = append(make([]progress.Label, 0, len(t.Labels)+2), t.Labels...)
	p.Labels = append(p.Labels, progress.Label{Name: "job_id", Value: id})
	if name != "" {
		p.Labels = append(p.Labels, progress.Label{Name: "job_name", Value: name})
	}
	p.Labels = sorted(p.Labels)
	return &p
}
