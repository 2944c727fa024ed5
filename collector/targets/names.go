package targets

import (
	"fmt"
	"path/filepath"
	"strings"
)

// nameTaken is what is said of a name that another target has.
const nameTaken = "the name %q is already taken at %s"

// Taken returns the error of a target whose name another one has, which stands at
// owner.
func (t *Target) Taken(owner string) error {
	return fmt.Errorf("%s: "+nameTaken, t.Origin, t.Name, owner)
}

// Owners says which names stay with the target file that has them in use: with one
// that still declares them, and with one of which it cannot be said, because it
// cannot be used as it stands or its directory cannot be listed. It takes and
// returns names and the paths of files.
func (c *Config) Owners(inUse map[string]string) map[string]string {
	declared := map[string]map[string]bool{} // by path; nil: unknown
	for _, f := range c.Files {
		declared[f.Path] = nil
		if f.Err == nil {
			names := make(map[string]bool, len(f.Targets))
			for _, t := range f.Targets {
				names[t.Name] = true
			}
			declared[f.Path] = names
		}
	}
	stay := map[string]string{}
	for name, path := range inUse {
		names, found := declared[path]
		if found && (names == nil || names[name]) || !found && c.Lost(path) != nil {
			stay[name] = path
		}
	}
	return stay
}

// Lost returns the reason why it cannot be said whether a target file exists: a
// directory above it could not be listed. It is nil if that can be said.
func (c *Config) Lost(path string) error {
	if len(c.Unlisted) == 0 {
		return nil
	}
	if reads, err := c.Reads(path); err != nil || !reads {
		return nil
	}
	for _, dir := range c.Unlisted {
		if inside, err := filepath.Rel(dir.Path, path); err == nil && inside != ".." && !strings.HasPrefix(inside, ".."+string(filepath.Separator)) {
			return dir.Err
		}
	}
	return nil
}
