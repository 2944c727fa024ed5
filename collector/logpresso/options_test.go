package logpresso_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/progress"
)

func TestOpenRefuses(t *testing.T) {
	const (
		needDir  = "options.token_dir is needed to ask for a job: it holds one token per file"
		noPath   = "the job has to be the name of a file in options.token_dir, without a path and without a leading dot"
		noText   = "the job is not plain text: it has control characters or is not UTF-8"
		tooLong  = "the job is longer than 128 bytes"
		isToken  = "the job looks like an install token; it has to be the name of the file in options.token_dir that holds the token"
		both     = "options.token and options.token_file are both set; keep one"
		needOne  = "options.token or options.token_file is needed"
		notGUID  = "options.token is not a GUID of 36 characters"
		withDir  = "token_dir: tokens"
		withFile = "token_file: install.token"
	)
	for _, tc := range []struct{ name, options, job, want string }{
		{"nothing", "", "", needOne},
		{"both", "token: " + token + "\n" + withFile, "", both},
		{"both beside a directory", "token: " + token + "\n" + withFile + "\n" + withDir, "", both},
		{"not a guid", "token: hunter2", "", notGUID},
		{"guid in braces", "token: '{" + token + "}'", "", notGUID},
		{"guid without dashes", "token: " + strings.ReplaceAll(token, "-", ""), "", notGUID},
		{"both and not a guid", "token: hunter2\n" + withFile, "", both + "\n" + notGUID},
		{"unknown option", "tokenfile: x", "", "yaml: unmarshal errors:\n  line 1: field tokenfile not found in type logpresso.options"},
		{"job without directory", withFile, "parser-pack", needDir},
		{"bad job without directory", withFile, "a/b", needDir + "\n" + noPath},
		{"job is this directory", withDir, ".", noPath},
		{"job is the parent", withDir, "..", noPath},
		{"hidden job", withDir, ".hidden", noPath},
		{"job climbs", withDir, "../install.token", noPath},
		{"job below", withDir, "a/b", noPath},
		{"absolute job", withDir, "/etc/passwd", noPath},
		{"job with backslash", withDir, `a\b`, noPath},
		{"job with newline", withDir, "a\nb", noText},
		{"job with NUL", withDir, "a\x00", noText},
		{"job with C1 control", withDir, "a\u0085", noText},
		{"job not UTF-8", withDir, "a\xff", noText},
		{"long job", withDir, strings.Repeat("x", 129), tooLong},
		{"job is a token", withDir, other, isToken},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, tc.options)
			tg.Job = tc.job
			s, err := logpresso.API().Open(tg)
			if err == nil {
				t.Fatalf("got a source %T, want an error", s)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
		})
	}
}

func TestBadToken(t *testing.T) {
	const notGUID = "internal: the file of the install token does not hold a GUID of 36 characters and nothing else; put the token there that the upload of the package gave"
	for _, tc := range []struct{ name, options, job, want string }{
		{"no file", "token_file: gone.token", "", "internal: options.token_file: open gone.token: file does not exist"},
		{"empty file", "token_file: empty.token", "", "internal: options.token_file: empty.token is empty"},
		{"not a guid", "token_file: not-a-guid.token", "", notGUID},
		{"two tokens", "token_file: two.token", "", "internal: options.token_file: two.token has more than one line; want nothing but the credential"},
		{"no such job", "token_dir: tokens", "gone", "internal: options.token_dir: open " + filepath.Join("tokens", "gone") + ": file does not exist"},
		{"job not a guid", "token_dir: tokens", "wrong", notGUID},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tg := target(t, tc.options)
			tg.Job = tc.job
			got, err := open(t, tg).Progress(t.Context(), collectortest.Unreachable(t))
			if diff := cmp.Diff(progress.Report{}, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
			wantError(t, err, progress.Internal, "", tc.want)
		})
	}
}

// A job is there if its file is, whatever the file holds.
func TestFind(t *testing.T) {
	for job, want := range map[string]string{
		"parser-pack": "",
		"wrong":       "",
		"gone":        "options.token_dir: open " + filepath.Join("tokens", "gone") + ": file does not exist, or put the install token into it",
	} {
		tg := target(t, "token_dir: tokens")
		tg.Job = job
		f, ok := open(t, tg).(progress.Finder)
		if !ok {
			t.Fatal("a source of a file that cannot look for it")
		}
		got := ""
		if err := f.Find(); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", job, got, want)
		}
	}
	if _, ok := open(t, target(t, "token_file: install.token\ntoken_dir: tokens")).(progress.Finder); ok {
		t.Error("the target's own job has to be found, which is no file of token_dir")
	}
}

// A rotated file counts from the next read on.
func TestTokenFileIsReadAgain(t *testing.T) {
	tg, content := target(t, "token_file: rotating"), token
	tg.ReadFile = func(string) ([]byte, error) { return []byte(content), nil }
	s := open(t, tg)
	var jobs []string
	for _, content = range []string{token, other} {
		r, err := s.Progress(t.Context(), collectortest.Answering(200, "{}"))
		if err != nil {
			t.Fatal(err)
		}
		jobs = append(jobs, r.Job)
	}
	if diff := cmp.Diff([]string{token, other}, jobs); diff != "" {
		t.Errorf("jobs (-want +got):\n%s", diff)
	}
}

// Whatever a request asks for, only files in the directory itself are read.
func FuzzJob(f *testing.F) {
	for _, job := range []string{"parser-pack", "../x", "..", "a/b", `a\b`, ".x", "x\x00", "\xff", token} {
		f.Add(job)
	}
	f.Fuzz(func(t *testing.T, job string) {
		if job == "" {
			return // asks for the target's own token
		}
		tg := target(t, "token_dir: tokens")
		tg.Job = job
		var read []string
		tg.ReadFile = func(name string) ([]byte, error) {
			read = append(read, name)
			return []byte(token), nil
		}
		s, err := logpresso.API().Open(tg)
		if err != nil {
			return
		}
		if _, err := s.Progress(t.Context(), collectortest.Answering(200, "{}")); err != nil {
			t.Fatal(err)
		}
		if len(read) != 1 || filepath.Dir(read[0]) != "tokens" || filepath.Base(read[0]) != job {
			t.Fatalf("read %q, want the file %q in tokens", read, job)
		}
	})
}
