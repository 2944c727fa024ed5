package collector

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

func TestScrapeTimeout(t *testing.T) {
	list := []*target{{timeout: 3 * time.Second}, {timeout: 20 * time.Second}, {timeout: 4 * time.Second}}
	for _, tc := range []struct {
		header string
		offset time.Duration
		list   []*target
		want   time.Duration
	}{
		{"10", 500 * time.Millisecond, list, 9500 * time.Millisecond},
		{"1.000", 500 * time.Millisecond, list, 500 * time.Millisecond},
		{"0.6", 500 * time.Millisecond, list, 300 * time.Millisecond}, // never less than half
		{"0.2", 500 * time.Millisecond, list, 100 * time.Millisecond},
		{"5", 0, list, 5 * time.Second},
		{"86400", 0, list, maxScrape},
		{"", 500 * time.Millisecond, list, 21 * time.Second},
		{"", 0, nil, 2 * time.Second},
		{"soon", 0, list, 21 * time.Second},
		{"-1", 0, list, 21 * time.Second},
		{"0", 0, list, 21 * time.Second},
		{"NaN", 0, list, 21 * time.Second},
		{"Inf", 0, list, 21 * time.Second},
		{"1e300", 0, list, 21 * time.Second},
	} {
		e := &handlers{opts: handlerOptions{TimeoutOffset: tc.offset}}
		h := http.Header{}
		if tc.header != "" {
			h.Set("X-Prometheus-Scrape-Timeout-Seconds", tc.header)
		}
		if got := e.timeout(h, tc.list); got != tc.want {
			t.Errorf("header %q, offset %v: %v, want %v", tc.header, tc.offset, got, tc.want)
		}
	}
}

// Whatever a product sends, the scrape of the others goes on.
func TestOneBadTargetNeverFailsAScrape(t *testing.T) {
	source := func(r progress.Report) sourceFunc {
		return func(context.Context) (progress.Report, error) { return r, nil }
	}
	api := progress.API{Name: "test", Families: []progress.Family{{Name: "thing", Help: "A thing.", Labels: []string{"name"}}}}
	e := New([]progress.API{api}, Options{Concurrency: 8, TargetsOnMetrics: true, Logger: log.NewNopLogger()})
	defer e.Close()
	p := &Plan{byName: map[string]*target{}}
	for name, report := range map[string]progress.Report{
		"twins":  {State: progress.Running, Nodes: []progress.Node{{ID: "a"}, {ID: "a"}}},
		"utf8":   {State: progress.Running, ErrorCode: "\xff", Nodes: []progress.Node{{ID: "\xfe\n\""}}},
		"range":  {State: progress.Running, Ratio: progress.Ptr(7.0)},
		"clash":  {State: progress.Running, Info: []progress.Label{{Name: "team", Value: "x"}, {Name: "target", Value: "y"}}},
		"sample": {State: progress.State(99), Samples: []progress.Sample{{Labels: []string{"\xff"}}, {Labels: []string{"\uFFFD"}}}},
		"panics": {State: progress.Running, Samples: []progress.Sample{{Family: 5}}},
		"good":   {State: progress.Running, Ratio: progress.Ptr(0.5)},
	} {
		tt := testTarget(name, source(report))
		tt.api = &api
		if err := tt.prepareLabels(map[string]string{"team": "a\"b\\c\nd"}); err != nil {
			t.Fatal(err)
		}
		p.add([]*target{tt})
	}
	e.plan.Store(p)
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

// deadlineWriter remembers until when it might be written to.
type deadlineWriter struct {
	*httptest.ResponseRecorder
	until []time.Time
}

func (w *deadlineWriter) SetWriteDeadline(at time.Time) error {
	w.until = append(w.until, at)
	return nil
}

// A scrape is answered when Prometheus says so, with time to send the answer, but with
// no more of it than that; and nobody waits for one who has hung up.
func TestScrapeEnds(t *testing.T) {
	withPage(t, []*target{testTarget("a", hang)}, func(t *testing.T, e *Exporter) {
		e.handlers.opts.TargetsOnMetrics = true
		for _, tc := range []struct{ hangsUp, want time.Duration }{{time.Hour, 5 * time.Second}, {time.Second, time.Second}} {
			began := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), tc.hangsUp)
			w, r := &deadlineWriter{ResponseRecorder: httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/metrics", nil)
			r.Header.Set("X-Prometheus-Scrape-Timeout-Seconds", "5")
			e.Metrics().ServeHTTP(w, r.WithContext(ctx))
			if took := time.Since(began); took != tc.want {
				t.Errorf("hung up after %v: answered after %v, want %v", tc.hangsUp, took, tc.want)
			}
			want := []time.Time{began.Add(5*time.Second + writePatience), began.Add(tc.want + writePatience)}
			if diff := cmp.Diff(want, w.until); diff != "" {
				t.Errorf("hung up after %v: write deadlines (-want +got):\n%s", tc.hangsUp, diff)
			}
			cancel()
		}
	})
}

func TestMetricsWithoutTargets(t *testing.T) {
	e := serveJobs(t, "", func(http.ResponseWriter, *http.Request) { t.Error("a product was asked") })
	e.handlers.opts.TargetsOnMetrics = false
	if status, text := ask(e.Metrics(), "/metrics"); status != http.StatusOK || strings.Contains(text, "progress_up") || !strings.Contains(text, "\nprogress_exporter_targets 2\n") {
		t.Errorf("HTTP %d:\n%s", status, text)
	}
}

// The exporter's own families and those of the targets are one sorted list.
func TestFamiliesAreSorted(t *testing.T) {
	e := serveJobs(t, "", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	_, text := ask(e.Metrics(), "/metrics")
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

func TestLabelsThatAProductNeeds(t *testing.T) {
	tt := testTarget("a", running)
	tt.api = &progress.API{Name: "test", Families: []progress.Family{{Name: "thing", Labels: []string{"phase"}}}}
	err := tt.prepareLabels(map[string]string{"phase": "x"})
	if err == nil || err.Error() != "labels: phase is a label of progress_test_thing; choose another name" {
		t.Errorf("a clash with a product's own label: %v", err)
	}
}
