package targets

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/prometheus/common/config"
	"gopkg.in/yaml.v3"
)

// mainKeys, fileKeys, targetKeys and commonKeys are the keys of each level. Their
// values stay nodes, so that each is decoded, and found wrong, on its own.
type mainKeys struct {
	APIs        yaml.Node `yaml:"apis"`
	APIFiles    yaml.Node `yaml:"api_files"`
	Defaults    yaml.Node `yaml:"defaults"`
	TargetFiles yaml.Node `yaml:"target_files"`
	Targets     yaml.Node `yaml:"targets"`
}

type fileKeys struct {
	Targets  yaml.Node `yaml:"targets"`
	APIs     yaml.Node `yaml:"apis"`
	APIFiles yaml.Node `yaml:"api_files"`
}

type targetKeys struct {
	Name       yaml.Node `yaml:"name"`
	commonKeys `yaml:",inline"`
}

type commonKeys struct {
	API         yaml.Node `yaml:"api"`
	URL         yaml.Node `yaml:"url"`
	Timeout     yaml.Node `yaml:"timeout"`
	StallAfter  yaml.Node `yaml:"stall_after"`
	MinInterval yaml.Node `yaml:"min_interval"`
	Deadline    yaml.Node `yaml:"deadline"`
	MaxJobs     yaml.Node `yaml:"max_jobs"`
	Labels      yaml.Node `yaml:"labels"`
	HTTP        yaml.Node `yaml:"http_client_config"`
	Options     yaml.Node `yaml:"options"`
}

// reader turns one file into values and gathers what is wrong with it.
type reader struct {
	file string // as messages call it
	dir  string // absolute; what names of files are relative to
	base Target // what a target is before it says anything
	// unsure: the defaults are wrong, so what a target lacks may have been meant
	// to stand there.
	unsure bool
	found  []problem
}

// defaults applies the main file's defaults to r.base.
func (r *reader) defaults(s setting) {
	if !s.given() {
		return
	}
	before := len(r.found)
	var keys commonKeys
	if r.is(s, yaml.MappingNode) {
		r.decode(s, &keys)
		r.common(&keys, s.path, &r.base)
	}
	r.unsure = len(r.found) > before
}

// targets reads a list of targets, whose names have to differ from each other, and
// returns those that nothing is wrong with.
func (r *reader) targets(s setting) []*Target {
	if !s.given() || !r.is(s, yaml.SequenceNode) {
		return nil
	}
	var targets []*Target
	mine := map[string]string{}
	for _, item := range s.items() {
		before := len(r.found)
		t := r.target(item)
		if other, used := mine[t.Name]; used && t.Name != "" {
			r.problem(item.line(), item.path, nameTaken, t.Name, other)
		}
		mine[t.Name] = t.Origin
		if len(r.found) == before {
			targets = append(targets, &t)
		}
	}
	return targets
}

func (r *reader) target(s setting) Target {
	t := r.base
	t.Origin = r.position(s.line(), s.path)
	t.entry = block{node: s.resolved(), file: r.file, path: s.path, dir: r.dir}
	if !r.is(s, yaml.MappingNode) {
		return t
	}
	var keys targetKeys
	whole := r.decode(s, &keys)
	set(r, setting{&keys.Name, s.path + ".name"}, &t.Name, parseName)
	r.common(&keys.commonKeys, s.path, &t)
	if !whole {
		return t // the key may be there, but misspelt or twice
	}
	missing := func(key string) {
		r.problem(s.line(), s.path, "%s is missing", key)
	}
	if name := (setting{node: &keys.Name}); !name.given() {
		missing("name")
	}
	if api := (setting{node: &keys.API}); !api.given() && t.API == "" && !r.unsure {
		missing("api")
	}
	if url := (setting{node: &keys.URL}); !url.given() && t.URL == nil && !r.unsure {
		missing("url")
	}
	return t
}

// common applies to t what both a target and the defaults can say.
func (r *reader) common(keys *commonKeys, path string, t *Target) {
	set(r, setting{&keys.API, path + ".api"}, &t.API, parseAPI)
	set(r, setting{&keys.URL, path + ".url"}, &t.URL, parseURL)
	set(r, setting{&keys.Timeout, path + ".timeout"}, &t.Timeout, parseTimeout)
	set(r, setting{&keys.StallAfter, path + ".stall_after"}, &t.StallAfter, parseDuration)
	set(r, setting{&keys.MinInterval, path + ".min_interval"}, &t.MinInterval, parseDuration)
	set(r, setting{&keys.Deadline, path + ".deadline"}, &t.Deadline, parseDeadline)
	set(r, setting{&keys.MaxJobs, path + ".max_jobs"}, &t.MaxJobs, parseMaxJobs)
	r.labels(setting{&keys.Labels, path + ".labels"}, t)
	r.http(setting{&keys.HTTP, path + ".http_client_config"}, t)
	r.options(setting{&keys.Options, path + ".options"}, t)
}

// labels merges the labels into those of t.
func (r *reader) labels(s setting, t *Target) {
	if !s.given() || !r.is(s, yaml.MappingNode) {
		return
	}
	var labels map[string]yaml.Node
	r.decode(s, &labels)
	merged := make(map[string]string, len(t.Labels)+len(labels))
	maps.Copy(merged, t.Labels)
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		node := labels[name]
		label := setting{&node, s.path + "." + name}
		if err := checkLabelName(name); err != nil {
			r.problem(label.line(), s.path, "%v", err)
			continue
		}
		value := merged[name]
		set(r, label, &value, parseLabelValue)
		if label.given() {
			merged[name] = value
		}
	}
	t.Labels = merged
}

// http replaces the HTTP settings of t.
func (r *reader) http(s setting, t *Target) {
	if !s.given() || !r.is(s, yaml.MappingNode) {
		return
	}
	// The library's default is to follow redirects, so what the user wrote is only
	// visible in the file. A mistake in it is left to the strict decoding below.
	var written struct {
		Follow yaml.Node `yaml:"follow_redirects"`
	}
	var follow bool
	_ = s.node.Decode(&written)
	_ = written.Follow.Decode(&follow)
	if follow {
		r.problem(written.Follow.Line, s.path+".follow_redirects", "true is refused, because a redirect would hand signature headers and credentials to another host; put the final address into url")
	}
	var http config.HTTPClientConfig
	if r.decode(s, &http) {
		http.SetDirectory(r.dir)
		http.FollowRedirects = false
		r.checkHTTP(s.line(), s.path, &http)
		t.HTTP = http
	}
}

// options keeps the options of t closed. A target without any still needs to know
// what names of files are relative to.
func (r *reader) options(s setting, t *Target) {
	switch {
	case !s.given():
		if t.options.node == nil {
			t.options.dir = r.dir
		}
	case r.is(s, yaml.MappingNode):
		t.options = block{node: s.resolved(), file: r.file, path: s.path, dir: r.dir}
	}
}

// patterns returns the target_files, absolute.
func (r *reader) patterns(s setting) []string {
	if !s.given() || !r.is(s, yaml.SequenceNode) {
		return nil
	}
	var patterns []string
	for _, item := range s.items() {
		var pattern string
		if !item.given() {
			r.problem(item.line(), item.path, "is empty; want a file name or a pattern such as jobs.d/*.yml")
		}
		set(r, item, &pattern, parsePattern)
		patterns = append(patterns, filepath.Clean(config.JoinDir(r.dir, pattern)))
	}
	return patterns
}

// position is a place in the file as Target.Origin shows it.
func (r *reader) position(line int, path string) string {
	return fmt.Sprintf("%s:%d: %s", r.file, line, path)
}
