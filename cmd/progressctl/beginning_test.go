package main

import (
	"context"
	"io/fs"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/logpresso"
	"progress_exporter/collector/progress"
)

// What the scripts do not show: answers that a product should not give.
func TestNewBeginning(t *testing.T) {
	for _, tc := range []struct {
		name      string
		status    logpresso.Installable
		err       error
		overwrite bool
		want      beginning
	}{
		{"not overwritten", logpresso.Installable{Reason: "version-mismatch", AppCode: "a\x1b[31m"}, nil, true,
			beginning{Outcome: "installed", Code: 6, Reason: "version-mismatch", AppCode: "a\x1b[31m",
				Message: `another version of the app is installed (code "a\x1b[31m"); the product does not overwrite it, although it was asked to`}},
		{"nothing known of the app", logpresso.Installable{Reason: "already-installed"}, nil, false,
			beginning{Outcome: "installed", Code: 6, Reason: "already-installed",
				Message: "the same version of the app is installed already; to install over it, give --overwrite"}},
		{"no reason", logpresso.Installable{}, nil, false,
			beginning{Outcome: "refused", Code: 7, Message: "the product gives no reason"}},
		{"the key without a code", logpresso.Installable{}, progress.Errorf(progress.Auth, "HTTP 401"), false,
			beginning{Outcome: "error", Code: 8, Message: "auth: HTTP 401"}},
		{"a refusal", logpresso.Installable{}, &progress.Error{Reason: progress.APIError, Code: "c", Message: "m", Err: logpresso.AlreadyStarted}, false,
			beginning{Outcome: "error", Code: 8, Message: `api "c": m`, ErrorCode: "c", Refusal: "already-started"}},
		{"a file of ours", logpresso.Installable{}, progress.Errorf(progress.TLS, "%w", &fs.PathError{Op: "open", Path: "ca.pem", Err: fs.ErrNotExist}), false,
			beginning{Outcome: "error", Code: 2, Message: "tls: open ca.pem: file does not exist"}},
		{"broken off", logpresso.Installable{}, progress.Errorf(progress.Internal, "%w", context.Canceled), false,
			beginning{Outcome: "interrupted", Code: 130, Message: "internal: context canceled"}},
		{"no answer", logpresso.Installable{}, progress.Errorf(progress.Timeout, "slow"), false,
			beginning{Outcome: "unreachable", Code: 5, Message: "timeout: slow"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.want.Target, tc.want.API = "sonar", "logpresso"
			if diff := cmp.Diff(&tc.want, newBeginning("sonar", tc.status, tc.err, tc.overwrite)); diff != "" {
				t.Errorf("beginning (-want +got):\n%s", diff)
			}
		})
	}
}
