package plan

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
func (p *Plan) addFiles(cfg *targets.Config, o Opener, old *Plan) {
	owners := cfg.Owners(old.inUse())
	for _, f := range cfg.Files {
		err := f.Err
		var ready []*Target
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
		p.Files = append(p.Files, File{Path: f.Path, Err: err, Targets: ready})
	}
	was := old.FilesByPath()
	for i := range p.Files {
		f := &p.Files[i]
		if f.Err != nil {
			f.Targets = p.keep(was[f.Path].Targets)
		}
		delete(was, f.Path)
	}
	p.addLost(cfg, old, was)
	slices.SortFunc(p.Files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
}

// addLost adds the directories that could not be listed, and keeps what the files in
// them held: those of the old plan that were not found.
func (p *Plan) addLost(cfg *targets.Config, old *Plan, was map[string]File) {
	for _, dir := range cfg.Unlisted {
		delete(was, dir.Path)
		p.Files = append(p.Files, File{Path: dir.Path, Err: dir.Err, Directory: true})
	}
	for _, f := range old.Files {
		if _, gone := was[f.Path]; gone && cfg.Lost(f.Path) != nil {
			p.Files = append(p.Files, File{Path: f.Path, Err: f.Err, Targets: p.keep(f.Targets)})
		}
	}
}

// keep adds targets of the old plan, those at least whose names are not taken, and
// returns them.
func (p *Plan) keep(of []*Target) []*Target {
	kept := slices.DeleteFunc(slices.Clone(of), func(t *Target) bool { return p.ByName[t.Target] != nil })
	p.add(kept)
	return kept
}

// refuse returns an error for each name that a target file declares and that belongs
// to somebody else.
func (p *Plan) refuse(f *targets.File, owners map[string]string) error {
	var errs []error
	for _, t := range f.Targets {
		if other := p.ByName[t.Name]; other != nil {
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
	for _, f := range p.Files {
		for _, t := range f.Targets {
			names[t.Target] = f.Path
		}
	}
	return names
}

// FilesByPath returns the target files of the plan by their paths.
func (p *Plan) FilesByPath() map[string]File {
	files := make(map[string]File, len(p.Files))
	for _, f := range p.Files {
		files[f.Path] = f
	}
	return files
}
