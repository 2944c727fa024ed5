package replay

import (
	"context"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/mongosync"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/collector/progress"
	"progress_exporter/collector/recording"
	"progress_exporter/replay/play"
)

var begins = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

const shipped = "../dashboards/alerts/progress.rules.yml"

// beat is a stretch of a story: the work is done up to a share, evenly.
type beat struct {
	length time.Duration
	phase  drill.Phase
	to     float64
}

// plot returns the story that beats tell; the last one stays.
func plot(beats []beat) func(time.Duration) drill.Moment {
	return func(since time.Duration) drill.Moment {
		done := 0.0
		for _, b := range beats {
			if since < b.length {
				return drill.Moment{Phase: b.phase, Fraction: done + (b.to-done)*since.Seconds()/b.length.Seconds(), Began: begins}
			}
			since -= b.length
			done = b.to
		}
		return drill.Moment{Phase: beats[len(beats)-1].phase, Fraction: done, Began: begins}
	}
}

// recorded returns what a migration with this story answers, as progressctl record writes
// it. Silent says when nothing answers; nil: never.
func recorded(t testing.TB, interval, length time.Duration, beats []beat, silent func(time.Duration) bool) *recording.Life {
	t.Helper()
	clock := play.NewClock(begins)
	fake := &mongosynctest.Server{Drill: drill.Drill{Plot: plot(beats), Start: begins, Length: length, Now: clock.Now}, ID: "orders"}
	u, err := url.Parse("http://mongosync.example.com:27182")
	if err != nil {
		t.Fatal(err)
	}
	secrets := progress.NewSecrets(nil, nil)
	source, err := mongosync.API().Open(progress.Target{Name: "orders", URL: u, Options: func(any) error { return nil }, Secrets: secrets})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "life.jsonl.zst")
	w, err := recording.Create(name, 1<<30, recording.Head{Begun: begins, Interval: recording.Duration(interval), Targets: []recording.Target{
		{Name: "orders", API: "mongosync", URL: u.String(), StallAfter: recording.Duration(15 * time.Minute)},
	}})
	if err != nil {
		t.Fatal(err)
	}
	r := &recording.Recorder{Target: "orders", Secrets: secrets, Now: clock.Now, Keep: func(r recording.Read) {
		if err := w.Write(r); err != nil {
			t.Error(err)
		}
	}}
	source = r.Source(source)
	serve := collectortest.Served(fake)
	for at := time.Duration(0); at <= length; at += interval {
		clock.Set(begins.Add(at))
		_, _ = secrets.Ask(context.Background(), source, func(req *http.Request) (progress.Response, error) {
			if silent != nil && silent(at) {
				return progress.Response{}, progress.Errorf(progress.Timeout, "no answer in time")
			}
			return serve(req)
		})
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	life, err := recording.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	return life
}
