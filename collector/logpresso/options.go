package logpresso

import (
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"progress_exporter/collector/progress"
)

// maxJob bounds the name of a token's file, in bytes; it is a label value.
const maxJob = 128

// guidForm is the form in which the manual describes a token: a GUID of 36
// characters.
var guidForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// options are what a target's `options:` may hold.
type options struct {
	Token     progress.Secret `yaml:"token"`
	TokenFile string          `yaml:"token_file"`
	TokenDir  string          `yaml:"token_dir"` // holds one file per token
}

// open makes the source of a target: the session of options.token or
// options.token_file or, if a job is asked for, of that file in options.token_dir.
// A target with nothing but a token_dir is a list of the sessions in it.
func open(t progress.Target) (progress.Source, error) {
	var o options
	if err := t.Options(&o); err != nil {
		return nil, err
	}
	address := t.URL.JoinPath("api/sonar/apps/install-progress").String()
	switch {
	case t.Job != "":
		if err := checkJob(t.Job, o.TokenDir); err != nil {
			return nil, err
		}
		return fileSession{session{address, t.FileCredential("token_dir", filepath.Join(o.TokenDir, t.Job))}}, nil
	case o.TokenDir != "" && o.Token.IsZero() && o.TokenFile == "":
		return directory{address, t, o.TokenDir}, nil
	}
	token, err := o.credential(t)
	if err != nil {
		return nil, err
	}
	return session{address, token}, nil
}

// credential is the token that the options name.
func (o options) credential(t progress.Target) (progress.Credential, error) {
	token, err := t.Credential("token", o.Token, o.TokenFile)
	if !o.Token.IsZero() && !guidForm.MatchString(o.Token.Reveal()) {
		err = errors.Join(err, errors.New("options.token is not a GUID of 36 characters"))
	}
	return token, err
}

// checkJob reports everything that is wrong with a job, which comes from a
// request: it has to be the plain name of a file in dir. A hidden file is none,
// because a mounted Kubernetes secret keeps its machinery in such, and neither is
// a name in the form of a token: it would show the token as a label. The messages
// leave the job out for the same reason.
func checkJob(job, dir string) error {
	var problems []error
	if dir == "" {
		problems = append(problems, errors.New("options.token_dir is needed to ask for a job: it holds one token per file"))
	}
	switch {
	case len(job) > maxJob:
		problems = append(problems, fmt.Errorf("the job is longer than %d bytes", maxJob))
	case !utf8.ValidString(job) || strings.ContainsFunc(job, unicode.IsControl):
		problems = append(problems, errors.New("the job is not plain text: it has control characters or is not UTF-8"))
	case strings.ContainsAny(job, `/\`) || strings.HasPrefix(job, ".") || !filepath.IsLocal(job):
		problems = append(problems, errors.New("the job has to be the name of a file in options.token_dir, without a path and without a leading dot"))
	case guidForm.MatchString(job):
		problems = append(problems, errors.New("the job looks like an install token; it has to be the name of the file in options.token_dir that holds the token"))
	}
	return errors.Join(problems...)
}
