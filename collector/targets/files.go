package targets

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxFile bounds every file that is read, in bytes.
const maxFile = 1 << 20

// errTooLarge is the reason why a file of more than maxFile is not read.
var errTooLarge = errors.New("the file is larger than 1 MiB")

// errNotRegular is the reason why a pipe or device is not read: it could block.
var errNotRegular = errors.New("is not a regular file")

// read returns the content of a file. Its error names the file and wraps the cause.
func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, readError(path, err)
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, maxFile+1))
	if err != nil {
		return nil, readError(path, err)
	}
	if len(content) > maxFile {
		return nil, readError(path, errTooLarge)
	}
	return content, nil
}

// readRegular is read for a file that a pattern found, or that a target names.
func readRegular(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, readError(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, readError(path, errNotRegular)
	}
	return read(path)
}

// readError names the file once; os names it again, with a system call.
func readError(path string, err error) error {
	var wrapped *fs.PathError
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: cannot read it: %w; check its name", path, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%s: cannot read it: %w; check the rights of the exporter's user", path, err)
	}
	return fmt.Errorf("%s: cannot read it: %w", path, err)
}

// expand returns the files that the patterns match, sorted, each once: no
// directories, no hidden files and never the main file itself.
func expand(patterns []string, mainFile string) []string {
	var paths []string
	for _, pattern := range patterns {
		matches, _ := filepath.Glob(pattern) // its only error is a bad pattern, refused before
		for _, path := range matches {
			if path != mainFile && !hidden(pattern, path) && !isDir(path) {
				paths = append(paths, path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}

// hidden reports whether a file begins with a dot, or was found by a wildcard in a
// directory that does: Kubernetes keeps the versions of a ConfigMap there.
func hidden(pattern, path string) bool {
	if strings.HasPrefix(filepath.Base(path), ".") {
		return true
	}
	wanted := strings.Split(pattern, string(filepath.Separator))
	for i, element := range strings.Split(path, string(filepath.Separator)) {
		if strings.HasPrefix(element, ".") && i < len(wanted) && !strings.HasPrefix(wanted[i], ".") {
			return true
		}
	}
	return false
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
