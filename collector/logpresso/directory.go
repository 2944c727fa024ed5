package logpresso

import (
	"context"
	"path/filepath"

	"progress_exporter/collector/progress"
)

// directory is the sessions whose tokens are in the files of options.token_dir: a list of
// jobs, each with the name of its file.
type directory struct {
	address string
	target  progress.Target
	dir     string
}

var _ progress.Lister = directory{}

// Lists is true.
func (directory) Lists() bool { return true }

// Progress asks for each session whose token is in the directory now. What is wrong with
// one file, or with what the product says about its session, is of that session alone.
func (d directory) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	files, unasked, err := d.files()
	if err != nil {
		return progress.Report{}, err
	}
	jobs := make([]progress.Listed, 0, len(files))
	for _, file := range files {
		job := progress.Listed{ID: file}
		token, err := d.token(file)
		if err != nil {
			job.Err = err
		} else if job.Report, job.Err = ask(ctx, fetch, d.address, token); job.Err != nil && !progress.OfOneJob(job.Err) {
			return progress.Report{}, job.Err
		}
		jobs = append(jobs, job)
	}
	r, err := progress.ListOf(jobs)
	r.Unasked = unasked
	return r, err
}

// files returns the names of the files that are jobs, and of those among them that are not
// asked for: each is a request, so that there are as many as jobs are shown, the first ones
// by name. A file whose name could not be asked for as a job is none.
func (d directory) files() (asked, unasked []string, err error) {
	names, err := d.target.ReadDir(d.dir)
	if err != nil {
		return nil, nil, progress.Errorf(progress.Internal, "options.token_dir: %w", err)
	}
	var files []string
	for _, name := range names {
		if checkJob(name, d.dir) == nil {
			files = append(files, name)
		}
	}
	most := min(len(files), d.target.MaxJobs)
	return files[:most], files[most:], nil
}

// token reads the token in a file.
func (d directory) token(file string) (string, error) {
	token, err := d.target.FileCredential("token_dir", filepath.Join(d.dir, file))()
	if err == nil && !guidForm.MatchString(token) {
		err = progress.Errorf(progress.Internal, "options.token_dir: %s %w", filepath.Join(d.dir, file), errNotToken)
	}
	return token, err
}
