package play

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var begin = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

const ruleFile = `groups:
  - name: a-records
    rules:
      - record: doubled
        expr: 2 * value
  - name: b-alerts
    rules:
      - alert: High
        expr: doubled > 10
        for: 2m
        labels: {severity: warning}
        annotations: {summary: '{{ $labels.instance }} has {{ $value }}'}
`

// exposing is an exporter that says how many minutes have passed, in the given format.
func exposing(c *Clock, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "application/openmetrics-text") {
			http.Error(w, "not asked as Prometheus asks", http.StatusNotAcceptable)
			return
		}
		w.Header().Set("Content-Type", "text/plain; version=0.0.4")
		_, _ = fmt.Fprintf(w, body, c.Now().Sub(begin).Minutes())
	})
}

func play(t *testing.T, length time.Duration, exporter func(c *Clock) http.Handler) *Record {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "rules.yml")
	if err := os.WriteFile(file, []byte(ruleFile), 0o600); err != nil {
		t.Fatal(err)
	}
	c := NewClock(begin)
	r, err := Run(Config{
		Clock: c, Length: length, Exporter: func() http.Handler { return exporter(c) },
		Scrapes: []Scrape{{"/metrics", "j", "i"}}, Interval: time.Minute, Rules: []string{file}, Evaluate: time.Minute, Dir: dir,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

func (r *Record) show(t *testing.T, expr string, at time.Duration) string {
	t.Helper()
	v, err := r.Query(expr, begin.Add(at))
	if err != nil {
		t.Fatal(err)
	}
	return v.String()
}

// The record is evaluated at full minutes and the alert half a minute later. The value
// passes 5 after five minutes.
func TestAlert(t *testing.T) {
	r := play(t, 20*time.Minute, func(c *Clock) http.Handler {
		if c.Now().Sub(begin) >= 15*time.Minute {
			return nil
		}
		return exposing(c, "value %g\n")
	})
	want := []*Alert{{
		Name: "High", Labels: map[string]string{"instance": "i", "job": "j", "severity": "warning"},
		Annotations: map[string]string{"summary": "i has 16"},
		Pending:     begin.Add(6*time.Minute + 30*time.Second),
		Firing:      begin.Add(8*time.Minute + 30*time.Second),
		Resolved:    begin.Add(15*time.Minute + 30*time.Second), // nobody listens: the series is stale at once
	}}
	if diff := cmp.Diff(want, r.Alerts); diff != "" {
		t.Errorf("alerts (-want +got):\n%s", diff)
	}
	if got, want := r.show(t, "ALERTS", 9*time.Minute), `{__name__="ALERTS", alertname="High", alertstate="firing", instance="i", job="j", severity="warning"} => 1 @[1772352540000]`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestScrape(t *testing.T) {
	r := play(t, 20*time.Minute, func(c *Clock) http.Handler {
		switch c.Now().Sub(begin) {
		case 5 * time.Minute:
			return nil
		case 7 * time.Minute:
			return http.NotFoundHandler()
		case 9 * time.Minute:
			return exposing(c, "other %g\n")
		}
		return exposing(c, "value{job=\"own\",x=\"y\"} %g\n")
	})
	for _, tc := range []struct {
		expr string
		at   time.Duration
		want string
	}{
		{"up", 4 * time.Minute, `{__name__="up", instance="i", job="j"} => 1 @[1772352240000]`},
		{"value", 4*time.Minute + 59*time.Second, `{__name__="value", exported_job="own", instance="i", job="j", x="y"} => 4 @[1772352299000]`},
		{"up", 5 * time.Minute, `{__name__="up", instance="i", job="j"} => 0 @[1772352300000]`},
		{"value", 5 * time.Minute, ""},
		{"value", 6 * time.Minute, `{__name__="value", exported_job="own", instance="i", job="j", x="y"} => 6 @[1772352360000]`},
		{"up or value", 7 * time.Minute, `{__name__="up", instance="i", job="j"} => 0 @[1772352420000]`},
		{"value or other", 9 * time.Minute, `{__name__="other", instance="i", job="j"} => 9 @[1772352540000]`},
		{"count_over_time(value[20m])", 20 * time.Minute, `{exported_job="own", instance="i", job="j", x="y"} => 17 @[1772353200000]`},
	} {
		if got := r.show(t, tc.expr, tc.at); got != tc.want {
			t.Errorf("%s at %s:\ngot  %s\nwant %s", tc.expr, tc.at, got, tc.want)
		}
	}
}

// What is not an exposition ends the play: it is a mistake of the exporter.
func TestNotAnExposition(t *testing.T) {
	for name, body := range map[string]string{"no number": "value x%g\n", "no type": ""} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "rules.yml")
			if err := os.WriteFile(file, []byte(ruleFile), 0o600); err != nil {
				t.Fatal(err)
			}
			c := NewClock(begin)
			handler := exposing(c, body)
			if body == "" {
				handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Type", "text/html") })
			}
			_, err := Run(Config{
				Clock: c, Length: time.Hour, Exporter: func() http.Handler { return handler },
				Scrapes: []Scrape{{"/metrics", "j", "i"}}, Interval: time.Minute, Rules: []string{file}, Evaluate: time.Minute, Dir: dir,
			})
			if err == nil || !strings.HasPrefix(err.Error(), "after 0s: /metrics: ") {
				t.Errorf("error %v, want one of /metrics after 0s", err)
			}
		})
	}
}
