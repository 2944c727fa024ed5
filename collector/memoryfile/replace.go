package memoryfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// death ends a write where a test wants the process to die: before a step, or within the
// text, of which then only so many bytes are written. Nothing is tidied up after it.
type death func(step string, size int) (bytes int, dies bool)

// The steps of a write.
const (
	stepCreate    = "create"
	stepText      = "text"
	stepSync      = "sync"
	stepRename    = "rename"
	stepDirectory = "directory"
)

var errDied = errors.New("the test ended this process")

// replace makes a file have another content, as a whole or not at all, for its owner's
// eyes alone.
func replace(path string, text []byte, dies death) error {
	if dies == nil {
		dies = func(string, int) (int, bool) { return 0, false }
	}
	if _, dead := dies(stepCreate, 0); dead {
		return errDied
	}
	// What stands there is of a process that was killed, or a trap: a link to another file,
	// or a pipe that would keep us waiting.
	if err := os.Remove(path + ".tmp"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temporary, err := os.OpenFile(path+".tmp", os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	err = fill(temporary, text, dies)
	if closed := temporary.Close(); err == nil {
		err = closed
	}
	if err == nil {
		if _, dead := dies(stepRename, 0); dead {
			return errDied
		}
		err = os.Rename(temporary.Name(), path)
	}
	switch {
	case errors.Is(err, errDied):
		return err
	case err != nil:
		_ = os.Remove(temporary.Name()) // a full disk has better use for it
		return err
	}
	if _, dead := dies(stepDirectory, 0); dead {
		return errDied
	}
	return syncDirectory(filepath.Dir(path))
}

// fill writes a text and waits until the disk has it.
func fill(file *os.File, text []byte, dies death) error {
	if n, dead := dies(stepText, len(text)); dead {
		_, _ = file.Write(text[:n])
		return errDied
	}
	if _, err := file.Write(text); err != nil {
		return err
	}
	if _, dead := dies(stepSync, 0); dead {
		return errDied
	}
	return file.Sync()
}
