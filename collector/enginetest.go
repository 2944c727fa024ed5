package collector

import (
	"context"
	"time"

	"progress_exporter/collector/fetch"
	"progress_exporter/collector/progress"
)

// testAPI is a product with error codes that it documents.
var testAPI = progress.API{
	Name:           "test",
	ErrorCodes:     []string{"disk", "net"},
	NodeErrorCodes: []string{"disk"},
}

// sourceFunc is a Source that needs no network.
type sourceFunc func(context.Context) (progress.Report, error)

// Progress calls f.
func (f sourceFunc) Progress(ctx context.Context, _ progress.Fetch) (progress.Report, error) {
	return f(ctx)
}

// running is a product whose job runs.
func running(context.Context) (progress.Report, error) {
	return progress.Report{State: progress.Running}, nil
}

// hang is a product that never answers.
func hang(ctx context.Context) (progress.Report, error) {
	<-ctx.Done()
	return progress.Report{}, progress.Errorf(progress.Timeout, "gave up")
}

// after is running, after a while.
func after(d time.Duration) sourceFunc {
	return func(ctx context.Context) (progress.Report, error) {
		select {
		case <-time.After(d):
			return running(ctx)
		case <-ctx.Done():
			return hang(ctx)
		}
	}
}

// testTarget returns a target of testAPI that is read by way of f.
func testTarget(name string, f sourceFunc) *target {
	t := &target{key: key{target: name, api: "test"}, api: &testAPI, source: f, client: &fetch.Client{}, timeout: 10 * time.Second}
	t.plain = t
	return t
}

// says is a product that gives one answer after the other; the last one stays.
func says(reports ...progress.Report) sourceFunc {
	return func(context.Context) (progress.Report, error) {
		r := reports[0]
		if len(reports) > 1 {
			reports = reports[1:]
		}
		return r, nil
	}
}

// refuses is a product that gives a good answer first, and then an error.
func refuses(err error) sourceFunc {
	good := true
	return func(ctx context.Context) (progress.Report, error) {
		if good {
			good = false
			return running(ctx)
		}
		return progress.Report{}, err
	}
}
