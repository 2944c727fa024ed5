package collector

import (
	"errors"
	"slices"
	"strings"

	"progress_exporter/collector/targets"
)

// addFiles adds the targets of the target files, in the order of their paths. A name
// belongs to the main file, else to the target file that has it in use, else to the
// first that declares it. A file that declares a name of another one is refused as a
// whole, as with any other mistake: what it held in the old plan stays.
func (p *Plan) addFiles(cfg *targets.Config, o opener, old *Plan) {
	owners := cfg.Owners(old.inUse())
	for _, f := range cfg.Files {
		err := f.Err
		var ready []*target
		if err == nil {
			err = p.refuse(&f, owners)
		}
		if err == nil {
			ready, err = o.openAll(f.Targets, old)
		}
		if err != nil {
			ready = nil
		}
		p.add(ready)
		p.files = append(p.files, fileStatus{path: f.Path, err: err, targets: ready})
	}
	was := old.filesByPath()
	for i := range p.files {
		f := &p.files[i]
		if f.err != nil {
			f.targets = p.keep(was[f.path].targets)
		}
		delete(was, f.path)
	}
	p.addLost(cfg, old, was)
	slices.SortFunc(p.files, func(a, b fileStatus) int { return strings.Compare(a.path, b.path) })
}

// addLost adds the directories that could not be listed, and keeps what the files in
// them held: those of the old plan that were not found.
func (p *Plan) addLost(cfg *targets.Config, old *Plan, was map[string]fileStatus) {
	for _, dir := range cfg.Unlisted {
		delete(was, dir.Path)
		p.files = append(p.files, fileStatus{path: dir.Path, err: dir.Err, directory: true})
	}
	for _, f := range old.files {
		if _, gone := was[f.path]; gone && cfg.Lost(f.path) != nil {
			p.files = append(p.files, fileStatus{path: f.path, err: f.err, targets: p.keep(f.targets)})
		}
	}
}

// keep adds targets of the old plan, those at least whose names are not taken, and
// returns them.
func (p *Plan) keep(of []*target) []*target {
	kept := slices.DeleteFunc(slices.Clone(of), func(t *target) bool { return p.byName[t.target] != nil })
	p.add(kept)
	return kept
}

// refuse returns an error for each name that a target file declares and that belongs
// to somebody else.
func (p *Plan) refuse(f *targets.File, owners map[string]string) error {
	var errs []error
	for _, t := range f.Targets {
		if other := p.byName[t.Name]; other != nil {
			errs = append(errs, t.Taken(other.cfg.Origin))
		} else if owner, owned := owners[t.Name]; owned && owner != f.Path {
			errs = append(errs, t.Taken(owner))
		}
	}
	return errors.Join(errs...)
}

// inUse returns the names that target files have in use, each with its file.
func (p *Plan) inUse() map[string]string {
	names := map[string]string{}
	for _, f := range p.files {
		for _, t := range f.targets {
			names[t.target] = f.path
		}
	}
	return names
}

func (p *Plan) filesByPath() map[string]fileStatus {
	files := make(map[string]fileStatus, len(p.files))
	for _, f := range p.files {
		files[f.path] = f
	}
	return files
}
