// Package logpresso reads the installation of an app from Logpresso Sonar:
// GET /api/sonar/apps/install-progress of its REST API. StartInstall begins one,
// which is for a person's tool alone.
//
// A job is an install session, and its key is the session's token: a secret, which
// is nevertheless sent in the query of the request. A directory with tokens is a list
// of jobs. The API key, whose role has to be MEMBER or above, is part of the target's
// http_client_config.
package logpresso

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/url"

	"progress_exporter/collector/progress"
)

// API returns the product.
//
// The manual lists the error codes of an install; of a node it only says that it
// has one. The counters of both start from the same list.
func API() progress.API {
	codes := []string{"timeout-error", "disk-space-error", "connection-error",
		"dependency-error", "general-error", "app-object-error"}
	return progress.API{
		Name:           "logpresso",
		ErrorCodes:     codes,
		NodeErrorCodes: codes,
		Families: []progress.Family{
			familyCancelled: {Name: "cancelled", Help: "Whether the install is cancelled (is_cancelled)."},
			familyStatus: {Name: "install_status", Labels: []string{"status"},
				Help: "The product's own status of the install: exactly one is 1; a word that the manual does not list counts as other."},
		},
		Open: open,
	}
}

// session is one install session.
type session struct {
	address string // of the endpoint, without the query
	token   progress.Credential
}

// Progress asks for the session's progress. A session that does not exist (any
// more) is a report with the state None, for which the answer has no
// install_progress. It is how a good install ends as well: the manual says that
// acknowledging a completed one (ack-install) clears its session.
func (s session) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	token, err := s.token()
	if err != nil {
		return progress.Report{}, err
	}
	if err := checkStored(token); err != nil {
		return progress.Report{}, err
	}
	return ask(ctx, fetch, s.address, token)
}

// fileSession is the session whose token is in the file of options.token_dir that was asked
// for as a job.
type fileSession struct{ session }

var _ progress.Finder = fileSession{}

// Find returns an error if there is no such file. One that is there and cannot be used is a
// job that cannot be read.
func (s fileSession) Find() error {
	if _, err := s.token(); errors.Is(err, fs.ErrNotExist) {
		return errors.New(progress.AsError(err).Message + ", or put the install token into it")
	}
	return nil
}

// ask asks for the progress of the session with this token.
func ask(ctx context.Context, fetch progress.Fetch, address, token string) (progress.Report, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return progress.Report{}, progress.Errorf(progress.Internal, "cannot make the request, check the target's url: %w", err)
	}
	// The query is set apart from the address, so that no error above can show it.
	req.URL.RawQuery = url.Values{"token": {token}}.Encode()
	resp, err := fetch(req)
	if err != nil {
		return progress.Report{}, err
	}
	return read(resp, token)
}
