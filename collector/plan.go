package collector

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/fetch"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/targets"
)

// Plan is a configuration whose every target is ready to be read. Only NewPlan
// makes one, so that nothing unchecked can be run.
type Plan struct {
	targets []*target
	byName  map[string]*target
	files   []fileStatus
}

// fileStatus says whether a target file is in use as it stands.
type fileStatus struct {
	path string
	err  error
}

// target is one target, ready: its source is open, its client built, its labels
// prepared.
type target struct {
	key
	api      *progress.API
	source   progress.Source
	client   *fetch.Client
	labels   []*dto.LabelPair // sorted by name
	reserved map[string]bool  // the names in labels

	timeout, stallAfter, minInterval time.Duration
	deadline                         time.Time
}

// Load reads a configuration and makes its plan. Its error names all that is wrong
// with the main file.
func Load(file string, apis []progress.API) (*Plan, error) {
	cfg, err := targets.Load(file)
	if cfg == nil {
		return nil, err
	}
	plan, wrong := NewPlan(cfg, apis)
	if err = errors.Join(err, wrong); err != nil {
		return nil, err
	}
	return plan, nil
}

// NewPlan opens every target of a configuration, without any request to a
// product. Its error names all that is wrong. A target file with a mistake does
// not count as wrong: its targets are left out and its status says why.
func NewPlan(cfg *targets.Config, apis []progress.API) (*Plan, error) {
	p := &Plan{byName: map[string]*target{}}
	ready, err := openAll(cfg.Targets, apis)
	if err != nil {
		return nil, err
	}
	p.add(ready)
	for _, f := range cfg.Files {
		ready, err := openAll(f.Targets, apis)
		if err = errors.Join(f.Err, err); err == nil {
			p.add(ready)
		}
		p.files = append(p.files, fileStatus{f.Path, err})
	}
	return p, nil
}

// Len returns the number of targets.
func (p *Plan) Len() int { return len(p.targets) }

// Warnings returns what is wrong with target files that were left out.
func (p *Plan) Warnings() []error {
	var errs []error
	for _, f := range p.files {
		if f.err != nil {
			errs = append(errs, f.err)
		}
	}
	return errs
}

// knows reports whether the plan has a target of that name and product.
func (p *Plan) knows(name, api string) bool {
	t, ok := p.byName[name]
	return ok && t.api.Name == api
}

// close drops the idle connections of a plan that is no longer used.
func (p *Plan) close() {
	for _, t := range p.targets {
		t.client.Close()
	}
}

func (p *Plan) add(ready []*target) {
	p.targets = append(p.targets, ready...)
	for _, t := range ready {
		p.byName[t.target] = t
	}
}

// openAll opens targets, or returns everything that is wrong with them.
func openAll(list []targets.Target, apis []progress.API) ([]*target, error) {
	ready := make([]*target, 0, len(list))
	var errs []error
	for i := range list {
		t, err := open(&list[i], apis)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		ready = append(ready, t)
	}
	return ready, errors.Join(errs...)
}

func open(cfg *targets.Target, apis []progress.API) (*target, error) {
	at := slices.IndexFunc(apis, func(a progress.API) bool { return a.Name == cfg.API })
	if at < 0 {
		return nil, fmt.Errorf("%s: unknown api %q, want one of %s", cfg.Origin, cfg.API, apiNames(apis))
	}
	api := &apis[at]
	t := &target{
		key: key{target: cfg.Name, api: api.Name}, api: api,
		timeout: cfg.Timeout, stallAfter: cfg.StallAfter, minInterval: cfg.MinInterval, deadline: cfg.Deadline,
	}
	if err := t.prepareLabels(cfg.Labels); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Origin, err)
	}
	var err error
	t.source, err = api.Open(progress.Target{Name: cfg.Name, URL: cfg.URL, Options: cfg.Options, ReadFile: cfg.ReadFile})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Origin, err)
	}
	if t.client, err = fetch.New(cfg.HTTP); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Origin, err)
	}
	return t, nil
}

// prepareLabels makes the labels that every series of the target carries.
func (t *target) prepareLabels(own map[string]string) error {
	for _, f := range t.api.Families {
		for _, name := range f.Labels {
			if _, clash := own[name]; clash {
				return fmt.Errorf("labels: %s is a label of progress_%s_%s; choose another name", name, t.api.Name, f.Name)
			}
		}
	}
	t.labels = []*dto.LabelPair{fixedPair("target", t.target), fixedPair("api", t.api.Name)}
	for name, value := range own {
		t.labels = append(t.labels, fixedPair(name, value))
	}
	slices.SortFunc(t.labels, func(a, b *dto.LabelPair) int { return strings.Compare(*a.Name, *b.Name) })
	t.reserved = make(map[string]bool, len(t.labels))
	for _, l := range t.labels {
		t.reserved[*l.Name] = true
	}
	return nil
}

func apiNames(apis []progress.API) string {
	names := make([]string, len(apis))
	for i, a := range apis {
		names[i] = a.Name
	}
	return strings.Join(names, ", ")
}
