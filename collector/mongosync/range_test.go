package mongosync

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// A number below 0 is absent wherever it would be: as a series, as the lag, and in what is
// made of it. It is named once.
func TestNumbersBelow0(t *testing.T) {
	r, err := read(t, fixture(t, "lag_below_0"))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"process_state{RUNNING} 1", "phase{change event application} 1", "can_commit 0", "can_write 0", "lag_seconds{ddl} 0",
		"indexes_to_build 20", "index_collections_finished 2", "index_collections 14",
		"verification_phase{source,stream hashing} 1", "verification_hashed_documents{source} 30", "ping_failed{destination} 1",
	}
	if diff := cmp.Diff(want, render(r.Samples)); diff != "" || r.Lag != nil || !r.Quiet {
		t.Errorf("lag %v, quiet %v, as if it was not said; samples (-want +got):\n%s", r.Lag, r.Quiet, diff)
	}
	var fields []string
	for _, u := range r.Unread {
		fields = append(fields, strings.TrimPrefix(u.Field, "progress.")+" "+string(u.Kind))
	}
	if diff := cmp.Diff([]string{
		"lagTimeSeconds number", "totalEventsApplied number", "estimatedSecondsToCEACatchup number", "lag.overallLagSeconds number",
		"lag.crudLagSeconds number", "indexBuilding.indexesBuilt number", "source.pingLatencyMs number", "verification.source.lagTimeSeconds number",
	}, fields); diff != "" {
		t.Errorf("fields (-want +got):\n%s", diff)
	}
}

// Each field that has a number is looked at, in whichever object it is.
func TestEveryNumberBelow0(t *testing.T) {
	const every = `{"success":true,"progress":{"state":"RUNNING","canCommit":false,"info":"change event application",
"lag":{"overallLagSeconds":-3,"crudLagSeconds":-3,"ddlLagSeconds":-3},"lagTimeSeconds":-3,"totalEventsApplied":-3,
"estimatedSecondsToCEACatchup":-3,"source":{"pingLatencyMs":-3},"destination":{"pingLatencyMs":-3},
"indexBuilding":{"indexesBuilt":-3,"totalIndexesToBuild":-3,"collectionsFinished":-3,"collectionsTotal":-3},
"verification":{"source":{"lagTimeSeconds":-3,"estimatedDocumentCount":-3,"hashedDocumentCount":-3,"totalCollectionCount":-3,"scannedCollectionCount":-3},
"destination":{"lagTimeSeconds":-3,"estimatedDocumentCount":-3,"hashedDocumentCount":-3,"totalCollectionCount":-3,"scannedCollectionCount":-3}}}}`
	r, err := read(t, progress.Response{Status: http.StatusOK, Body: []byte(every)})
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Count(every, "-3"); len(r.Unread) != want {
		t.Errorf("%d fields are left out, want %d: %v", len(r.Unread), want, r.Unread)
	}
	for _, s := range r.Samples {
		if s.Value < 0 {
			t.Errorf("%s has the value %v", families()[s.Family].Name, s.Value)
		}
	}
}
