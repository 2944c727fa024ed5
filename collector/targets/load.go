package targets

import (
	"fmt"
	"path/filepath"
	"time"

	"github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"
)

// Load reads the main file and the target files it names. Its error says
// everything that is wrong with the main file, one problem per line; the Config
// beside it, if there is one, holds the targets that nothing is wrong with so far,
// so that their products can be asked for more. What is wrong with a target file
// is in File.Err.
func Load(path string) (*Config, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("%s: cannot find out the working directory: %w", path, err)
	}
	content, err := read(path)
	if err != nil {
		return nil, err
	}
	c := &Config{Path: path, abs: abs}
	if err := c.parse(content, filepath.Dir(abs)); err != nil {
		return c, err
	}
	c.loadFiles()
	return c, nil
}

// Refresh returns the configuration with its target files read anew, those at least
// that may have changed. The main file stays as it was read.
func (c *Config) Refresh() *Config {
	fresh := *c
	fresh.loadFiles()
	return &fresh
}

// loadFiles reads the target files; what is in c.Files is as it was read before.
func (c *Config) loadFiles() {
	before := make(map[string]*File, len(c.Files))
	for i := range c.Files {
		before[c.Files[i].Path] = &c.Files[i]
	}
	found := expand(c.Patterns, c.abs)
	c.Files, c.Unlisted, c.Unmatched = nil, found.unlisted, found.unmatched
	for _, p := range found.paths {
		if f := before[p]; f != nil && f.stamp.holds(p) {
			c.Files = append(c.Files, *f)
			continue
		}
		c.Files = append(c.Files, loadFile(p, c.base))
	}
}

// parse fills in what the main file says. It reads no other file.
func (c *Config) parse(content []byte, dir string) error {
	r := &reader{file: c.Path, dir: dir}
	root, ok := r.root(content)
	if !ok {
		return r.err()
	}
	var keys mainKeys
	whole := r.decode(setting{root, ""}, &keys)
	if whole && keys.Targets.IsZero() && keys.TargetFiles.IsZero() {
		r.problem(root.Line, "", "neither targets nor target_files is given; write `targets: []` if there is nothing to read yet")
	}
	c.Descriptions = append(r.descriptions(setting{&keys.APIs, "apis"}), r.describedIn(setting{&keys.APIFiles, "api_files"}, c.abs)...)
	r.base = builtin()
	r.defaults(setting{&keys.Defaults, "defaults"})
	c.Patterns = r.patterns(setting{&keys.TargetFiles, "target_files"})
	c.Targets = r.targets(setting{&keys.Targets, "targets"})
	c.base = r.base
	return r.err()
}

// loadFile reads one target file.
func loadFile(path string, base Target) File {
	s := stampOf(path) // before the content, so that it is never newer
	if s.info != nil && s.info.IsDir() {
		return File{Path: path, Err: fmt.Errorf("%s: is a directory; write %s for the files in it", path, filepath.Join(path, "*.yml"))}
	}
	content, err := readRegular(path)
	if err != nil {
		return File{Path: path, Err: err, Unread: true}
	}
	f := parseFile(path, content, base)
	f.stamp = s
	return f
}

// parseFile reads the content of a target file that is, or will be, at path.
func parseFile(path string, content []byte, base Target) File {
	r := &reader{file: path, dir: filepath.Dir(path), base: base}
	root, ok := r.root(content)
	if !ok {
		return File{Path: path, Err: r.err()}
	}
	var keys fileKeys
	if r.decode(setting{root, ""}, &keys) && keys.Targets.IsZero() {
		r.problem(root.Line, "", "targets is missing; write `targets: []` if there is nothing to read yet")
	}
	for key, node := range map[string]*yaml.Node{"apis": &keys.APIs, "api_files": &keys.APIFiles} {
		if !node.IsZero() {
			r.problem(node.Line, key, "belongs into the main file: whoever may add a target may not add a product")
		}
	}
	targets := r.targets(setting{&keys.Targets, "targets"})
	if err := r.err(); err != nil {
		return File{Path: path, Err: err}
	}
	return File{Path: path, Targets: targets}
}

// builtin is a target of which nothing was said.
func builtin() Target {
	http := config.DefaultHTTPClientConfig
	http.FollowRedirects = false
	return Target{Timeout: 10 * time.Second, StallAfter: 15 * time.Minute, MaxJobs: 200, HTTP: http}
}

// origins maps the names of targets to where they stand.
func origins(targets []*Target) map[string]string {
	m := make(map[string]string, len(targets))
	for _, t := range targets {
		m[t.Name] = t.Origin
	}
	return m
}
