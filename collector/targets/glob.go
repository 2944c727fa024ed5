package targets

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// listing is what the patterns match, and what could not be found out.
type listing struct {
	paths     []string // sorted, each once
	unlisted  []File   // directories, each with why it could not be listed
	unmatched []string // patterns that match nothing, although all could be listed
}

// expand finds the files that the patterns match: no directories, no hidden files
// and never the main file itself. filepath.Glob would do, but for it a directory
// that cannot be read is one without files.
func expand(patterns []string, mainFile string) listing {
	var l listing
	for _, pattern := range patterns {
		g := globber{pattern: pattern}
		found := 0
		for _, path := range g.glob(pattern) {
			if path != mainFile && !hidden(pattern, path) && (path == pattern || !isDir(path)) {
				l.paths = append(l.paths, path)
				found++
			}
		}
		if found == 0 && len(g.unlisted) == 0 {
			l.unmatched = append(l.unmatched, pattern)
		}
		l.unlisted = append(l.unlisted, g.unlisted...)
	}
	slices.Sort(l.paths)
	l.paths = slices.Compact(l.paths)
	slices.SortFunc(l.unlisted, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	l.unlisted = slices.CompactFunc(l.unlisted, func(a, b File) bool { return a.Path == b.Path })
	return l
}

// globber matches one pattern.
type globber struct {
	pattern  string
	unlisted []File
}

// glob returns what a beginning of the pattern matches.
func (g *globber) glob(pattern string) []string {
	if !wild(pattern) {
		return existing(pattern)
	}
	dir, name := filepath.Dir(pattern), filepath.Base(pattern)
	var found []string
	for _, parent := range g.glob(dir) {
		if hidden(g.pattern, filepath.Join(parent, "file")) {
			continue // nothing in it would be a target file
		}
		if !wild(name) {
			found = append(found, existing(filepath.Join(parent, name))...)
			continue
		}
		found = append(found, g.list(parent, name)...)
	}
	return found
}

// existing returns the path, unless it is certain that there is nothing: reading it
// says why that could not be found out.
func existing(path string) []string {
	if _, err := os.Lstat(path); missing(err) {
		return nil
	}
	return []string{path}
}

// list returns what in a directory matches the last element of a pattern.
func (g *globber) list(dir, pattern string) []string {
	if !isDir(dir) {
		if _, err := os.Stat(dir); err == nil || missing(err) {
			return nil
		}
	}
	entries, err := os.ReadDir(dir)
	if missing(err) {
		return nil // it went meanwhile
	}
	if err != nil {
		g.unlisted = append(g.unlisted, File{Path: dir, Err: listError(dir, err), Unread: true})
		return nil
	}
	var found []string
	for _, e := range entries {
		if ok, _ := filepath.Match(pattern, e.Name()); ok { // its only error is a bad pattern, refused before
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found
}

// missing reports whether an error says for certain that there is no such file.
func missing(err error) bool {
	return errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)
}

// wild reports whether a pattern can match more than one name.
func wild(pattern string) bool { return strings.ContainsAny(pattern, `*?[\`) }

// listError names the directory once, and what to do.
func listError(dir string, err error) error {
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	return fmt.Errorf("%s: cannot list the target files in it: %w%s", dir, err, remedy(err))
}
