// Package mongosync reads the progress of a migration between two MongoDB
// clusters from the HTTP API of a mongosync process.
//
// A migration of a sharded cluster runs one mongosync process for each shard of
// the source. Each is a target of its own, or one of the ports of a target that
// lists them: it reports the bytes that it copied itself beside the total of the
// whole migration.
package mongosync

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"progress_exporter/collector/progress"
)

const name = "mongosync"

// API returns the product mongosync. The URL, which mongosync serves on
// http://localhost:27182 by default and without authentication, names the process,
// and the process has one job. With options.ports a target is the processes of one
// host, each at its port.
func API() progress.API {
	return progress.API{Name: name, Families: families(), Open: open}
}

// options are what a target's `options:` may hold.
type options struct {
	Ports portTexts `yaml:"ports"` // nil: the port of the url alone
}

// source is one mongosync process.
type source struct{ url string }

var _ progress.Source = source{}

func open(target progress.Target) (progress.Source, error) {
	var errs []error
	if target.Job != "" {
		errs = append(errs, errors.New("mongosync has no job key, the url is the job: leave the job out"))
	}
	var o options
	if err := target.Options(&o); err != nil {
		errs = append(errs, fmt.Errorf("%w; the one option of mongosync is ports", err))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	if o.Ports != nil {
		return openPorts(target, o.Ports)
	}
	return sourceAt(target.URL), nil
}

// Progress asks for the state of the process.
func (s source) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url, nil)
	if err != nil {
		return progress.Report{}, progress.Errorf(progress.Internal, "GET %s: %w", s.url, err)
	}
	resp, err := fetch(req)
	if err != nil {
		return progress.Report{}, err
	}
	info, unread, err := decode(resp)
	if err != nil {
		return progress.Report{}, err
	}
	return report(info, unread), nil
}

// answers decodes them by the names as the vendor writes them.
var answers = progress.NewDecoder[response]()

// decode returns the object "progress" of a good answer, and what of it could not be
// read. The body is read before the status is judged, because no page says which status
// an error answer has.
func decode(resp progress.Response) (*syncInfo, []progress.Unread, error) {
	var r response
	unread, undecoded := answers.Decode(resp, &r)
	if undecoded == nil {
		if err := refusal(resp, r); err != nil {
			return nil, nil, err
		}
	}
	if err := progress.StatusError(resp); err != nil {
		return nil, nil, err
	}
	switch {
	case undecoded != nil:
		return nil, nil, undecoded
	case r.Progress == nil || r.Progress.State == "":
		return nil, nil, progress.Errorf(progress.Contract, "the answer has no progress.state; "+
			"does another tool answer here? migration-verifier has the same path: check the host and the port of the url").About(resp.Request)
	}
	return r.Progress, r.Progress.leaveOut(unread), nil
}

// refusal returns mongosync's own error, or nil if the answer is none. Up to
// version 1.7 an error answer has neither success nor a name for the error: its
// field error is the description.
func refusal(resp progress.Response, r response) error {
	code, text := r.Error, r.ErrorDescription
	switch {
	case r.Success != nil && !*r.Success:
	case r.Success == nil && r.Progress == nil && r.Error != "":
		code, text = "", r.Error
	default:
		return nil
	}
	e := progress.Errorf(progress.APIError, "mongosync answers HTTP %d with an error of its own; see the log of that mongosync", resp.Status)
	e.Code, e.Said = code, text
	return e.About(resp.Request)
}
