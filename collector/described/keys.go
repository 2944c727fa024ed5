package described

import (
	"regexp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
)

// description is one API, checked: how it is asked, and what its answers mean.
type description struct {
	name    string
	help    string
	options map[string]*option
	request *request
	refusal *refusal // nil: none
	also    []further

	login    *login // nil: none
	sessions *session.Accounts

	jobs                       *expression // gives the jobs of a list; nil: the answer is about one
	job, jobName, state        *expression
	states                     map[string]progress.State // nil: the words are ours
	quiet                      *expression
	ratio, count, completed    *expression
	lag, copied, total         *expression
	start                      *expression
	errorCode                  *expression
	info                       []label
	work                       []*expression
	nodes                      *nodes // nil: none
	metrics                    []metric
	errorCodes, nodeErrorCodes []string
}

// further is a question that is asked beside the first one.
type further struct {
	name    string
	when    *expression // of the first answer, whether it is asked; nil: always
	request *request
}

// MaxFurther bounds the questions beside the first one: a read is one look at a product,
// not a crawl.
const MaxFurther = 3

// refusal is how a product says that it will not answer.
type refusal struct{ when, code, message *expression }

// label is a label whose value is made of the answer.
type label struct {
	name  string
	value *expression
}

// nodes are the parts of a job.
type nodes struct {
	each                              *expression
	id, name, kind, status, errorCode *expression
	ratio                             *expression
	work                              []*expression
}

// metric is one of the product's own families.
type metric struct {
	family progress.Family
	each   *expression // nil: the answer itself
	value  *expression
	labels []label
	oneOf  []string // of a closed set: its members, the last of which is for all others
}

var (
	apiName    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	metricName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	labelName  = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)
)

// otherMember stands for every value outside of a closed set.
const otherMember = "other"

// description reads one description.
func (r *reader) description(f field) *description {
	m := r.mapping(f)
	d := &description{}
	name := r.need(m, "name")
	d.name = r.line(name, 40)
	if name.given() && !apiName.MatchString(d.name) {
		r.problem(name.node, name.path, "want lower case letters and digits, with single dashes between them, 40 at most")
	}
	d.help = r.line(m.take("help"), 300)
	d.options = r.options(m.take("options"))
	if request := r.need(m, "request"); request.given() {
		d.request = r.request(request, d.options)
	}
	d.refusal = r.refusal(m.take("refusal"))
	d.also = r.further(m.take("also"), d.options)
	if f := m.take("login"); f.given() {
		d.login = r.login(f, d.options, r.named)
	}
	r.report(m, d)
	r.rest(m)
	return d
}

// refusal reads how a product says that it will not answer.
func (r *reader) refusal(f field) *refusal {
	if !f.given() {
		return nil
	}
	m := r.mapping(f)
	said := &refusal{r.expression(r.need(m, "when")), r.expression(m.take("code")), r.expression(m.take("message"))}
	r.rest(m)
	return said
}

// further reads what is asked beside the first question.
func (r *reader) further(f field, options map[string]*option) []further {
	var list []further
	for _, entry := range r.mapping(f).all() {
		name := strings.TrimPrefix(entry.path, f.path+".")
		if !entry.given() || !r.is(entry, yaml.MappingNode) {
			continue
		}
		if len(list) == MaxFurther {
			r.problem(entry.node, f.path, "has more than %d requests", MaxFurther)
			break
		}
		m := r.mapping(entry)
		x := further{name: name, when: r.expression(m.take("when"))}
		if request := r.need(m, "request"); request.given() {
			x.request = r.request(request, options)
		}
		r.rest(m)
		r.rules[alsoVariable+"."+name] = rule{}
		list = append(list, x)
	}
	return list
}

// report reads what becomes the fields of a progress.Report.
func (r *reader) report(m *mapping, d *description) {
	r.jobs(m, d)
	d.state = r.expression(r.need(m, "state"))
	d.states = r.states(m.take("states"))
	d.quiet = r.expression(m.take("quiet"))
	d.ratio = r.expression(m.take("ratio"))
	d.count, d.completed = r.expression(m.take("node_count")), r.expression(m.take("nodes_completed"))
	d.lag = r.expression(m.take("lag"))
	d.copied, d.total = r.expression(m.take("copied_bytes")), r.expression(m.take("total_bytes"))
	d.start = r.expression(m.take("start"))
	d.errorCode, d.errorCodes = r.expression(m.take("error_code")), r.codes(m.take("error_codes"))
	d.info = r.labels(m.take("info"))
	d.work = r.expressions(m.take("work"))
	if f := m.take("nodes"); f.given() {
		inner := r.mapping(f)
		d.nodes = &nodes{
			each: r.expression(r.need(inner, "each")), id: r.expression(r.need(inner, "id")),
			name: r.expression(inner.take("name")), kind: r.expression(inner.take("type")),
			ratio: r.expression(inner.take("ratio")), status: r.expression(inner.take("status")),
			errorCode: r.expression(inner.take("error_code")), work: r.expressions(inner.take("work")),
		}
		d.nodeErrorCodes = r.codes(inner.take("error_codes"))
		r.rest(inner)
	}
	metrics := m.take("metrics")
	d.metrics = r.metrics(metrics)
	if d.login == nil {
		return
	}
	for _, f := range session.Families() {
		if slices.ContainsFunc(d.metrics, func(x metric) bool { return x.family.Name == f.Name }) {
			r.problem(metrics.node, metrics.path, "the metric %s comes with the login; choose another name", f.Name)
		}
	}
}

// jobs reads which job the answer is about, or which ones.
func (r *reader) jobs(m *mapping, d *description) {
	jobs, name := m.take("jobs"), m.take("job_name")
	d.jobs, d.jobName = r.expression(jobs), r.expression(name)
	if !jobs.given() {
		if name.given() {
			r.problem(name.node, name.path, "is for the jobs of a list, which jobs gives")
		}
		d.job = r.expression(m.take("job"))
		return
	}
	d.job = r.expression(r.need(m, "job"))
	if o := d.jobOption(); o != nil {
		r.problem(jobs.node, jobs.path, "the option %s has job: true already; a target is one job or a list of them", o.name)
	}
}

// states reads the table from the product's words to ours.
func (r *reader) states(f field) map[string]progress.State {
	if !f.given() {
		return nil
	}
	states := map[string]progress.State{}
	for _, entry := range r.mapping(f).all() {
		state, ok := progress.ParseState(r.text(entry))
		if !ok {
			at := entry.node
			if at == nil {
				at = f.node
			}
			r.problem(at, entry.path, "want one of %s", stateNames())
		}
		states[strings.TrimPrefix(entry.path, f.path+".")] = state
	}
	return states
}

func stateNames() string {
	var names []string
	for _, s := range progress.States() {
		names = append(names, s.String())
	}
	return strings.Join(names, ", ")
}

func (r *reader) expressions(f field) []*expression {
	var list []*expression
	for _, item := range r.list(f) {
		list = append(list, r.expression(item))
	}
	return list
}

// codes reads documented error codes.
func (r *reader) codes(f field) []string {
	var codes []string
	for _, item := range r.list(f) {
		code := r.line(item, 64)
		if code == "" || slices.Contains(codes, code) {
			r.problem(item.node, item.path, "want an error code that does not stand there yet")
		}
		codes = append(codes, code)
	}
	return codes
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
		x.family = progress.Family{Name: r.line(name, 80), Help: r.line(help, 300), Signed: true}
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
