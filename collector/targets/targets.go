// Package targets reads targets.yml into typed values.
//
// It is strict: an unknown or repeated key, a second document or a bad value is an
// error that names file, line and path, and all of them are reported at once. It opens
// no file but the YAML ones and makes no requests. Options of a product are not decoded
// here, but by the product, with Target.Options.
package targets

import (
	"net/url"
	"time"

	"github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"
)

// Config is what the files say; nothing in it has been opened or contacted.
type Config struct {
	Path     string    // the main file
	Targets  []*Target // of the main file
	Files    []File    // the target files, in order of their paths
	Patterns []string  // target_files, absolute

	// Descriptions are the products that the main file describes, and those of its
	// api_files, in the order of their paths.
	Descriptions []Description

	// Unlisted are directories of target files that could not be listed, with the
	// reason in Err: which files they hold is not known.
	Unlisted []File
	// Unmatched are those of Patterns that match no file, for certain.
	Unmatched []string

	abs  string // Path, absolute
	base Target // what the defaults make of a target that says nothing
}

// File is one target file, taken by itself: that other files declare a target of
// the same name is for the plan to judge. A file that cannot be used has Err and no
// targets: it never stops the start.
type File struct {
	Path    string
	Targets []*Target
	Err     error
	Unread  bool // Err is about reading it: what it says is not known

	stamp stamp // of the content that was parsed; zero: nothing was, or not for certain
}

// Target is one entry of targets, with the defaults filled in. It is not to be
// written to: what it points to may be shared with other targets.
type Target struct {
	Name, API string
	URL       *url.URL // absolute http(s), without userinfo, query and fragment

	Timeout     time.Duration // of one read; positive
	StallAfter  time.Duration // without movement for so long the job has stalled; 0: never
	MinInterval time.Duration // at most one request per so long; 0: no limit
	Deadline    time.Time     // when the job must be done; zero: none
	MaxJobs     int           // how many jobs of a list are shown; of no meaning for a single job

	Labels map[string]string       // added to every series of the target
	HTTP   config.HTTPClientConfig // file names are absolute; FollowRedirects is always false
	Origin string                  // "targets.yml:12: targets[1]", for errors found later

	options block
	entry   block // all of what the file says about the target itself
}

// block is a part of the file, undecoded, and where it was written: options may
// stand in the target's own file, or in the main file's defaults.
type block struct {
	node *yaml.Node // nil: not given
	file string
	path string // targets[1].options
	dir  string // absolute; what names of files are relative to
}

// Options decodes the options into a pointer to a struct, strictly: every unknown
// key and every value of the wrong type is an error with its file, line and path.
// Options that were not given leave the struct as it is. Options may be called
// again and by several goroutines.
func (t *Target) Options(into any) error {
	if t.options.node == nil {
		return nil
	}
	r := reader{file: t.options.file}
	r.decode(setting{t.options.node, t.options.path}, into)
	return r.err()
}

// ReadFile returns the content of a file that the options name, relative to the
// YAML file in which the options stand. Its error names the file; a file of more
// than 1 MiB is one, and what is no regular file.
func (t *Target) ReadFile(name string) ([]byte, error) {
	return readRegular(t.FilePath(name))
}

// FilePath returns where a file is that the options name.
func (t *Target) FilePath(name string) string { return config.JoinDir(t.options.dir, name) }
