package mongosync_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-kit/log"

	"progress_exporter/collector"
	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
	"progress_exporter/collector/collectortest/race"
	"progress_exporter/collector/mongosync"
	"progress_exporter/collector/mongosync/mongosynctest"
	"progress_exporter/collector/progress"
)

var listed = collectortest.Product{API: mongosync.API, Options: "{ports: '$PORT'}", Alone: true}

func copying() *mongosynctest.Server {
	return &mongosynctest.Server{Drill: drill.Drill{Scenario: drill.Happy, Start: time.Now().Add(-9 * time.Minute), Length: 10 * time.Minute}}
}

func TestGoldenOfPorts(t *testing.T) {
	collectortest.GoldenIn(t, listed, filepath.Join("testdata", "lists"))
}

func TestConformOfPorts(t *testing.T) { collectortest.Conform(t, listed, copying()) }

func TestHidesOfPorts(t *testing.T) {
	collectortest.Hides(t, func(string) (collectortest.Product, http.Handler) { return listed, copying() })
}

func TestBoundsOfPorts(t *testing.T) { collectortest.Bounds(t, listed, copying()) }

func FuzzPorts(f *testing.F) { collectortest.Fuzz(f, listed) }

// Two hundred processes that answer with texts of 1 MB each are all read, within the
// places that there are for large answers, and nothing of the texts stays.
func TestBoundsOfManyPorts(t *testing.T) {
	if race.Enabled {
		t.Skip("what is kept in memory is measured without the race detector, by make unit")
	}
	const processes, keptFor = 200, 64 << 10
	filler := strings.Repeat("text ", 1<<20/5)
	var large atomic.Bool
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before, after := `{"progress":{"state":"RUNNING","mongosyncID":"`+r.URL.Port(), `"},"success":true}`
		_, _ = io.WriteString(w, before)
		if large.Load() {
			_, _ = io.WriteString(w, filler)
		}
		_, _ = io.WriteString(w, after)
	}))
	t.Cleanup(proxy.Close)
	config := fmt.Sprintf("targets: [{name: orders, api: mongosync, url: 'http://mongosync.example', timeout: 2m, options: {ports: 27001-27200}, http_client_config: {proxy_url: '%s'}}]", proxy.URL)
	e := collectortest.Exporter(t, mongosync.API(), config, collector.Options{Concurrency: 4, Logger: log.NewNopLogger()})
	read := func() uint64 {
		jobs, err := e.Read(t.Context())
		if err != nil || len(jobs) != processes {
			t.Fatalf("%d jobs, want %d; %v", len(jobs), processes, err)
		}
		for _, j := range jobs {
			if j.Kind() != progress.Running.String() {
				t.Fatalf("%s is %s: %v", j.Title(), j.Kind(), j.Err)
			}
		}
		proxy.CloseClientConnections()
		return collectortest.Heap()
	}
	before := read()
	large.Store(true)
	if grown := int64(read()) - int64(before); grown >= processes*keptFor {
		t.Errorf("%d processes keep %d bytes, want less than %d", processes, grown, processes*keptFor)
	}
}
