package collector

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/go-kit/log"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/progress"
)

// serveJobs returns an exporter of two targets of enginetest.JobAPI that handler answers.
func serveJobs(t *testing.T, opts Options, handler http.HandlerFunc) *Exporter {
	t.Helper()
	products := []progress.API{enginetest.JobAPI()}
	loaded, err := plan.Load(enginetest.ServeJobs(t, "", handler), products)
	if err != nil {
		t.Fatal(err)
	}
	opts.Concurrency, opts.Logger = 8, log.NewNopLogger()
	e := New(products, opts)
	e.Use(loaded)
	t.Cleanup(e.Close)
	return e
}

// Whatever a product sends, the scrape of the others goes on.
func TestOneBadTargetNeverFailsAScrape(t *testing.T) {
	source := func(r progress.Report) enginetest.Source {
		return func(context.Context) (progress.Report, error) { return r, nil }
	}
	api := progress.API{Name: "test", Families: []progress.Family{{Name: "thing", Help: "A thing.", Labels: []string{"name"}}}}
	e := New([]progress.API{api}, Options{Concurrency: 8, TargetsOnMetrics: true, Logger: log.NewNopLogger()})
	defer e.Close()
	var list []*plan.Target
	for name, report := range map[string]progress.Report{
		"twins":  {State: progress.Running, Nodes: []progress.Node{{ID: "a"}, {ID: "a"}}},
		"utf8":   {State: progress.Running, ErrorCode: "\xff", Nodes: []progress.Node{{ID: "\xfe\n\""}}},
		"range":  {State: progress.Running, Ratio: progress.Ptr(7.0)},
		"clash":  {State: progress.Running, Info: []progress.Label{{Name: "team", Value: "x"}, {Name: "target", Value: "y"}}},
		"sample": {State: progress.State(99), Samples: []progress.Sample{{Labels: []string{"\xff"}}, {Labels: []string{"\uFFFD"}}}},
		"panics": {State: progress.Running, Samples: []progress.Sample{{Family: 5}}},
		"good":   {State: progress.Running, Ratio: progress.Ptr(0.5)},
	} {
		tt := enginetest.Target(name, source(report))
		tt.API = &api
		if err := tt.SetLabels(map[string]string{"team": "a\"b\\c\nd"}); err != nil {
			t.Fatal(err)
		}
		list = append(list, tt)
	}
	e.Use(enginetest.Plan(list...))
	for _, accept := range []string{"", "application/openmetrics-text; version=1.0.0", "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"} {
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.Header.Set("Accept", accept)
		e.Metrics().ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("Accept %q: HTTP %d: %s", accept, w.Code, w.Body)
		}
		if accept != "" {
			if want, _, _ := strings.Cut(accept, ";"); !strings.HasPrefix(w.Header().Get("Content-Type"), want) {
				t.Errorf("Accept %q: Content-Type %q", accept, w.Header().Get("Content-Type"))
			}
			continue
		}
		text := w.Body.String()
		if n := strings.Count(text, "\nprogress_up{"); n != 7 {
			t.Errorf("%d targets, want 7", n)
		}
		for _, line := range []string{
			`progress_up{api="test",target="good",team="a\"b\\c\nd"} 1`,
			`progress_total_ratio{api="test",target="good",team="a\"b\\c\nd"} 0.5`,
			`progress_up{api="test",target="panics",team="a\"b\\c\nd"} 0`,
			`progress_scrape_failure{api="test",error_code="",reason="internal",target="panics",team="a\"b\\c\nd"} 1`,
			`progress_state{api="test",state="unknown",target="sample",team="a\"b\\c\nd"} 1`,
			`progress_exporter_dropped_series_total{reason="duplicate"} 2`,
			`progress_exporter_dropped_series_total{reason="out_of_range"} 1`,
			`progress_exporter_dropped_series_total{reason="label_clash"} 2`,
		} {
			if !strings.Contains(text, "\n"+line+"\n") {
				t.Errorf("missing %s in\n%s", line, text)
			}
		}
	}
}

func TestMetricsWithoutTargets(t *testing.T) {
	e := serveJobs(t, Options{}, func(http.ResponseWriter, *http.Request) { t.Error("a product was asked") })
	if status, text := enginetest.Ask(e.Metrics(), "/metrics"); status != http.StatusOK || strings.Contains(text, "progress_up") || !strings.Contains(text, "\nprogress_exporter_targets 2\n") {
		t.Errorf("HTTP %d:\n%s", status, text)
	}
}

// The exporter's own families and those of the targets are one sorted list.
func TestFamiliesAreSorted(t *testing.T) {
	e := serveJobs(t, Options{TargetsOnMetrics: true}, func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	_, text := enginetest.Ask(e.Metrics(), "/metrics")
	var names []string
	for line := range strings.Lines(text) {
		if name, ok := strings.CutPrefix(line, "# TYPE "); ok {
			names = append(names, strings.Fields(name)[0])
		}
	}
	if !slices.IsSorted(names) || !slices.Contains(names, "progress_up") || !slices.Contains(names, "go_goroutines") {
		t.Errorf("families %v", names)
	}
}
