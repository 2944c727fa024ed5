package targets

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
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
	return fmt.Errorf("%s: cannot read it: %w%s", path, err, remedy(err))
}

// remedy says what to do about a file that cannot be read, if it can be said.
func remedy(err error) string {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "; check its name"
	case errors.Is(err, fs.ErrPermission):
		return "; check the rights of the exporter's user"
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return "; raise the limit of open files of this exporter"
	}
	return ""
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
