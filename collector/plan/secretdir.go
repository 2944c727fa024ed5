package plan

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"progress_exporter/collector/targets"
)

// secretDir bounds the files that targets may name: whoever can write a target
// file could otherwise have any file that the exporter can read sent to any
// address, as a credential. Empty: no bound.
type secretDir string

// check returns an error if a file is outside, also by way of a symbolic link.
func (d secretDir) check(path string) error {
	if d == "" {
		return nil
	}
	dir, err := filepath.EvalSymlinks(string(d))
	if err != nil {
		return fmt.Errorf("--config.secret-dir: %w", err)
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return fmt.Errorf("--config.secret-dir: %w", err)
	}
	lexical, err := filepath.Abs(string(d))
	if err != nil {
		return fmt.Errorf("--config.secret-dir: %w", err)
	}
	// Both where it is and where it leads: a link elsewhere could lead inside now, and
	// somewhere else at the next read.
	if !below(dir, resolved(path)) || !below(lexical, path) && !below(dir, path) {
		return fmt.Errorf("%s is outside of --config.secret-dir %s", path, string(d))
	}
	return nil
}

// below reports whether a path is in a directory, by its spelling.
func below(dir, path string) bool {
	inside, err := filepath.Rel(dir, path)
	return err == nil && inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator))
}

// resolved returns where a path leads. What does not exist leads to where its
// nearest existing parent does.
func resolved(path string) string {
	real, err := filepath.EvalSymlinks(path)
	if err == nil || path == filepath.Dir(path) {
		return real
	}
	return filepath.Join(resolved(filepath.Dir(path)), filepath.Base(path))
}

// reader returns what reads the files that a target's options name.
func (d secretDir) reader(cfg *targets.Target) func(string) ([]byte, error) {
	return func(name string) ([]byte, error) {
		if err := d.check(cfg.FilePath(name)); err != nil {
			return nil, err
		}
		return cfg.ReadFile(name)
	}
}

// maxEntries bounds what is looked at of a directory that a target names.
const maxEntries = 10_000

// lister returns what lists the directories that a target's options name. A link is listed
// wherever it leads: reading it is checked.
func (d secretDir) lister(cfg *targets.Target) func(string) ([]string, error) {
	return func(name string) ([]string, error) {
		path := cfg.FilePath(name)
		if err := d.check(path); err != nil {
			return nil, err
		}
		dir, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer dir.Close()
		entries, err := dir.ReadDir(maxEntries)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		var names []string
		for _, e := range entries {
			if !e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
				names = append(names, e.Name())
			}
		}
		slices.Sort(names)
		return names, nil
	}
}

// Exposed returns the secret files that everybody on the machine can read, each once,
// and which target names it: of the targets that are not in the old plan as they are.
func (p *Plan) Exposed(old *Plan) map[string]string {
	found := map[string]string{}
	for _, t := range p.Targets {
		if old.ByName[t.Target] == t {
			continue
		}
		for _, f := range t.cfg.NamedFiles() {
			if !f.Secret {
				continue
			}
			info, err := os.Stat(f.Path)
			if err == nil && !info.IsDir() && info.Mode().Perm()&0o004 != 0 {
				found[f.Path] = t.Target
			}
		}
	}
	return found
}

// CheckSecrets says what is wrong with the files of credentials: those that do not exist,
// and those that hold more than a credential, as far as whoever asks can read them: the
// exporter's user may be another. An exporter reads them at each request, and starts
// whatever they hold.
func (p *Plan) CheckSecrets() []error {
	var errs []error
	for _, t := range p.Targets {
		for _, f := range t.cfg.NamedFiles() {
			if !f.Secret {
				continue
			}
			content, err := t.readFile(f.Path)
			switch {
			case errors.Is(err, fs.ErrNotExist):
				errs = append(errs, fmt.Errorf("%s: %s: there is no file %s", t.cfg.Origin, f.Key, f.Path))
			case err == nil && f.OneLine() && strings.ContainsAny(strings.TrimSpace(string(content)), "\r\n"):
				errs = append(errs, fmt.Errorf("%s: %s: %s has more than one line; want nothing but the credential", t.cfg.Origin, f.Key, f.Path))
			}
		}
	}
	return errs
}
