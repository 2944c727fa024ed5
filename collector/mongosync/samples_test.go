package mongosync

import (
	"errors"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/progress"
)

// base is an answer of 1.22 with every field that counts as work.
const base = `{"success":true,"progress":{"state":"RUNNING","canCommit":false,"info":"change event application",
"ceaStage":"collection copy drain","lag":{"overallLagSeconds":90},"lagTimeSeconds":90,"totalEventsApplied":100,
"collectionCopy":{"estimatedTotalBytes":1000,"estimatedCopiedBytes":900},"mongosyncID":null,"coordinatorID":null,
"source":{"pingLatencyMs":3},"estimatedSecondsToCEACatchup":60,"estimatedOplogTimeRemaining":"12 hours","warnings":["w"],
"indexBuilding":{"indexesBuilt":1,"totalIndexesToBuild":20,"collectionsFinished":2,"collectionsTotal":14},
"verification":{"source":{"phase":"initial hashing","lagTimeSeconds":4,"estimatedDocumentCount":500,"hashedDocumentCount":30,"totalCollectionCount":14,"scannedCollectionCount":5},
"destination":{"phase":"not started","hashedDocumentCount":0,"scannedCollectionCount":0}},
"atlasLiveMigrateMetrics":{"initialNumCollectionsTotal":7,"initialNumCollectionsCopied":6,"totalCRUDEventsApplied":"12,345","totalDDLEventsApplied":4}}}`

func TestWork(t *testing.T) {
	hash := func(body string) float64 {
		r, err := read(t, progress.Response{Status: http.StatusOK, Body: []byte(body)})
		if err != nil {
			t.Fatalf("Progress: %v", err)
		}
		return r.WorkHash()
	}
	was := hash(base)
	tests := []struct {
		old, new string
		moves    bool
	}{
		{`"info":"change event application"`, `"info":"waiting for commit to complete"`, true},
		{`"collection copy drain"`, `"steady state"`, true},
		{`"totalEventsApplied":100`, `"totalEventsApplied":101`, true},
		{`"estimatedCopiedBytes":900`, `"estimatedCopiedBytes":901`, true},
		{`"indexesBuilt":1`, `"indexesBuilt":2`, true},
		{`"collectionsFinished":2`, `"collectionsFinished":3`, true},
		{`"phase":"initial hashing"`, `"phase":"stream hashing"`, true},
		{`"hashedDocumentCount":30`, `"hashedDocumentCount":31`, true},
		{`"scannedCollectionCount":5`, `"scannedCollectionCount":6`, true},
		{`"phase":"not started"`, `"phase":"initial hashing"`, true},
		{`"hashedDocumentCount":0`, `"hashedDocumentCount":1`, true},
		{`"scannedCollectionCount":0`, `"scannedCollectionCount":1`, true},
		{`"initialNumCollectionsCopied":6`, `"initialNumCollectionsCopied":7`, true},
		{`"12,345"`, `"12,346"`, true},
		{`"totalDDLEventsApplied":4`, `"totalDDLEventsApplied":5`, true},

		{`"initialNumCollectionsTotal":7`, `"initialNumCollectionsTotal":8`, false},
		{`"canCommit":false`, `"canCommit":true`, false},
		{`"canCommit":false`, `"canCommit":false,"canWrite":false`, false},
		{`"overallLagSeconds":90`, `"overallLagSeconds":80`, false},
		{`"lagTimeSeconds":90`, `"lagTimeSeconds":80`, false},
		{`"estimatedTotalBytes":1000`, `"estimatedTotalBytes":2000`, false},
		{`"mongosyncID":null,"coordinatorID":null`, `"mongosyncID":"a","coordinatorID":"a"`, false},
		{`"pingLatencyMs":3`, `"pingLatencyMs":-1`, false},
		{`"estimatedSecondsToCEACatchup":60`, `"estimatedSecondsToCEACatchup":50`, false},
		{`"12 hours"`, `"11 hours"`, false},
		{`["w"]`, `["w","x"]`, false},
		{`"totalIndexesToBuild":20`, `"totalIndexesToBuild":21`, false},
		{`"collectionsTotal":14`, `"collectionsTotal":15`, false},
		{`"lagTimeSeconds":4`, `"lagTimeSeconds":5`, false},
		{`"estimatedDocumentCount":500`, `"estimatedDocumentCount":501`, false},
		{`"totalCollectionCount":14`, `"totalCollectionCount":15`, false},
	}
	for _, tt := range tests {
		if strings.Count(base, tt.old) != 1 {
			t.Fatalf("%s stands %d times in the answer, want once", tt.old, strings.Count(base, tt.old))
		}
		if moved := hash(strings.Replace(base, tt.old, tt.new, 1)) != was; moved != tt.moves {
			t.Errorf("%s -> %s: work moved %v, want %v", tt.old, tt.new, moved, tt.moves)
		}
	}
}

// TestClosedSets holds that a closed set is whole, exactly one of it is 1, and that
// every state a person can meet has a meaning.
func TestClosedSets(t *testing.T) {
	for i, word := range processStates {
		p := &syncInfo{State: word, Info: "phase", CEAStage: ceaStages[i%len(ceaStages)]}
		var at []string
		ones := 0
		for _, s := range samples(p) {
			if s.Family != famProcessState {
				continue
			}
			at = append(at, s.Labels[0])
			if s.Value == 1 {
				ones++
				if s.Labels[0] != word {
					t.Errorf("state %s is shown as %s", word, s.Labels[0])
				}
			}
		}
		if diff := cmp.Diff(processStates, at); diff != "" || ones != 1 {
			t.Errorf("%s: %d states are 1, want 1; states (-want +got):\n%s", word, ones, diff)
		}
		if known := stateOf(p) != progress.Unknown; known != (word != "other") {
			t.Errorf("state %s is mapped: %v", word, known)
		}
	}
	got := samples(&syncInfo{State: "RUNNING", Verification: &verification{Destination: &verifier{Phase: "stream hashing"}}})
	want := []progress.Sample{
		{Family: famVerificationPhase, Labels: []string{"destination", "not started"}, Value: 0},
		{Family: famVerificationPhase, Labels: []string{"destination", "initial hashing"}, Value: 0},
		{Family: famVerificationPhase, Labels: []string{"destination", "stream hashing"}, Value: 1},
		{Family: famVerificationPhase, Labels: []string{"destination", "other"}, Value: 0},
	}
	if diff := cmp.Diff(want, got[len(processStates):]); diff != "" {
		t.Errorf("verification phases (-want +got):\n%s", diff)
	}
}

func TestRatio(t *testing.T) {
	tests := []struct {
		name          string
		copied, total *float64
		want          *float64
	}{
		{name: "nothing said"},
		{name: "no total", copied: progress.Ptr(5.0)},
		{name: "nothing copied said", total: progress.Ptr(5.0)},
		{name: "placeholder", copied: progress.Ptr(0.0), total: progress.Ptr(1.0)},
		{name: "one byte", copied: progress.Ptr(1.0), total: progress.Ptr(1.0), want: progress.Ptr(1.0)},
		{name: "begun", copied: progress.Ptr(0.0), total: progress.Ptr(2.0), want: progress.Ptr(0.0)},
		{name: "total 0", copied: progress.Ptr(0.0), total: progress.Ptr(0.0)},
		{name: "total negative", copied: progress.Ptr(1.0), total: progress.Ptr(-1.0)},
		{name: "a third", copied: progress.Ptr(8e5), total: progress.Ptr(3e6), want: progress.Ptr(8e5 / 3e6)},
	}
	for _, tt := range tests {
		got := ratio(&collectionCopy{EstimatedCopiedBytes: tt.copied, EstimatedTotalBytes: tt.total})
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestFamilies holds that every family is used by some answer in testdata, with as
// many label values as it has labels.
func TestFamilies(t *testing.T) {
	all := families()
	seen := make([]bool, len(all))
	cases, err := filepath.Glob("testdata/*/response.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		name := filepath.Base(filepath.Dir(c))
		r, _ := read(t, fixture(t, name))
		for _, s := range r.Samples {
			seen[s.Family] = true
			if len(s.Labels) != len(all[s.Family].Labels) {
				t.Errorf("%s: %s has the label values %q for the labels %q", name, all[s.Family].Name, s.Labels, all[s.Family].Labels)
			}
		}
	}
	for i, family := range all {
		if !seen[i] {
			t.Errorf("no answer in testdata has %s", family.Name)
		}
		if family.Help == "" || !strings.HasSuffix(family.Help, ".") {
			t.Errorf("%s: help %q is not a sentence", family.Name, family.Help)
		}
	}
}

func FuzzProgress(f *testing.F) {
	f.Add([]byte(base), 200)
	f.Add([]byte(`{"success":false,"error":"E","errorDescription":"d"}`), 500)
	f.Add([]byte(`{"error":"d"}`), 200)
	f.Add([]byte(`{"progress":{"phase":"check"}}`), 200)
	f.Add([]byte(`{"progress":{"state":"IDLE","collectionCopy":null}}`), 200)
	all := API().Families
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		r, err := read(t, progress.Response{Status: status, Body: body})
		if err != nil {
			var e *progress.Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v is a %T", err, err)
			}
			if !slices.Contains(progress.Reasons(), e.Reason) || e.Message == "" {
				t.Errorf("error %#v", e)
			}
			return
		}
		if r.Word == "" {
			t.Error("a report without a state")
		}
		for _, s := range r.Samples {
			if s.Family < 0 || s.Family >= len(all) || len(s.Labels) != len(all[s.Family].Labels) {
				t.Fatalf("sample %+v fits no family", s)
			}
			if math.IsNaN(s.Value) || math.IsInf(s.Value, 0) {
				t.Errorf("sample %+v is no number", s)
			}
		}
	})
}

// Only a negative latency is a failed ping.
func TestPing(t *testing.T) {
	for ms, want := range map[float64][]string{
		-1:  {"ping_failed{source} 1"},
		0:   {"ping_latency_seconds{source} 0", "ping_failed{source} 0"},
		250: {"ping_latency_seconds{source} 0.25", "ping_failed{source} 0"},
	} {
		got := render(samples(&syncInfo{Source: &ping{PingLatencyMs: &ms}}))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v ms (-want +got):\n%s", ms, diff)
		}
	}
}
