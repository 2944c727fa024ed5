package described

import (
	"slices"
	"strings"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// label is a label whose value is made of the answer.
type label struct {
	name  string
	value *expression
}

// metric is one of the product's own families.
type metric struct {
	family progress.Family
	each   *expression // nil: the answer itself
	value  *expression
	labels []label
	oneOf  []string // of a closed set: its members, the last of which is for all others
}

// labels reads labels, in the order of their names.
func (r *reader) labels(f field) []label {
	var labels []label
	for _, entry := range r.mapping(f).all() {
		name := strings.TrimPrefix(entry.path, f.path+".")
		r.checkLabel(f, name)
		labels = append(labels, label{name, r.expression(entry)})
	}
	slices.SortFunc(labels, func(a, b label) int { return strings.Compare(a.name, b.name) })
	return labels
}

func (r *reader) checkLabel(f field, name string) {
	taken := []string{"target", "api", "job_id", "job_name", "job", "instance", "le", "quantile"}
	switch {
	case len(name) > 64 || !labelName.MatchString(name) || strings.HasPrefix(name, "__"):
		r.problem(f.node, f.path, "%q is not a label name; want letters, digits and underscores, not beginning with a digit or __", name)
	case slices.Contains(taken, name):
		r.problem(f.node, f.path, "%q is set by the exporter or by Prometheus; choose another name", name)
	}
}

// metrics reads the product's own families.
func (r *reader) metrics(f field) []metric {
	var list []metric
	names := map[string]bool{}
	for _, item := range r.list(f) {
		m := r.mapping(item)
		name, help, value := r.need(m, "name"), r.need(m, "help"), r.need(m, "value")
		x := metric{each: r.expression(m.take("each")), value: r.expression(value), labels: r.labels(m.take("labels"))}
		x.family = progress.Family{Name: r.line(name, 80), Help: r.line(help, 300), Signed: r.flag(m.take("signed"))}
		for _, l := range x.labels {
			x.family.Labels = append(x.family.Labels, l.name)
		}
		r.oneOf(m.take("one_of"), &x)
		r.rest(m)
		switch {
		case !name.given() || x.family.Name == "":
		case !metricName.MatchString(x.family.Name):
			r.problem(name.node, name.path, "want lower case letters and digits, with single underscores between them; the exporter puts progress_ and the api's name before it")
		case hasSuffix(x.family.Name, "_total", "_count", "_sum", "_bucket", "_info"):
			r.problem(name.node, name.path, "must not end in _total, _count, _sum, _bucket or _info: it is a gauge")
		case names[x.family.Name]:
			r.problem(name.node, name.path, "the metric %s is there already", x.family.Name)
		}
		names[x.family.Name] = true
		list = append(list, x)
	}
	return list
}

func hasSuffix(s string, suffixes ...string) bool {
	return slices.ContainsFunc(suffixes, func(suffix string) bool { return strings.HasSuffix(s, suffix) })
}

// families returns the product's own families.
func (d *description) families() []progress.Family {
	var families []progress.Family
	for _, m := range d.metrics {
		families = append(families, m.family)
	}
	if d.login != nil {
		families = append(families, session.Families()...)
	}
	return families
}

// oneOf reads a closed set, which becomes one 0/1 series for each of its members.
func (r *reader) oneOf(f field, x *metric) {
	if !f.given() {
		return
	}
	m := r.mapping(f)
	if len(m.keys) != 1 || len(x.labels) > 0 {
		r.problem(f.node, f.path, "want one label with the list of its values, and no labels beside it")
		return
	}
	list := m.all()[0]
	name := strings.TrimPrefix(list.path, f.path+".")
	r.checkLabel(f, name)
	x.family.Labels = []string{name}
	for _, item := range r.list(list) {
		member := r.line(item, 64)
		if member == "" || member == otherMember || slices.Contains(x.oneOf, member) {
			r.problem(item.node, item.path, "want a value that does not stand there yet; other is added by itself")
		}
		x.oneOf = append(x.oneOf, member)
	}
	x.oneOf = append(x.oneOf, otherMember)
}
