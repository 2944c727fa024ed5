package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-kit/log"
	dto "github.com/prometheus/client_model/go"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/enginetest"
	"progress_exporter/collector/palette"
	"progress_exporter/collector/plan"
	"progress_exporter/collector/status"
)

// Whatever state or phase a product says, a job that does not move in it is judged alike by
// the metrics, by the series from which the alerts are made, by the page and by `wait`.
func TestOneJudgement(t *testing.T) {
	cases := judged()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var at int
		if _, err := fmt.Sscanf(r.URL.Path, "/case%d/", &at); err != nil {
			t.Errorf("%s was asked for", r.URL.Path)
		}
		_, _ = w.Write([]byte(cases[at].answer))
	}))
	defer server.Close()
	config := "defaults: {stall_after: 15m}\ntargets:\n"
	for i, c := range cases {
		config += fmt.Sprintf("- {name: case%d, api: %s, url: '%s/case%d', options: %s}\n", i, c.api, server.URL, i, options[c.api])
	}
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	now := noon
	products := apis.All(func() time.Time { return now })
	loaded, err := plan.Load(file, products)
	if err != nil {
		t.Fatal(err)
	}
	e := collector.New(products, collector.Options{Concurrency: 4, TargetsOnMetrics: true, Logger: log.NewNopLogger(), Now: func() time.Time { return now }})
	defer e.Close()
	e.Use(loaded)

	judges := make([]judge, len(cases))
	ends := make([]*ending, len(cases))
	var jobs []status.Job
	for range 2 {
		if jobs, err = e.Read(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i := range jobs {
			if ends[i] == nil {
				ends[i] = judges[i].see(&jobs[i])
			}
		}
		now = now.Add(20 * time.Minute)
	}
	now = now.Add(-20 * time.Minute)
	_, text := enginetest.Ask(e.Metrics(), "/metrics")
	said := collectortest.Families(t, text)
	for i, c := range cases {
		t.Run(c.api+" "+c.name, func(t *testing.T) {
			of := series{said, jobs[i].Target}
			if got := jobs[i].Report.State; jobs[i].Err != nil || got != c.state {
				t.Fatalf("state %v, %v; want %v", got, jobs[i].Err, c.state)
			}
			page := free
			switch {
			case jobs[i].Kind() == palette.Stalled:
				page = stands
			case jobs[i].Ended:
				page = over
			}
			code := going
			if ends[i] != nil {
				code = ends[i].Code
			}
			if page != c.want || of.exporter() != c.want || of.rules() != c.want || code != c.wait {
				t.Errorf("%s on the page, %s by the metrics, %s by the rules, exit code %d; want %s and %d", page, of.exporter(), of.rules(), code, c.want, c.wait)
			}
		})
	}
	wantEach(t, said, "progress_state", "state")
	wantEach(t, said, "progress_mongosync_process_state", "process_state")
	wantEach(t, said, "progress_mongosync_phase", "phase")
	wantEach(t, said, "progress_mongosync_cea_stage", "stage")
	wantEach(t, said, "progress_logpresso_install_status", "status")
	wantEach(t, said, "progress_ses_nodes", "phase")
}

// series are the series of one target.
type series struct {
	families map[string]*dto.MetricFamily
	target   string
}

// value returns the value of a series, and whether there is one.
func (s series) value(family string) (float64, bool) {
	for _, m := range s.families[family].GetMetric() {
		for _, l := range m.GetLabel() {
			if l.GetName() == "target" && l.GetValue() == s.target {
				return m.GetGauge().GetValue(), true
			}
		}
	}
	return 0, false
}

// exporter is the judgement in progress_stalled and progress_ended.
func (s series) exporter() string {
	ended, _ := s.value("progress_ended")
	switch stalled, _ := s.value("progress_stalled"); {
	case ended == 1:
		return over
	case stalled == 1:
		return stands
	}
	return free
}

// rules is what progress:stalled_seconds makes of the dates, for a job that has not ended.
func (s series) rules() string {
	if ended, _ := s.value("progress_ended"); ended == 1 {
		return over
	}
	since, moves := s.value("progress_standstill_start_timestamp_seconds")
	read, _ := s.value("progress_last_read_timestamp_seconds")
	threshold, _ := s.value("progress_stall_threshold_seconds")
	if moves && threshold > 0 && read-since > threshold {
		return stands
	}
	return free
}

// wantEach wants each value of a label to be the one of a case, so that no word of a product
// is left out.
func wantEach(t *testing.T, said map[string]*dto.MetricFamily, family, label string) {
	t.Helper()
	seen := map[string]float64{}
	for _, m := range said[family].GetMetric() {
		for _, l := range m.GetLabel() {
			if l.GetName() == label {
				seen[l.GetValue()] += m.GetGauge().GetValue()
			}
		}
	}
	if len(seen) == 0 {
		t.Errorf("%s is not there", family)
	}
	for value, n := range seen {
		if n == 0 {
			t.Errorf("%s: no case has %s %q", family, label, value)
		}
	}
}
