package mongosynctest

import (
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/collectortest/drill"
)

var start = time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)

// at is a drill of 100 minutes that stands still when fraction of its work is done.
func at(scenario drill.Scenario, fraction float64) drill.Drill {
	return drill.Drill{
		Scenario: scenario, Start: start, Length: 100 * time.Minute,
		Now: func() time.Time { return start.Add(time.Duration((0.05 + 0.95*fraction) * float64(100*time.Minute))) },
	}
}

func ask(t *testing.T, s *Server) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/api/v1/progress", nil))
	if got := w.Header().Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	return w.Code, w.Body.String()
}

func TestAnswers(t *testing.T) {
	const mapping = `"directionMapping":{"Source":"cluster0: src.example.com:27017","Destination":"cluster1: dst.example.com:27017"}`
	const idle = `{"progress":{"state":"IDLE","canCommit":false,"canWrite":null,"info":null,"lag":null,"lagTimeSeconds":null,"totalEventsApplied":null,"collectionCopy":null,"directionMapping":null,"mongosyncID":null,"coordinatorID":null},"success":true}`
	const pings = `"source":{"pingLatencyMs":3},"destination":{"pingLatencyMs":12}`
	const unread = `{"phase":"not started","lagTimeSeconds":null,"estimatedDocumentCount":1200000,"hashedDocumentCount":0,"totalCollectionCount":14,"scannedCollectionCount":0}`
	const read = `{"phase":"stream hashing","lagTimeSeconds":1,"estimatedDocumentCount":1200000,"hashedDocumentCount":1200000,"totalCollectionCount":14,"scannedCollectionCount":14}`
	tests := []struct {
		name   string
		drill  drill.Drill
		status int
		want   string
	}{
		{"zero value", drill.Drill{}, 200, idle},
		{"waiting", at(drill.Happy, -0.01), 200, `{"progress":{"state":"INITIALIZING","canCommit":false,"canWrite":null,"info":null,"lag":null,"lagTimeSeconds":null,"totalEventsApplied":null,"collectionCopy":null,"directionMapping":null,"mongosyncID":"p1","coordinatorID":null},"success":true}`},
		{"placeholder", at(drill.Happy, 0.01), 200, `{"progress":{"state":"RUNNING","canCommit":false,"canWrite":false,"info":"initializing collections and indexes","lag":null,"lagTimeSeconds":null,"totalEventsApplied":0,"collectionCopy":{"estimatedTotalBytes":1,"estimatedCopiedBytes":0},` + mapping + `,"mongosyncID":"p1","coordinatorID":null,` + pings + `,"estimatedOplogTimeRemaining":"not checked yet"},"success":true}`},
		{"partitions", at(drill.Happy, 0.0175), 200, `{"progress":{"state":"RUNNING","canCommit":false,"canWrite":false,"info":"initializing partitions","lag":null,"lagTimeSeconds":null,"totalEventsApplied":0,"collectionCopy":{"estimatedTotalBytes":1,"estimatedCopiedBytes":0},` + mapping + `,"mongosyncID":"p1","coordinatorID":null,` + pings + `,"estimatedOplogTimeRemaining":"not checked yet"},"success":true}`},
		{"copying", at(drill.Happy, 0.3), 200, `{"progress":{"state":"RUNNING","canCommit":false,"canWrite":false,"info":"collection copy","lag":{"overallLagSeconds":247,"crudLagSeconds":247,"ddlLagSeconds":null},"lagTimeSeconds":247,"totalEventsApplied":0,"collectionCopy":{"estimatedTotalBytes":4000,"estimatedCopiedBytes":411},` + mapping + `,"mongosyncID":"p1","coordinatorID":"p0",` + pings + `,"estimatedOplogTimeRemaining":"more than 72 hours","verification":{"source":` + unread + `,"destination":` + unread + `}},"success":true}`},
		{"ready", at(drill.Happy, 0.95), 200, `{"progress":{"state":"RUNNING","canCommit":true,"canWrite":false,"info":"change event application","ceaStage":"steady state","lag":{"overallLagSeconds":2,"crudLagSeconds":2,"ddlLagSeconds":null},"lagTimeSeconds":2,"totalEventsApplied":400000,"collectionCopy":{"estimatedTotalBytes":4000,"estimatedCopiedBytes":1000},` + mapping + `,"mongosyncID":"p1","coordinatorID":"p0",` + pings + `,"estimatedOplogTimeRemaining":"12 hours","indexBuilding":{"indexesBuilt":20,"totalIndexesToBuild":20,"collectionsFinished":14,"collectionsTotal":14},"verification":{"source":` + read + `,"destination":` + read + `}},"success":true}`},
		{"done", at(drill.Happy, 1), 200, `{"progress":{"state":"COMMITTED","canCommit":true,"canWrite":true,"info":"commit completed","ceaStage":"steady state","lag":{"overallLagSeconds":0,"crudLagSeconds":0,"ddlLagSeconds":null},"lagTimeSeconds":0,"totalEventsApplied":480000,"collectionCopy":{"estimatedTotalBytes":4000,"estimatedCopiedBytes":1000},` + mapping + `,"mongosyncID":"p1","coordinatorID":"p0",` + pings + `,"verification":{"source":` + read + `,"destination":` + read + `}},"success":true}`},
		{"failed", at(drill.Fail, 0.7), 500, `{"success":false,"error":"ExampleError","errorDescription":"an example: the migration has failed"}`},
		{"cancelled is paused", at(drill.Cancel, 0.5), 200, `{"progress":{"state":"PAUSED","canCommit":false,"canWrite":false,"info":"collection copy","lag":null,"lagTimeSeconds":null,"totalEventsApplied":0,"collectionCopy":{"estimatedTotalBytes":4000,"estimatedCopiedBytes":411},` + mapping + `,"mongosyncID":"p1","coordinatorID":"p0",` + pings + `,"verification":{"source":` + unread + `,"destination":` + unread + `}},"success":true}`},
		{"paused", plotted(drill.Moment{Phase: drill.Paused, Fraction: 0.5}), 200, `{"progress":{"state":"PAUSED","canCommit":false,"canWrite":false,"info":"collection copy","lag":null,"lagTimeSeconds":null,"totalEventsApplied":0,"collectionCopy":{"estimatedTotalBytes":4000,"estimatedCopiedBytes":705},` + mapping + `,"mongosyncID":"p1","coordinatorID":"p0",` + pings + `,"verification":{"source":` + unread + `,"destination":` + unread + `}},"success":true}`},
		{"committing", plotted(drill.Moment{Phase: drill.Finishing, Fraction: 0.95}), 200, `{"progress":{"state":"COMMITTING","canCommit":true,"canWrite":false,"info":"waiting for commit to complete","lag":{"overallLagSeconds":1,"crudLagSeconds":1,"ddlLagSeconds":null},"lagTimeSeconds":1,"totalEventsApplied":480000,"collectionCopy":{"estimatedTotalBytes":4000,"estimatedCopiedBytes":1000},` + mapping + `,"mongosyncID":"p1","coordinatorID":"p0",` + pings + `,"warnings":["an example: user writes on the source cluster are blocked"]},"success":true}`},
		{"reversing", plotted(drill.Moment{Phase: drill.Reversing}), 200, `{"progress":{"state":"REVERSING","canCommit":false,"canWrite":false,"info":"change event application","lag":{"overallLagSeconds":1,"crudLagSeconds":1,"ddlLagSeconds":null},"lagTimeSeconds":1,"totalEventsApplied":480000,"collectionCopy":{"estimatedTotalBytes":4000,"estimatedCopiedBytes":1000},"directionMapping":{"Source":"cluster1: dst.example.com:27017","Destination":"cluster0: src.example.com:27017"},"mongosyncID":"p1","coordinatorID":"p0",` + pings + `},"success":true}`},
		{"gone is idle", at(drill.Vanish, 0.6), 200, idle},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &Server{Drill: tt.drill, TotalBytes: 4000, CopiedShare: 0.25, ID: "p1", Coordinator: "p0"}
			status, body := ask(t, s)
			if status != tt.status {
				t.Errorf("HTTP %d, want %d", status, tt.status)
			}
			if diff := cmp.Diff(collectortest.JSON[map[string]any](t, tt.want), collectortest.JSON[map[string]any](t, body)); diff != "" {
				t.Errorf("answer (-want +got):\n%s", diff)
			}
		})
	}
}

// plotted is a plot of one moment.
func plotted(m drill.Moment) drill.Drill {
	return drill.Drill{Plot: func(time.Duration) drill.Moment { return m }, Length: time.Hour}
}

// TestStory holds what must be true from one moment of the drill to the next.
func TestStory(t *testing.T) {
	s := new(Server)
	var copied, events, indexes, hashedDocs float64
	lag := float64(longestLag)
	sawReady, stages := false, map[string]bool{}
	for percent := 2; percent < 100; percent++ {
		s.Play(at(drill.Happy, float64(percent)/100+0.001))
		_, body := ask(t, s)
		p := collectortest.JSON[map[string]any](t, body)["progress"].(map[string]any)
		if p["state"] != "RUNNING" {
			t.Fatalf("%d%%: state %v", percent, p["state"])
		}
		copied = rises(t, percent, "copied", copied, p["collectionCopy"].(map[string]any)["estimatedCopiedBytes"])
		events = rises(t, percent, "events", events, p["totalEventsApplied"])
		source := p["verification"].(map[string]any)["source"].(map[string]any)
		hashedDocs = rises(t, percent, "hashed", hashedDocs, source["hashedDocumentCount"])
		now := p["lagTimeSeconds"].(float64)
		if p["info"] == "change event application" {
			building := p["indexBuilding"].(map[string]any)
			indexes = rises(t, percent, "indexes", indexes, building["indexesBuilt"])
			stages[p["ceaStage"].(string)] = true
			if now > lag {
				t.Errorf("%d%%: the lag grows from %v to %v", percent, lag, now)
			}
			lag = now
		}
		if p["canCommit"] == true {
			sawReady = true
			if now > 30 || indexes != 20 || source["phase"] != "stream hashing" {
				t.Errorf("%d%%: canCommit with lag %v, %v indexes, verifier %v", percent, now, indexes, source["phase"])
			}
		} else if sawReady {
			t.Errorf("%d%%: canCommit was true and is false", percent)
		}
	}
	if !sawReady || copied != 50<<30 || len(stages) != 2 {
		t.Errorf("at the end: canCommit seen %v, %v bytes, stages %v", sawReady, copied, slices.Sorted(maps.Keys(stages)))
	}
	if s.Requests() != 98 {
		t.Errorf("%d requests, want 98", s.Requests())
	}
}

func rises(t *testing.T, percent int, what string, was float64, now any) float64 {
	t.Helper()
	if now.(float64) < was {
		t.Errorf("%d%%: %s falls from %v to %v", percent, what, was, now)
	}
	return now.(float64)
}

func TestStallStandsStill(t *testing.T) {
	_, before := ask(t, &Server{Drill: at(drill.Stall, 0.5)})
	_, after := ask(t, &Server{Drill: at(drill.Stall, 3)})
	if diff := cmp.Diff(collectortest.JSON[map[string]any](t, before), collectortest.JSON[map[string]any](t, after)); diff != "" {
		t.Errorf("a stalled migration moves:\n%s", diff)
	}
}

func TestAnswerReplaces(t *testing.T) {
	s := new(Server)
	s.Answer(func() (int, string) { return 418, `{"a":1}` })
	if status, body := ask(t, s); status != 418 || body != `{"a":1}` {
		t.Errorf("HTTP %d %s", status, body)
	}
	s.Answer(nil)
	if status, _ := ask(t, s); status != 200 || s.Requests() != 2 {
		t.Errorf("HTTP %d after %d requests", status, s.Requests())
	}
}

func TestOutageClosesTheConnection(t *testing.T) {
	defer goleak.VerifyNone(t)
	srv := httptest.NewServer(&Server{Drill: at(drill.Flap, 0.5)})
	defer srv.Close()
	for i := range 8 {
		resp, err := srv.Client().Get(srv.URL + "/api/v1/progress")
		if outage := i%4 == 3; outage != errors.Is(err, io.EOF) {
			t.Errorf("request %d: error %v, outage %v", i, err, outage)
		}
		if err != nil {
			continue
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil { // read whole, so that the connection could be kept
			t.Errorf("request %d: %v", i, err)
		}
		resp.Body.Close()
	}
}

func TestOtherRequests(t *testing.T) {
	s := new(Server)
	for _, tt := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, "/", 404},
		{http.MethodGet, "/api/v1/progress/", 404},
		{http.MethodPost, "/api/v1/commit", 404},
		{http.MethodPost, "/api/v1/progress", 405},
	} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest(tt.method, tt.path, nil))
		if w.Code != tt.want {
			t.Errorf("%s %s: HTTP %d, want %d", tt.method, tt.path, w.Code, tt.want)
		}
	}
	if s.Requests() != 0 {
		t.Errorf("%d requests for the progress, want 0", s.Requests())
	}
}
