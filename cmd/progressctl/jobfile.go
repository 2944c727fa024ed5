package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector/progress"
	"progress_exporter/collector/status"
	"progress_exporter/collector/targets"
)

// jobFile is what a person chose about the target file of an install.
type jobFile struct {
	path   string // empty: none
	mode   fileMode
	group  string
	linger time.Duration
}

func (f *jobFile) addFlags(cmd *kingpin.CmdClause) {
	cmd.Flag("job-file", "Write a target for this install into this file, for a running progress_exporter.").PlaceHolder("jobs.d/NAME.yml").StringVar(&f.path)
	cmd.Flag("mode", "The rights of the job file, octal. Default: 0600, or 0640 with --group.").PlaceHolder("MODE").SetValue(&f.mode)
	cmd.Flag("group", "The group of the job file, by name or number: one that the exporter's user is in.").PlaceHolder("GROUP").StringVar(&f.group)
	cmd.Flag("linger", "How long the job file stays after the end of the install, so that Prometheus sees it.").Default("10m").DurationVar(&f.linger)
}

// fileMode is the rights of a file; 0: not given.
type fileMode os.FileMode

// Set takes an octal number.
func (m *fileMode) Set(text string) error {
	v, err := strconv.ParseUint(text, 8, 32)
	if err != nil || v == 0 || v > 0o777 {
		return fmt.Errorf("--mode is %q, want an octal number such as 0640", text)
	}
	*m = fileMode(v)
	return nil
}

// String returns the octal number, or nothing if none was given.
func (m *fileMode) String() string {
	if *m == 0 {
		return ""
	}
	return fmt.Sprintf("%04o", *m)
}

// prepare writes the job file under a hidden name, which the exporter passes over,
// so that nothing but its publication can go wrong once the install has begun.
func (f *jobFile) prepare(p *program, cfg *targets.Config, t *targets.Target, token progress.Secret) (*pendingFile, error) {
	base := filepath.Base(f.path)
	name := strings.TrimSuffix(base, filepath.Ext(base))
	if strings.HasPrefix(base, ".") {
		return nil, fmt.Errorf("--job-file %s: exporters pass over files whose names begin with a dot", f.path)
	}
	if f.linger < 0 {
		return nil, errors.New("--linger must not be negative")
	}
	if _, err := os.Lstat(f.path); !errors.Is(err, fs.ErrNotExist) {
		return nil, exists(f.path, err)
	}
	content, err := cfg.Definition(f.path, t, name, map[string]string{"token": token.Reveal()})
	if err != nil {
		return nil, fmt.Errorf("--job-file: %w", err)
	}
	if read, err := cfg.Reads(f.path); err != nil {
		return nil, err
	} else if !read {
		p.complain("note: no target_files of %s match %s, so an exporter with that configuration does not read it", cfg.Path, f.path)
	}
	return f.write(content)
}

// exists says why the file cannot be made, err being what looking for it gave.
func exists(path string, err error) error {
	if err != nil {
		return fmt.Errorf("--job-file: %w", err)
	}
	return fmt.Errorf("--job-file: %s is there already; is an install of that name under way? Remove the file, or choose another name", path)
}

func (f *jobFile) write(content []byte) (*pendingFile, error) {
	file, err := os.CreateTemp(filepath.Dir(f.path), "."+filepath.Base(f.path)+".*")
	if err != nil {
		return nil, fmt.Errorf("--job-file: %w", err)
	}
	pending := &pendingFile{hidden: file.Name(), path: f.path}
	_, err = file.Write(content)
	err = errors.Join(err, f.own(file), file.Sync(), file.Close())
	if err != nil {
		pending.discard()
		return nil, fmt.Errorf("--job-file: %w", err)
	}
	return pending, nil
}

// own gives the file its group and rights, in this order: it is nobody's to read
// before it is the right group's.
func (f *jobFile) own(file *os.File) error {
	mode := os.FileMode(f.mode)
	if f.group != "" {
		gid, err := groupID(f.group)
		if err != nil {
			return err
		}
		if err := file.Chown(-1, gid); err != nil {
			return fmt.Errorf("cannot give it to the group %s: %w; are you in that group?", f.group, err)
		}
		if mode == 0 {
			mode = 0o640
		}
	}
	if mode == 0 {
		mode = 0o600
	}
	return file.Chmod(mode)
}

func groupID(group string) (int, error) {
	if gid, err := strconv.ParseUint(group, 10, 31); err == nil {
		return int(gid), nil
	}
	g, err := user.LookupGroup(group)
	if err != nil {
		return 0, fmt.Errorf("--group: %w", err)
	}
	return strconv.Atoi(g.Gid)
}

// pendingFile is a job file that is written, but that no exporter sees yet.
type pendingFile struct{ hidden, path string }

// publish gives the file its name, unless there is one of that name by now.
func (f *pendingFile) publish() error {
	defer f.discard()
	err := os.Link(f.hidden, f.path)
	if errors.Is(err, fs.ErrExist) {
		return exists(f.path, nil)
	}
	if err != nil {
		return fmt.Errorf("--job-file: %w", err)
	}
	return nil
}

// discard removes the hidden file; the published one stays.
func (f *pendingFile) discard() { _ = os.Remove(f.hidden) }

// outlive removes the published file some time after the end of the install, at
// once if ctx ends. An install of which no end was seen keeps its file.
func (f *pendingFile) outlive(ctx context.Context, p *program, code int, linger time.Duration) {
	if code != exitReached && code != exitFailed {
		p.complain("%s stays, because the install goes on as far as is known; remove the file when it is over", f.path)
		return
	}
	if linger > 0 && ctx.Err() == nil {
		p.complain("%s stays for %s, so that Prometheus sees the end; Ctrl-C removes it now", f.path, status.Span(linger))
	}
	select {
	case <-time.After(linger):
	case <-ctx.Done():
	}
	if err := os.Remove(f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		p.complain("%v; remove the file yourself", err)
	}
}
