package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-kit/log"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/exposition"
	"progress_exporter/collector/plan"
)

func TestScrapeTimeout(t *testing.T) {
	list := []*plan.Target{{Timeout: 3 * time.Second}, {Timeout: 20 * time.Second}, {Timeout: 4 * time.Second}}
	for _, tc := range []struct {
		header string
		offset time.Duration
		list   []*plan.Target
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
		e := &Handlers{opts: Options{TimeoutOffset: tc.offset}}
		h := http.Header{}
		if tc.header != "" {
			h.Set("X-Prometheus-Scrape-Timeout-Seconds", tc.header)
		}
		if got := e.timeout(h, tc.list); got != tc.want {
			t.Errorf("header %q, offset %v: %v, want %v", tc.header, tc.offset, got, tc.want)
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
	withPage(t, []*plan.Target{enginetest.Target("a", enginetest.Hang)}, func(t *testing.T, e *stage) {
		e.opts.TargetsOnMetrics = true
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

func TestGatheringFails(t *testing.T) {
	var logged bytes.Buffer
	e := serveJobs(t, "", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("{}")) })
	e.answers = exposition.NewAnswers(log.NewLogfmtLogger(&logged))
	broken := prometheus.GathererFunc(func() ([]*dto.MetricFamily, error) { return nil, errors.New("no memory") })
	w := httptest.NewRecorder()
	e.serve(w, httptest.NewRequest(http.MethodGet, "/metrics", nil), nil, broken)
	if w.Code != http.StatusInternalServerError || w.Body.String() != "An error has occurred while serving metrics:\n\nno memory\n" {
		t.Errorf("HTTP %d: %s", w.Code, w.Body)
	}
	if got := logged.String(); got != "level=warn msg=\"cannot gather the series of a scrape\" err=\"no memory\"\n" {
		t.Errorf("logged %s", got)
	}
}
