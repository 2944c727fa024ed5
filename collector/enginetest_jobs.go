package collector

import (
	"context"
	"errors"
	"net/http"

	"progress_exporter/collector/progress"
)

// fetching is a Source that asks over the network.
type fetching func(context.Context, progress.Fetch) (progress.Report, error)

// Progress calls f.
func (f fetching) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	return f(ctx, fetch)
}

// jobAPI asks for /job/ID?token=…; its options hold the id.
func jobAPI() progress.API {
	return progress.API{Name: "jobs", Open: func(t progress.Target) (progress.Source, error) {
		var o struct {
			ID string `yaml:"id"`
		}
		if err := t.Options(&o); err != nil {
			return nil, err
		}
		if t.Job == "refused" {
			return nil, errors.New("a job is a number")
		}
		if t.Job != "" {
			o.ID = t.Job
		}
		address := t.URL.JoinPath("job", o.ID).String() + "?token=s3cr3t-token"
		return fetching(func(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
			if err != nil {
				return progress.Report{}, err
			}
			req.Header.Set("X-Key", "s3cr3t-key")
			resp, err := fetch(req)
			if err != nil {
				return progress.Report{}, err
			}
			if err := progress.StatusError(resp); err != nil {
				return progress.Report{}, err
			}
			return progress.Report{Job: o.ID, State: progress.Running, Word: "busy", Ratio: progress.Ptr(0.25), Nodes: []progress.Node{{ID: "n1"}}}, nil
		}), nil
	}}
}
