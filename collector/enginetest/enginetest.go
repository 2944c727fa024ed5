package enginetest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"time"

	"progress_exporter/collector/fetch"
	"progress_exporter/collector/ledger"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// API is a product with error codes that it documents.
var API = progress.API{
	Name:           "test",
	ErrorCodes:     []string{"disk", "net"},
	NodeErrorCodes: []string{"disk"},
}

// Source is a Source that needs no network.
type Source func(context.Context) (progress.Report, error)

// Progress calls f.
func (f Source) Progress(ctx context.Context, _ progress.Fetch) (progress.Report, error) {
	return f(ctx)
}

// Running is a product whose job runs.
func Running(context.Context) (progress.Report, error) {
	return progress.Report{State: progress.Running}, nil
}

// Hang is a product that never answers.
func Hang(ctx context.Context) (progress.Report, error) {
	<-ctx.Done()
	return progress.Report{}, progress.Errorf(progress.Timeout, "gave up")
}

// After is running, after a while.
func After(d time.Duration) Source {
	return func(ctx context.Context) (progress.Report, error) {
		select {
		case <-time.After(d):
			return Running(ctx)
		case <-ctx.Done():
			return Hang(ctx)
		}
	}
}

// Target returns a target of testAPI that is read by way of f.
func Target(name string, f Source) *plan.Target {
	t := &plan.Target{Key: ledger.Key{Target: name, API: "test"}, API: &API, Source: f, Client: &fetch.Client{}, Timeout: 10 * time.Second}
	t.Plain = t
	return t
}

// Says is a product that gives one answer after the other; the last one stays.
func Says(reports ...progress.Report) Source {
	return func(context.Context) (progress.Report, error) {
		r := reports[0]
		if len(reports) > 1 {
			reports = reports[1:]
		}
		return r, nil
	}
}

// Refuses is a product that gives a good answer first, and then an error.
func Refuses(err error) Source {
	good := true
	return func(ctx context.Context) (progress.Report, error) {
		if good {
			good = false
			return Running(ctx)
		}
		return progress.Report{}, err
	}
}

// Plan returns a plan of targets.
func Plan(list ...*plan.Target) *plan.Plan {
	p := &plan.Plan{Targets: list, ByName: map[string]*plan.Target{}}
	for _, t := range list {
		p.ByName[t.Key.Target] = t
	}
	return p
}

// Ask returns how a handler answers a GET.
func Ask(h http.Handler, address string) (status int, text string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	return w.Code, w.Body.String()
}
