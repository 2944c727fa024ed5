package plan

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector/fetch"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/session"
	"progress_exporter/collector/targets"
)

// Plan is a configuration whose every target is ready to be read. Only an opener
// makes one, so that nothing unchecked can be run.
type Plan struct {
	Targets   []*Target          // in the order of the configuration
	ByName    map[string]*Target // the same, by their names
	Files     []File             // the target files, and directories that could not be listed
	catalog   *catalog           // nil for a plan that was not loaded
	Unmatched []string           // the patterns of target_files that match no file; a misspelt one looks like that of jobs that come and go
}

// File says whether a target file is in use as it stands. A directory that
// could not be listed has one as well, without targets.
type File struct {
	Path      string    // as the configuration leads to it
	Err       error     // nil if the file is in use as it stands
	Targets   []*Target // what is in use of it
	Directory bool      // a directory that could not be listed
}

// Load reads a configuration and makes its plan. Its error names all that is wrong
// with the main file.
func Load(file string, apis []progress.API) (*Plan, error) {
	return LoadWithin("", file, apis)
}

// LoadWithin is Load with a bound: no target may name a file outside of dir.
func LoadWithin(dir, file string, apis []progress.API) (*Plan, error) {
	plan, _, err := NewOpener(apis, dir, time.Now).Load(file, &Plan{})
	return plan, err
}

// Opener makes targets ready.
type Opener struct {
	apis  []progress.API
	bound secretDir
	now   func() time.Time

	accounts *session.Accounts // of the products that configurations describe, over reloads
	catalog  *catalog          // of the plan that is being made
}

// NewOpener returns what makes targets of the given products ready, none of which may
// name a file outside of dir; empty: any file.
func NewOpener(apis []progress.API, dir string, now func() time.Time) Opener {
	return Opener{apis: apis, bound: secretDir(dir), now: now, accounts: session.New(now)}
}

// Load reads a configuration and makes its plan, which takes over from the old one what is
// in both. Its error names all that is wrong with the main file.
func (o Opener) Load(file string, old *Plan) (*Plan, *targets.Config, error) {
	cfg, err := targets.Load(file)
	if cfg == nil {
		return nil, nil, err
	}
	plan, wrong := o.Plan(cfg, old)
	if err = errors.Join(err, wrong); err != nil {
		return nil, nil, err
	}
	return plan, cfg, nil
}

// Plan opens every target of a configuration, without any request to a
// product. Its error names all that is wrong. A target file with a mistake does
// not count as wrong: what it held in the old plan stays, and its status says why.
// Targets that are in the old plan as they are now are taken over, with their
// connections.
func (o Opener) Plan(cfg *targets.Config, old *Plan) (*Plan, error) {
	p := &Plan{ByName: map[string]*Target{}, Unmatched: cfg.Unmatched}
	var err error
	if p.catalog, err = newCatalog(o.apis, cfg.Descriptions, old.catalog, o.accounts); err != nil {
		return nil, err
	}
	o.catalog = p.catalog
	ready, err := o.openAll(cfg.Targets, old)
	if err != nil {
		return nil, err
	}
	p.add(ready)
	p.addFiles(cfg, o, old)
	return p, nil
}

// APIs returns the products that targets of the plan can name: those of the program and
// those that the configuration describes. It is the same list as that of the plan before,
// if nothing in it changed; nil if the plan was not loaded from a file.
func (p *Plan) APIs() []*progress.API {
	if p.catalog == nil {
		return nil
	}
	return p.catalog.apis
}

// Len returns the number of targets.
func (p *Plan) Len() int { return len(p.Targets) }

// Warnings returns what is wrong with target files.
func (p *Plan) Warnings() []error {
	var errs []error
	for _, f := range p.Files {
		if f.Err != nil {
			errs = append(errs, f.Err)
		}
	}
	return errs
}

// Find returns the targets with these names, or all of them.
func (p *Plan) Find(names []string) ([]*Target, error) {
	if len(names) == 0 {
		return p.Targets, nil
	}
	list := make([]*Target, len(names))
	for i, name := range names {
		t, ok := p.ByName[name]
		if !ok {
			return nil, fmt.Errorf("no target is called %q", name)
		}
		list[i] = t
	}
	return list, nil
}

// Differs returns how many targets are in p and not in old, and the reverse; one
// that changed counts as both.
func (p *Plan) Differs(old *Plan) (added, removed int) {
	for _, t := range p.Targets {
		if old.ByName[t.Target] != t {
			added++
		}
	}
	return added, len(old.Targets) - (len(p.Targets) - added)
}

// Close drops the idle connections of a plan that gives way to another.
func (p *Plan) Close(next *Plan) {
	for _, t := range p.Targets {
		if next.ByName[t.Target] != t {
			t.Client.Close()
		}
	}
}

func (p *Plan) add(ready []*Target) {
	p.Targets = append(p.Targets, ready...)
	for _, t := range ready {
		p.ByName[t.Target] = t
	}
}

// openAll opens targets, or returns everything that is wrong with them.
func (o Opener) openAll(list []*targets.Target, old *Plan) ([]*Target, error) {
	ready := make([]*Target, 0, len(list))
	var errs []error
	for _, cfg := range list {
		t := old.ByName[cfg.Name]
		if t == nil || !t.cfg.Same(cfg) || t.API != o.catalog.find(cfg.API) {
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

func (o Opener) open(cfg *targets.Target) (*Target, error) {
	api := o.catalog.find(cfg.API)
	if api == nil {
		return nil, fmt.Errorf("%s: unknown api %q, want one of %s", cfg.Origin, cfg.API, o.catalog.names())
	}
	t := &Target{
		Key: ledger.Key{Target: cfg.Name, API: api.Name, Home: cfg.URL.String()}, cfg: cfg, API: api,
		Timeout: cfg.Timeout, StallAfter: cfg.StallAfter, MinInterval: cfg.MinInterval, Deadline: cfg.Deadline, MaxJobs: cfg.MaxJobs,
	}
	t.Plain, t.readFile, t.readDir, t.Secrets = t, o.bound.reader(cfg), o.bound.lister(cfg), secretsOf(cfg)
	for _, f := range cfg.NamedFiles() {
		if err := o.bound.check(f.Path); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", cfg.Origin, f.Key, err)
		}
		if info, err := os.Stat(f.Path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return nil, fmt.Errorf("%s: %s: %s is not a regular file; a pipe or a device could keep the exporter waiting, or never end", cfg.Origin, f.Key, f.Path)
		}
	}
	if err := t.SetLabels(cfg.Labels); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Origin, err)
	}
	var err error
	if t.Source, err = t.open("", t.Secrets); err != nil {
		return nil, cfg.Placed(err)
	}
	if t.Lists = progress.Lists(t.Source); t.Lists {
		t.Reserved["job_id"], t.Reserved["job_name"] = true, true
	}
	settings := cfg.HTTP
	if cfg.URL.Scheme == "http" {
		// There is none to be had, and to be ready for it takes memory. A login that
		// goes to an https:// address does without.
		settings.EnableHTTP2 = false
	}
	if t.Client, err = fetch.New(settings, o.now); err != nil {
		return nil, fmt.Errorf("%s: %w", cfg.Origin, err)
	}
	t.Fetch = t.Client.Do
	return t, nil
}

func sorted(labels []progress.Label) []progress.Label {
	slices.SortFunc(labels, func(a, b progress.Label) int { return strings.Compare(a.Name, b.Name) })
	return labels
}
