package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/progress"
)

// beginning is how start-install ends, as JSON. The form is stable: keys are
// added, never renamed. A key that is not there is something that the product did
// not say.
type beginning struct {
	Target  string `json:"target"`
	API     string `json:"api"`
	Outcome string `json:"outcome"` // started, installed, refused, error, unreachable or interrupted
	Code    int    `json:"exit_code"`
	Message string `json:"message,omitempty"` // why it did not start, and what to do
	JobFile string `json:"job_file,omitempty"`

	// What the product says about the package.
	Reason     string `json:"reason,omitempty"` // its own word
	AppCode    string `json:"app_code,omitempty"`
	AppName    string `json:"app_name,omitempty"`
	AppVersion string `json:"app_version,omitempty"`

	// What it answers with an error.
	ErrorCode string            `json:"error_code,omitempty"` // its own word
	Refusal   logpresso.Refusal `json:"refusal,omitempty"`
}

// newBeginning says in one form what came back, or did not.
func newBeginning(target string, status logpresso.Installable, err error, overwrite bool) *beginning {
	b := &beginning{
		Target: target, API: logpresso.API().Name,
		Reason: status.Reason, AppCode: status.AppCode, AppName: status.AppName, AppVersion: status.AppVersion,
	}
	switch {
	case err != nil:
		b.failed(progress.AsError(err))
	case status.Started:
		b.Outcome, b.Code = "started", exitReached
	case status.Curable():
		b.Outcome, b.Code = "installed", exitInstalled
		b.Message = status.Explain() + installed(status)
		if overwrite {
			b.Message += "; the product does not overwrite it, although it was asked to"
		} else {
			b.Message += "; to install over it, give --overwrite"
		}
	default:
		b.Outcome, b.Code = "refused", exitRefused
		b.Message = status.Explain()
		if status.Message != "" {
			b.Message += "; the product says " + progress.Quote(status.Message)
		}
		if status.Hopeless() {
			b.Message += "; --overwrite does not help"
		}
	}
	return b
}

func (b *beginning) failed(e *progress.Error) {
	var file *fs.PathError
	b.Outcome, b.Code, b.Message, b.ErrorCode = "unreachable", exitUnreachable, e.Error(), e.Code
	switch {
	case errors.Is(e, context.Canceled):
		b.Outcome, b.Code = "interrupted", exitInterrupted
	case errors.As(e, &file), e.Reason == progress.Internal: // a file of the configuration, mostly: nobody was asked
		b.Outcome, b.Code = "error", exitUsage
	case e.Reason == progress.APIError, e.Reason == progress.Auth:
		b.Outcome, b.Code = "error", exitAPI
		errors.As(e, &b.Refusal)
	}
}

// installed says which app is there.
func installed(s logpresso.Installable) string {
	var known []string
	for _, part := range []struct{ name, value string }{{"name", s.AppName}, {"code", s.AppCode}, {"version", s.AppVersion}} {
		if part.value != "" {
			known = append(known, part.name+" "+progress.Quote(part.value))
		}
	}
	if len(known) == 0 {
		return ""
	}
	return " (" + strings.Join(known, ", ") + ")"
}

// tell writes the beginning to stdout and, if there was none, why to stderr.
func (b *beginning) tell(p *program) {
	switch {
	case p.output == "json":
		writeJSON(p.stdout, b, "")
	case b.Code == exitReached && b.JobFile != "":
		fmt.Fprintf(p.stdout, "%s: the install has begun; %s is written\n", printable(b.Target), printable(b.JobFile))
	case b.Code == exitReached:
		fmt.Fprintf(p.stdout, "%s: the install has begun\n", printable(b.Target))
	}
	switch b.Outcome {
	case "started":
	case "unreachable", "interrupted": // whether it has begun the message says, as far as is known
		p.complain("%s: %s", printable(b.Target), printable(b.Message))
	default:
		p.complain("%s: not started: %s", printable(b.Target), printable(b.Message))
	}
}
