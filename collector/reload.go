package collector

import (
	"slices"
	"sync"

	"github.com/go-kit/log"
	"github.com/go-kit/log/level"

	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/targets"
)

// Reloader keeps an exporter's plan up to date with its files. What is wrong with
// a file never takes anything away that was running.
type Reloader struct {
	exporter *Exporter
	file     string
	opener   plan.Opener
	logger   log.Logger

	mu  sync.Mutex      // one at a time
	cfg *targets.Config // of the plan in use; nil before the first
}

// NewReloader returns a Reloader of the exporter's configuration. Nothing is
// loaded yet.
func NewReloader(e *Exporter, file string, apis []progress.API) *Reloader {
	return &Reloader{exporter: e, file: file, opener: plan.NewOpener(apis, e.opts.SecretDir, e.opts.Now), logger: e.opts.Logger}
}

// Reload reads the configuration and puts it to use. If anything is wrong with the
// main file, its error says all of it and the plan in use stays.
func (r *Reloader) Reload() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.exporter.plan.Load()
	next, cfg, err := r.opener.Load(r.file, old)
	if err != nil {
		r.exporter.failed()
		logErrors(r.logger, "cannot use the configuration", err)
		return err
	}
	r.cfg = cfg
	r.exporter.Use(next)
	r.exporter.reloaded()
	r.logFiles(old, next)
	for _, pattern := range next.Unmatched {
		_ = level.Warn(r.logger).Log("msg", "a pattern of target_files matches no file so far", "pattern", pattern)
	}
	r.logExposed(next.Exposed(&plan.Plan{}))
	_ = level.Info(r.logger).Log("msg", "Loaded the configuration", "file", r.file, "targets", next.Len())
	return nil
}

// unread reports whether some target file or directory could not be read.
func (r *Reloader) unread() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.cfg.Unlisted) > 0 || slices.ContainsFunc(r.cfg.Files, func(f targets.File) bool { return f.Unread })
}

// refresh reads the target files anew and leaves the main file alone.
func (r *Reloader) refresh() {
	r.mu.Lock()
	defer r.mu.Unlock()
	old := r.exporter.plan.Load()
	cfg := r.cfg.Refresh()
	next, err := r.opener.Plan(cfg, old)
	if err != nil { // the main file was fine before, and nobody read it again
		logErrors(r.logger, "cannot use the targets that were in use", err)
		return
	}
	r.cfg = cfg
	r.exporter.Use(next)
	r.logFiles(old, next)
	if exposed := next.Exposed(old); len(exposed) > 0 {
		for path := range old.Exposed(&plan.Plan{}) {
			delete(exposed, path) // that was said before
		}
		r.logExposed(exposed)
	}
	if added, removed := next.Differs(old); added+removed > 0 {
		_ = level.Info(r.logger).Log("msg", "Target files changed", "added", added, "removed", removed, "targets", next.Len())
	}
}

// logExposed warns of secret files, each with a target that names it.
func (r *Reloader) logExposed(files map[string]string) {
	for path, name := range files {
		_ = level.Warn(r.logger).Log("msg", "everybody on this machine can read a secret file; chmod o-r it", "file", path, "target", name)
	}
}

// logFiles says which target files turned bad, or good again, and so of their
// directories.
func (r *Reloader) logFiles(old, plan *plan.Plan) {
	before, now := old.FilesByPath(), plan.FilesByPath()
	for _, f := range plan.Files {
		was := before[f.Path].Err
		again := was != nil && f.Err != nil && was.Error() == f.Err.Error()
		switch {
		case again:
		case f.Err != nil && f.Directory:
			logErrors(r.logger, "a directory of target files cannot be read; what its files held before stays", f.Err)
		case f.Err != nil && len(f.Targets) > 0:
			logErrors(r.logger, "a target file is wrong; what it held before stays", f.Err)
		case f.Err != nil:
			logErrors(r.logger, "a target file is wrong; it is left out", f.Err)
		case was != nil:
			_ = level.Info(r.logger).Log("msg", "a target file is in use again", "file", f.Path)
		}
	}
	for _, f := range old.Files {
		if f.Directory && !now[f.Path].Directory {
			_ = level.Info(r.logger).Log("msg", "a directory of target files can be read again, or is gone", "directory", f.Path)
		}
	}
}

// logErrors writes one line for each of the errors that are joined in err.
func logErrors(logger log.Logger, msg string, err error) {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			logErrors(logger, msg, e)
		}
		return
	}
	_ = level.Error(logger).Log("msg", msg, "err", err)
}
