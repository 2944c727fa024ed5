package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/apis"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/logpresso/logpressotest"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/collector/plan"
)

// stopwatch is a clock that a test moves.
type stopwatch struct{ elapsed atomic.Int64 }

var storyBegins = time.Date(2026, 3, 5, 6, 0, 0, 0, time.UTC)

func (s *stopwatch) now() time.Time { return storyBegins.Add(time.Duration(s.elapsed.Load())) }

func (s *stopwatch) advance(d time.Duration) { s.elapsed.Add(int64(d)) }

func onLoopback(t *testing.T, h http.Handler) string {
	s := httptest.NewServer(h)
	t.Cleanup(func() { s.CloseClientConnections(); s.Close() })
	return s.URL
}

// newExporter returns an exporter of the targets in a configuration.
func newExporter(t *testing.T, yml string, now func() time.Time) *collector.Exporter {
	t.Helper()
	file := filepath.Join(t.TempDir(), "targets.yml")
	if err := os.WriteFile(file, []byte(yml), 0o600); err != nil {
		t.Fatal(err)
	}
	products := apis.All(time.Now)
	plan, err := plan.Load(file, products)
	if err != nil {
		t.Fatal(err)
	}
	e := collector.New(products, collector.Options{Concurrency: 8, Logger: log.NewNopLogger(), Now: now})
	t.Cleanup(e.Close)
	e.Use(plan)
	return e
}

// playStory returns an exporter that has read its targets for 24 minutes, each of
// which is in another state; the last of them it has never read.
func playStory(t *testing.T) *collector.Exporter {
	t.Helper()
	var clock stopwatch
	play := func(s drill.Scenario, length time.Duration) drill.Drill {
		return drill.Drill{Scenario: s, Start: storyBegins, Length: length, Now: clock.now}
	}
	install := func(d drill.Drill) *logpressotest.Server { return &logpressotest.Server{Drill: d, Key: key} }
	firewall := install(play(drill.Happy, time.Hour))
	e := newExporter(t, fmt.Sprintf(`
defaults: {api: logpresso, options: {token: %s}, http_client_config: {authorization: {credentials: %s}}}
targets:
- {name: siem-parser-pack, url: "%s", deadline: 2026-03-05T08:00:00Z}
- {name: orders-db, api: mongosync, url: "%s", options: {}, deadline: 2026-03-05T06:40:00Z}
- {name: firewall-apps, url: "%s"}
- {name: threat-intel, url: "%s"}
- {name: dashboards, url: "%s"}
- {name: customers-db, api: mongosync, url: "%s", options: {}}
- {name: cold-archive, api: mongosync, url: "http://192.0.2.7:27182", options: {}}
`, token, key,
		onLoopback(t, install(play(drill.Happy, 40*time.Minute))),
		onLoopback(t, &mongosynctest.Server{Drill: play(drill.Happy, time.Hour)}),
		onLoopback(t, firewall),
		onLoopback(t, install(play(drill.Fail, 30*time.Minute))),
		onLoopback(t, install(play(drill.Stall, 10*time.Minute))),
		onLoopback(t, &mongosynctest.Server{Drill: play(drill.Happy, 12*time.Minute)}),
	), clock.now)
	for range 9 { // at 0, 3, … 24 minutes
		if clock.now().Sub(storyBegins) > 20*time.Minute {
			firewall.SetKey("another key")
		}
		if _, err := e.Read(t.Context(), "siem-parser-pack", "orders-db", "firewall-apps", "threat-intel", "dashboards", "customers-db"); err != nil {
			t.Fatal(err)
		}
		clock.advance(3 * time.Minute)
	}
	clock.advance(8*time.Second - 3*time.Minute)
	return e
}
