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

// nodes are the parts of a job.
type nodes struct {
	each                              *expression
	id, name, kind, status, errorCode *expression
	ratio                             *expression
	work                              []*expression
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

func (r *reader) expressions(f field) []*expression {
	var list []*expression
	for _, item := range r.list(f) {
		list = append(list, r.expression(item))
	}
	return list
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
