package main

import (
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

// exposed returns the series that a scrape gives of the targets of a plan, by an engine of
// its own, and what went wrong with the read.
func (p *program) exposed(ctx context.Context, of *plan.Plan, products []progress.API, now func() time.Time) ([]string, *progress.Error) {
	logger, _ := p.log.New(p.stderr)
	e := collector.New(products, collector.Options{Concurrency: 1, Logger: logger, TargetsOnMetrics: true, Now: now})
	defer e.Close()
	e.Use(of)
	page := &page{header: http.Header{}}
	req := (&http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/metrics"}, Header: http.Header{}}).WithContext(ctx)
	e.Metrics().ServeHTTP(page, req)
	for _, job := range e.Known() {
		if job.Err != nil {
			return seriesIn(page.body.String()), job.Err
		}
	}
	return seriesIn(page.body.String()), nil
}

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
