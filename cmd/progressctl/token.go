package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kingpin/v2"

	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/progress"
)

// maxToken bounds what is read in place of a token, in bytes.
const maxToken = 4096

var errOnCommandLine = errors.New("a token does not belong on the command line, which everybody on this machine can read, and which the shell may keep; put it into a file for --token-file, or give it on standard input with -")

// tokenSource is where the install token comes from: a file, standard input, or, if
// neither is named, the target's options.
type tokenSource struct {
	file      string // kingpin hands over a bare - as an empty string
	fileGiven bool
	args      []string
}

func (s *tokenSource) addFlags(cmd *kingpin.CmdClause) {
	cmd.Flag("token-file", "The file that holds the install token; - for standard input. Default: the target's options.").
		PlaceHolder("FILE").IsSetByUser(&s.fileGiven).StringVar(&s.file)
	cmd.Arg("-", "Read the install token from standard input.").StringsVar(&s.args)
}

// read returns the install token. Its error names where it looked, and never what
// it found there.
func (s *tokenSource) read(ctx context.Context, stdin io.Reader, t progress.Target) (progress.Secret, error) {
	for _, arg := range s.args {
		if !isStdin(arg) {
			return progress.Secret{}, fmt.Errorf("the only argument is -, for standard input; %w", errOnCommandLine)
		}
	}
	if _, err := logpresso.ParseToken(s.file); err == nil {
		return progress.Secret{}, errOnCommandLine
	}
	switch {
	case s.fileGiven && len(s.args) > 0, len(s.args) > 1:
		return progress.Secret{}, errors.New("the token is to come from two places; keep one of --token-file and -")
	case len(s.args) > 0, s.fileGiven && isStdin(s.file):
		return parse("standard input", func() ([]byte, error) { return readAll(ctx, stdin) })
	case s.fileGiven:
		return parse("the file of --token-file", func() ([]byte, error) { return readFile(s.file) })
	}
	token, err := logpresso.Token(t)
	if err != nil {
		return progress.Secret{}, fmt.Errorf("no install token in the options of the target %q: %w; or name another place with --token-file", t.Name, err)
	}
	return token, nil
}

func isStdin(arg string) bool { return arg == "" || arg == "-" }

func parse(place string, read func() ([]byte, error)) (progress.Secret, error) {
	text, err := read()
	if err != nil {
		return progress.Secret{}, fmt.Errorf("the install token cannot be read: %w", err)
	}
	token, err := logpresso.ParseToken(string(text))
	if err != nil {
		return progress.Secret{}, fmt.Errorf("%s %w", place, err)
	}
	return token, nil
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxToken))
}

// readAll reads until the end, or until ctx ends: a terminal may never give
// anything. The read that is left behind ends with the program.
func readAll(ctx context.Context, r io.Reader) ([]byte, error) {
	type result struct {
		text []byte
		err  error
	}
	done := make(chan result, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(r, maxToken))
		done <- result{text, err}
	}()
	select {
	case got := <-done:
		return got.text, got.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
