package described

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"progress_exporter/collector/progress"
)

// option is what a target's options may hold.
type option struct {
	name             string
	kind             string // what its value has to be
	fallback         string // its value where none is given; empty: none
	required, secret bool
	job              bool // /probe?job= takes its place
}

// The kinds of values.
const (
	kindText   = "text"
	kindNumber = "number" // a number in JSON as well
	kindPath   = "path"   // may have slashes that stay slashes in a path
)

// maxValue bounds the value of an option, in bytes.
const maxValue = 1 << 10

var (
	optionName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	jsonNumber = regexp.MustCompile(`^-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?$`)
)

// options reads what a description says about a target's options.
func (r *reader) options(f field) map[string]*option {
	options := map[string]*option{}
	job := ""
	for _, entry := range r.mapping(f).all() {
		name := strings.TrimPrefix(entry.path, f.path+".")
		o := &option{name: name}
		options[name] = o
		if !entry.given() {
			continue // task: without more
		}
		m := r.mapping(entry)
		o.required, o.secret, o.job = r.flag(m.take("required")), r.flag(m.take("secret")), r.flag(m.take("job"))
		r.line(m.take("help"), 300)
		fallback, kind := m.take("default"), m.take("type")
		o.fallback, o.kind = r.line(fallback, maxValue), r.text(kind)
		r.rest(m)
		at := entry.node
		switch {
		case !optionName.MatchString(name):
			r.problem(at, entry.path, "an option's name has lower case letters, digits and underscores, 40 at most, and begins with a letter")
		case strings.HasSuffix(name, "_file") || strings.HasSuffix(name, "_dir"):
			r.problem(at, entry.path, "an option's name must not end in _file or _dir; secret: true brings the _file twin")
		case o.secret && (o.job || fallback.given()):
			r.problem(at, entry.path, "a secret option can neither be the job nor have a default")
		case o.required && fallback.given():
			r.problem(at, entry.path, "an option that is required needs no default")
		case o.job && job != "":
			r.problem(at, entry.path, "%s is the job already; a target has one", job)
		}
		if o.job {
			job = name
		}
		switch o.kind {
		case "", kindText, kindNumber, kindPath:
		default:
			r.problem(kind.node, kind.path, "want text, number or path")
		}
		if err := o.check(o.fallback); o.fallback != "" && err != nil {
			r.problem(fallback.node, fallback.path, "%v", err)
		}
	}
	return options
}

// check says what is wrong with a value.
func (o *option) check(value string) error {
	switch {
	case value == "":
		return errors.New("is empty")
	case len(value) > maxValue:
		return fmt.Errorf("has %d bytes, at most %d are allowed", len(value), maxValue)
	case !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl):
		return errors.New("has to be one line of text")
	case o.kind == kindNumber && !jsonNumber.MatchString(value):
		return errors.New("has to be a number")
	case o.kind == kindPath && slices.ContainsFunc(strings.Split(value, "/"), isDots):
		return errors.New("has to be a path such as a/b, without . and .. and nothing between slashes")
	case o.kind != kindPath && isDots(value):
		return errors.New("must not be one or two dots")
	}
	return nil
}

func isDots(segment string) bool { return segment == "" || segment == "." || segment == ".." }

// settings are a target's options, checked.
type settings struct {
	given   values          // those that are not secret
	written map[string]bool // those that the target gives, itself or by their files
	secrets map[string]progress.Credential
}

// settings checks a target's options, all at once.
func (d *description) settings(t progress.Target) (*settings, error) {
	var written map[string]yaml.Node
	if err := t.Options(&written); err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(written))
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(written)) {
		n := written[name]
		value := resolved(&n)
		switch {
		case d.options[name] == nil && !d.isTwin(name):
			errs = append(errs, fmt.Errorf("options.%s: %s has no such option%s", name, d.name, d.optionNames()))
		case value.ShortTag() == "!!null":
		case value.Kind != yaml.ScalarNode:
			errs = append(errs, fmt.Errorf("options.%s: want a single value, found %s", name, word(value)))
		default:
			texts[name] = value.Value
		}
	}
	s := &settings{given: values{}, written: map[string]bool{}, secrets: map[string]progress.Credential{}}
	if t.Job != "" {
		if job := d.jobOption(); job != nil {
			texts[job.name] = t.Job
		} else {
			errs = append(errs, fmt.Errorf("%s has no job key: leave the job out", d.name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.options)) {
		if err := s.set(t, d.options[name], texts); err != nil {
			errs = append(errs, err)
		}
	}
	return s, errors.Join(errs...)
}

// set takes over one option.
func (s *settings) set(t progress.Target, o *option, texts map[string]string) error {
	value, given := texts[o.name]
	file := texts[o.name+"_file"]
	s.written[o.name] = given || o.secret && file != ""
	switch {
	case o.secret && !given && file == "" && !o.required:
		return nil
	case o.secret:
		credential, err := t.Credential(o.name, progress.NewSecret(value), file)
		s.secrets[o.name] = credential
		return err
	case !given && o.fallback != "":
		value = o.fallback
	case !given && o.required:
		return fmt.Errorf("options.%s is needed", o.name)
	case !given:
		return nil
	}
	if err := o.check(value); err != nil {
		return fmt.Errorf("options.%s %w", o.name, err)
	}
	s.given[o.name] = value
	return nil
}

// has reports whether an option has a value.
func (s *settings) has(name string) bool { return s.given[name] != "" || s.secrets[name] != nil }

// now returns the options with the secrets as they are at this moment.
func (s *settings) now() (values, error) {
	if len(s.secrets) == 0 {
		return s.given, nil
	}
	all := maps.Clone(s.given)
	for name, credential := range s.secrets {
		value, err := credential()
		if err != nil {
			return nil, err
		}
		all[name] = value
	}
	return all, nil
}

// jobOption returns the option that /probe?job= takes the place of, nil if there is none.
func (d *description) jobOption() *option {
	for _, o := range d.options {
		if o.job {
			return o
		}
	}
	return nil
}

// isTwin reports whether name is that of a file with a secret.
func (d *description) isTwin(name string) bool {
	of, twin := strings.CutSuffix(name, "_file")
	o := d.options[of]
	return twin && o != nil && o.secret
}

// optionNames says which options there are.
func (d *description) optionNames() string {
	if len(d.options) == 0 {
		return ", it has none"
	}
	var names []string
	for _, name := range slices.Sorted(maps.Keys(d.options)) {
		names = append(names, name)
		if d.options[name].secret {
			names = append(names, name+"_file")
		}
	}
	return ", want one of " + strings.Join(names, ", ")
}
