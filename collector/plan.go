package collector

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/fetch"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/targets"
)

// Plan is a configuration whose every target is ready to be read. Only an opener
// makes one, so that nothing unchecked can be run.
type Plan struct {
	targets   []*target
	byName    map[string]*target
	files     []fileStatus
	unmatched []string // the patterns of target_files that match no file; a misspelt one looks like that of jobs that come and go
}

// fileStatus says whether a target file is in use as it stands. A directory that
// could not be listed has one as well, without targets.
type fileStatus struct {
	path      string
	err       error
	targets   []*target // what is in use of it
	directory bool
}

// target is one target, ready: its source is open, its client built, its labels
// prepared.
type target struct {
	key
	cfg      *targets.Target
	api      *progress.API
	plain    *target // the target itself; another one if this is a job of it
	readFile func(name string) ([]byte, error)
	source   progress.Source
	secrets  *progress.Secrets // what its texts must not show
	client   *fetch.Client
	fetch    progress.Fetch   // the client's, or one that looks over its shoulder
	entry    *entry           // what the ledger remembers; nil until the plan is used, and for a job
	labels   []progress.Label // of all its series, sorted by name
	reserved map[string]bool  // the names in labels

	timeout, stallAfter, minInterval time.Duration
	deadline                         time.Time
}

// Load reads a configuration and makes its plan. Its error names all that is wrong
// with the main file.
func Load(file string, apis []progress.API) (*Plan, error) {
	return LoadWithin("", file, apis)
}

// LoadWithin is Load with a bound: no target may name a file outside of dir.
func LoadWithin(dir, file string, apis []progress.API) (*Plan, error) {
	plan, _, err := newOpener(apis, dir, time.Now).load(file, &Plan{})
	return plan, err
}

// opener makes targets ready.
type opener struct {
	apis  []progress.API
	bound secretDir
	now   func() time.Time
}

// newOpener returns what makes targets of the given products ready, none of which may
// name a file outside of dir; empty: any file.
func newOpener(apis []progress.API, dir string, now func() time.Time) opener {
	return opener{apis, secretDir(dir), now}
}

// load reads a configuration and makes its plan, which takes over from the old one what is
// in both. Its error names all that is wrong with the main file.
func (o opener) load(file string, old *Plan) (*Plan, *targets.Config, error) {
	cfg, err := targets.Load(file)
	if cfg == nil {
		return nil, nil, err
	}
	plan, wrong := o.planOf(cfg, old)
	if err = errors.Join(err, wrong); err != nil {
		return nil, nil, err
	}
	return plan, cfg, nil
}

// planOf opens every target of a configuration, without any request to a
// product. Its error names all that is wrong. A target file with a mistake does
// not count as wrong: what it held in the old plan stays, and its status says why.
// Targets that are in the old plan as they are now are taken over, with their
// connections.
func (o opener) planOf(cfg *targets.Config, old *Plan) (*Plan, error) {
	p := &Plan{byName: map[string]*target{}, unmatched: cfg.Unmatched}
	ready, err := o.openAll(cfg.Targets, old)
	if err != nil {
		return nil, err
	}
	p.add(ready)
	p.addFiles(cfg, o, old)
	return p, nil
}

// Len returns the number of targets.
func (p *Plan) Len() int { return len(p.targets) }

// Warnings returns what is wrong with target files.
func (p *Plan) Warnings() []error {
	var errs []error
	for _, f := range p.files {
		if f.err != nil {
			errs = append(errs, f.err)
		}
	}
	return errs
}

// find returns the targets with these names, or all of them.
func (p *Plan) find(names []string) ([]*target, error) {
	if len(names) == 0 {
		return p.targets, nil
	}
	list := make([]*target, len(names))
	for i, name := range names {
		t, ok := p.byName[name]
		if !ok {
			return nil, fmt.Errorf("no target is called %q", name)
		}
		list[i] = t
	}
	return list, nil
}

// differs returns how many targets are in p and not in old, and the reverse; one
// that changed counts as both.
func (p *Plan) differs(old *Plan) (added, removed int) {
	for _, t := range p.targets {
		if old.byName[t.target] != t {
			added++
		}
	}
	return added, len(old.targets) - (len(p.targets) - added)
}

// close drops the idle connections of a plan that gives way to another.
func (p *Plan) close(next *Plan) {
	for _, t := range p.targets {
		if next.byName[t.target] != t {
			t.client.Close()
		}
	}
}

func (p *Plan) add(ready []*target) {
	p.targets = append(p.targets, ready...)
	for _, t := range ready {
		p.byName[t.target] = t
	}
}

// openAll opens targets, or returns everything that is wrong with them.
func (o opener) openAll(list []*targets.Target, old *Plan) ([]*target, error) {
	ready := make([]*target, 0, len(list))
	var errs []error
	for _, cfg := range list {
		t := old.byName[cfg.Name]
		if t == nil || !t.cfg.Same(cfg) {
			var err error
			if t, err = o.open(cfg); err != nil {
				errs = append(errs, err)
				continue
			}
		}
		ready = append(ready, t)
	}
	return ready, errors.Join(errs...)
}

func (o opener) open(cfg *targets.Target) (*target, error) {
	at := slices.IndexFunc(o.apis, func(a progress.API) bool { return a.Name == cfg.API })
	if at < 0 {
		return nil, fmt.Errorf("%s: unknown api %q, want one of %s", cfg.Origin, cfg.API, apiNames(o.apis))
	}
	api := &o.apis[at]
	t := &target{
		key: key{target: cfg.Name, api: api.Name, home: cfg.URL.String()}, cfg: cfg, api: api,
		timeout: cfg.Timeout, stallAfter: cfg.StallAfter, minInterval: cfg.MinInterval, deadline: cfg.Deadline,
	}
	t.plain, t.readFile, t.secrets = t, o.bound.reader(cfg), secretsOf(cfg)
	for _, f := range cfg.NamedFiles() {
		if err := o.bound.check(f.Path); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", cfg.Origin, f.Key, err)
		}
		if info, err := os.Stat(f.Path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return nil, fmt.Errorf("%s: %s: %s is not a regular file; a pipe or a device could keep the exporter waiting, or never end", cfg.Origin, f.Key, f.Path)
		}
	}
	if err := t.prepareLabels(cfg.Labels); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Origin, err)
	}
	var err error
	if t.source, err = t.open("", t.secrets); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Origin, err)
	}
	settings := cfg.HTTP
	if cfg.URL.Scheme == "http" {
		// There is none to be had, and to be ready for it takes memory. A login that
		// goes to an https:// address does without.
		settings.EnableHTTP2 = false
	}
	if t.client, err = fetch.New(settings, o.now); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Origin, err)
	}
	t.fetch = t.client.Do
	return t, nil
}

func (t *target) open(job string, secrets *progress.Secrets) (progress.Source, error) {
	return t.api.Open(progress.Target{
		Name: t.cfg.Name, URL: t.cfg.URL, Job: job, Options: t.cfg.Options, ReadFile: t.readFile, Secrets: secrets,
	})
}

// probe returns the target with another job, which its series name in the label
// job_id.
func (t *target) probe(job string) (*target, error) {
	secrets := secretsOf(t.cfg)
	source, err := t.open(job, secrets)
	if err != nil {
		return nil, err
	}
	p := *t
	p.job, p.source, p.secrets, p.entry = job, source, secrets, nil
	p.labels = sorted(append(slices.Clone(t.labels), progress.Label{Name: "job_id", Value: job}))
	p.reserved = maps.Clone(t.reserved)
	p.reserved["job_id"] = true
	return &p, nil
}

// migrationLabel is the label of targets that are the processes of one migration: a
// sharded cluster has one for each shard, and no answer names the others.
const migrationLabel = "migration"

// migration returns the name of the migration that the target is part of; empty if it
// is a job of its own.
func (t *target) migration() string { return t.cfg.Labels[migrationLabel] }

// prepareLabels makes the labels that every series of the target carries.
func (t *target) prepareLabels(own map[string]string) error {
	for _, f := range t.api.Families {
		for _, name := range f.Labels {
			if _, clash := own[name]; clash {
				return fmt.Errorf("labels: %s is a label of progress_%s_%s; choose another name", name, t.api.Name, f.Name)
			}
		}
	}
	t.labels = []progress.Label{{Name: "target", Value: t.target}, {Name: "api", Value: t.api.Name}}
	for name, value := range own {
		t.labels = append(t.labels, progress.Label{Name: name, Value: value})
	}
	t.labels = sorted(t.labels)
	t.reserved = make(map[string]bool, len(t.labels))
	for _, l := range t.labels {
		t.reserved[l.Name] = true
	}
	return nil
}

func sorted(labels []progress.Label) []progress.Label {
	slices.SortFunc(labels, func(a, b progress.Label) int { return strings.Compare(a.Name, b.Name) })
	return labels
}

func apiNames(apis []progress.API) string {
	names := make([]string, len(apis))
	for i, a := range apis {
		names[i] = a.Name
	}
	return strings.Join(names, ", ")
}
