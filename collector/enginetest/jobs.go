package enginetest

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"progress_exporter/collector/progress"
)

// Fetching is a Source that asks over the network.
type Fetching func(context.Context, progress.Fetch) (progress.Report, error)

// Progress calls f.
func (f Fetching) Progress(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
	return f(ctx, fetch)
}

// JobAPI asks for /job/ID?token=…; its options hold the id.
func JobAPI() progress.API {
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
		return Fetching(func(ctx context.Context, fetch progress.Fetch) (progress.Report, error) {
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
			return progress.Report{Job: o.ID, State: progress.Running, Word: "busy", Ratio: progress.Ptr(0.25), Nodes: []progress.Node{{ID: "n1"}},
				Unread: []progress.Unread{{Field: "job.owner", Kind: progress.TextField}}}, nil
		}), nil
	}}
}

// ServeJobs starts a product that handler plays and returns a configuration with two
// targets of JobAPI that ask it: a, whose mapping goes on with extra, and b.
func ServeJobs(t testing.TB, extra string, handler http.HandlerFunc) (file string) {
	t.Helper()
	upstream := httptest.NewServer(handler)
	t.Cleanup(upstream.Close)
	file = filepath.Join(t.TempDir(), "targets.yml")
	text := "defaults: {api: jobs, url: '" + upstream.URL + "'}\ntargets:\n- {name: a, labels: {team: x}, options: {id: '1'}" + extra + "}\n- {name: b, options: {id: '2'}}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
