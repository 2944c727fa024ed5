package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"progress_exporter/collector"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// series returns the lines of the exposition of one target of a plan, as a probe gives them.
func (p *program) series(ctx context.Context, of *plan.Plan, target string, products []progress.API) (list []string) {
	e := p.engine(of, products, collector.Options{})
	defer e.Close()
	text := ask(ctx, e.Probe(), &url.URL{Path: "/probe", RawQuery: url.Values{"target": {target}}.Encode()})
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "#") {
			list = append(list, strings.TrimSuffix(line, "\n"))
		}
	}
	return list
}

// exposed returns the series that a scrape gives of the targets of a plan, and what went
// wrong with the read.
func (p *program) exposed(ctx context.Context, of *plan.Plan, products []progress.API, now func() time.Time) ([]string, *progress.Error) {
	e := p.engine(of, products, collector.Options{TargetsOnMetrics: true, Now: now})
	defer e.Close()
	list := seriesIn(ask(ctx, e.Metrics(), &url.URL{Path: "/metrics"}))
	for _, job := range e.Known() {
		if job.Err != nil {
			return list, job.Err
		}
	}
	return list, nil
}

// engine returns an engine with the targets of a plan, which the caller closes.
func (p *program) engine(of *plan.Plan, products []progress.API, opts collector.Options) *collector.Exporter {
	opts.Logger, _ = p.log.New(p.stderr)
	opts.Concurrency = 1
	e := collector.New(products, opts)
	e.Use(of)
	return e
}

// ask returns what a handler answers.
func ask(ctx context.Context, h http.Handler, address *url.URL) string {
	page := &page{header: http.Header{}}
	h.ServeHTTP(page, (&http.Request{Method: http.MethodGet, URL: address, Header: http.Header{}}).WithContext(ctx))
	return page.body.String()
}

// page is an http.ResponseWriter that keeps what is written.
type page struct {
	header http.Header
	body   bytes.Buffer
}

// Header returns the header of the answer.
func (p *page) Header() http.Header { return p.header }

// WriteHeader does nothing: the text says it as well.
func (p *page) WriteHeader(int) {}

// Write adds to the body.
func (p *page) Write(b []byte) (int, error) { return p.body.Write(b) }

// aboutReads are what the exporter says about itself that a description has to do with,
// unless it is 0: series that were left out, fields that could not be read.
var aboutReads = []string{"progress_exporter_dropped_series_total", "progress_exporter_unreadable_fields_total", "progress_exporter_read_failures_total"}

// seriesIn returns the lines of an exposition that are about targets.
func seriesIn(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		name, _, _ := strings.Cut(line, " ")
		name, _, _ = strings.Cut(name, "{")
		switch {
		case !strings.HasPrefix(name, "progress_"):
		case slices.Contains(aboutReads, name):
			if !strings.HasSuffix(line, " 0") {
				list = append(list, line)
			}
		case !strings.HasPrefix(name, "progress_exporter_"):
			list = append(list, line)
		}
	}
	return list
}

// differ returns the lines of want that are not in got, and those of got that are not in
// want. No series is in either twice, and their order is that of the exposition.
func differ(want, got []string) (missing, extra []string) {
	missing, extra = []string{}, []string{}
	in := make(map[string]bool, len(got))
	for _, line := range got {
		in[line] = true
	}
	for _, line := range want {
		if !in[line] {
			missing = append(missing, line)
		}
		delete(in, line)
	}
	for _, line := range got {
		if in[line] {
			extra = append(extra, line)
		}
	}
	return missing, extra
}
