package logpresso_test

import (
	"bytes"
	"errors"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"progress_exporter/collector/collectortest"
	"progress_exporter/collector/progress"
)

// fixture is a recorded answer: testdata/<name>/response.json and, unless it is
// 200, the HTTP status in the file status beside it.
func fixture(t testing.TB, name string) (status int, body string) {
	t.Helper()
	dir := filepath.Join("testdata", name)
	content, err := os.ReadFile(filepath.Join(dir, "response.json"))
	if err != nil {
		t.Fatal(err)
	}
	status = http.StatusOK
	if text, err := os.ReadFile(filepath.Join(dir, "status")); err == nil {
		if status, err = strconv.Atoi(string(bytes.TrimSpace(text))); err != nil {
			t.Fatal(err)
		}
	}
	return status, string(content)
}

func fixtures(t testing.TB) []string {
	t.Helper()
	entries, err := os.ReadDir("testdata")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() != "fuzz" && e.Name() != "lists" {
			names = append(names, e.Name())
		}
	}
	return names
}

var num = progress.Ptr[float64]

func cancelled(v float64) progress.Sample { return progress.Sample{Family: 0, Value: v} }

func status(word string, rest ...progress.Sample) []progress.Sample {
	for _, w := range []string{"standby", "in_progress", "completed", "error", "other"} {
		s := progress.Sample{Family: 1, Labels: []string{w}}
		if w == word {
			s.Value = 1
		}
		rest = append(rest, s)
	}
	return rest
}

const guid1, guid2, guid3 = "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a01", "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a02", "0d3a4f0e-6c2b-4a57-9a51-1f6f0f7c0a03"

func node(id, name, kind string, ratio float64, code string) progress.Node {
	return progress.Node{ID: id, Name: name, Type: kind, Ratio: num(ratio), ErrorCode: code}
}

// reports are the fixtures that are progress.
var reports = map[string]progress.Report{
	"manual_sample": {
		State: progress.Running, Word: "in_progress", Ratio: num(0.5), NodeCount: num(2), NodesCompleted: num(1),
		Nodes: []progress.Node{
			node("b2c3d4e5-f678-9012-bcde-f12345678901", "control-node-1", "control", 1, ""),
			node("c3d4e5f6-7890-1234-cdef-123456789012", "data-node-1", "data", 0.5, ""),
		},
		Samples: status("in_progress", cancelled(0)),
	},
	"running": {
		State: progress.Running, Word: "in_progress", Ratio: num(0.62), NodeCount: num(3), NodesCompleted: num(1),
		Nodes: []progress.Node{
			node(guid1, "ctl-a", "control", 1, ""), node(guid2, "dat-a", "data", 0.55, ""), node(guid3, "fwd-a", "forwarder", 0.31, ""),
		},
		Samples: status("in_progress", cancelled(0)),
	},
	"finished": {
		State: progress.Succeeded, Word: "completed", Ratio: num(1), NodeCount: num(2), NodesCompleted: num(2),
		Nodes:   []progress.Node{node(guid1, "ctl-a", "control", 1, ""), node(guid2, "dat-a", "data", 1, "")},
		Samples: status("completed", cancelled(0)),
	},
	"failed_node": {
		State: progress.Failed, Word: "error", Ratio: num(0.71), NodeCount: num(2), NodesCompleted: num(1), ErrorCode: "general-error",
		Nodes:   []progress.Node{node(guid1, "ctl-a", "control", 1, ""), node(guid2, "dat-a", "data", 0.42, "disk-space-error")},
		Samples: status("error", cancelled(0)),
	},
	"standby": {
		State: progress.Pending, Word: "standby", Ratio: num(0), NodeCount: num(2), NodesCompleted: num(0),
		Samples: status("standby", cancelled(0)),
	},
	"cancelled": {
		State: progress.Cancelled, Word: "is_cancelled", Ratio: num(0.3), NodeCount: num(2), NodesCompleted: num(0),
		Nodes:   []progress.Node{node(guid1, "ctl-a", "control", 0.6, ""), node(guid2, "dat-a", "data", 0, "")},
		Samples: status("in_progress", cancelled(1)),
	},
	"no_session":     {State: progress.None},
	"null_progress":  {State: progress.None},
	"empty_progress": {State: progress.Unknown},
	"unknown_status": {
		State: progress.Unknown, Word: "verifying", Ratio: num(0.6), NodeCount: num(2), NodesCompleted: num(1),
		Nodes:   []progress.Node{node(guid1, "ctl-a", "control", 1, ""), node(guid2, "dat-a", "data", 0.2, "")},
		Samples: status("other", cancelled(0)),
	},
	"missing_status": {
		State: progress.Unknown, Ratio: num(0.5), NodeCount: num(2), NodesCompleted: num(0),
		Samples: []progress.Sample{cancelled(0)},
	},
	"nulls": {
		State: progress.Running, Word: "in_progress",
		Nodes:   []progress.Node{{ID: guid1, Name: "ctl-a"}},
		Samples: status("in_progress"),
	},
	"duplicate_nodes": {
		State: progress.Running, Word: "in_progress", Ratio: num(0.5), NodeCount: num(3), NodesCompleted: num(0),
		Nodes: []progress.Node{
			node(guid2, "dat-a", "data", 0.4, ""), node(guid2, "dat-a", "data", 0.6, ""), node(guid3, "dat-a", "data", 0.5, ""),
		},
		Samples: status("in_progress", cancelled(0)),
	},
	"out_of_range": {
		State: progress.Running, Word: "in_progress", Ratio: num(2.5), NodeCount: num(2), NodesCompleted: num(-1),
		Nodes:   []progress.Node{node(guid1, "ctl-a", "control", -0.01, ""), node(guid2, "dat-a", "data", 1.01, "")},
		Samples: status("in_progress", cancelled(0)),
	},
	"empty_error_code": {
		State: progress.Running, Word: "in_progress", Ratio: num(0.5), NodeCount: num(1), NodesCompleted: num(0),
		Nodes:   []progress.Node{node(guid2, "dat-a", "data", 0.5, "")},
		Samples: status("in_progress", cancelled(0)),
	},
	"new_error_code": {
		State: progress.Failed, Word: "error", Ratio: num(0.5), NodeCount: num(1), NodesCompleted: num(0), ErrorCode: "license-error",
		Nodes:   []progress.Node{node(guid2, "dat-a", "data", 0.5, "license-error")},
		Samples: status("error", cancelled(0)),
	},
	"odd_fields": {
		State: progress.Running, Word: "in_progress", Ratio: num(0.62), NodeCount: num(3), ErrorCode: "500",
		Nodes: []progress.Node{{ID: guid1, Name: "ctl-a", Ratio: num(1)}},
		Unread: []progress.Unread{
			{Field: "install_progress.completed_node", Kind: progress.NumberField},
			{Field: "install_progress.node_progresses.node_type", Kind: progress.TextField},
			{Field: "install_progress.node_progresses.error_code", Kind: progress.TextField},
			{Field: "install_progress.node_progresses", Kind: progress.ObjectField},
		},
		Samples: status("in_progress", cancelled(0)),
	},
	"fractions": {
		State: progress.Running, Word: "in_progress", Ratio: num(0.5), NodeCount: num(2), NodesCompleted: num(1),
		Nodes:   []progress.Node{node(guid2, "dat-a", "data", 0.125, "")},
		Samples: status("in_progress"),
	},
}

func TestReports(t *testing.T) {
	for name, want := range reports {
		t.Run(name, func(t *testing.T) {
			got, err := open(t, target(t, "token: "+token)).Progress(t.Context(), collectortest.Answering(fixture(t, name)))
			if err != nil {
				t.Fatal(err)
			}
			want.Job = token
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("report (-want +got):\n%s", diff)
			}
		})
	}
}

// Every fixture is expected to be something.
func TestFixturesAreUsed(t *testing.T) {
	for _, name := range fixtures(t) {
		_, isReport := reports[name]
		_, isFailure := failures[name]
		if isReport == isFailure {
			t.Errorf("testdata/%s: is it a report (%t) or a failure (%t)?", name, isReport, isFailure)
		}
	}
}

func FuzzProgress(f *testing.F) {
	for _, name := range fixtures(f) {
		status, body := fixture(f, name)
		f.Add([]byte(body), status)
	}
	f.Add([]byte(`{"error_code":"`+token+`","error_msg":"11111111-1111-1111-1111-1111`+token+`-2222"}`), 500)
	f.Add([]byte(`{"install_progress":{"total_progress":-1e308,"node_progresses":[{"node_progress":1e308}]}}`), 200)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		r, err := open(t, target(t, "token: "+token)).Progress(t.Context(), collectortest.Answering(status, string(body)))
		if err != nil {
			var e *progress.Error
			if !errors.As(err, &e) || !slices.Contains(progress.Reasons(), e.Reason) || e.Reason == progress.Internal {
				t.Fatalf("error %v, want one with a reason that is not ours", err)
			}
			if strings.Contains(e.Error(), token) || strings.Contains(e.Code, token) {
				t.Fatalf("the error shows the token: %v", err)
			}
			return
		}
		if status < 200 || status > 299 {
			t.Fatalf("HTTP %d is a report: %+v", status, r)
		}
		if r.Job != token {
			t.Fatalf("job %q, want the token", r.Job)
		}
		numbers := []*float64{r.Ratio, r.NodeCount, r.NodesCompleted}
		for _, n := range r.Nodes {
			numbers = append(numbers, n.Ratio)
		}
		for _, n := range numbers {
			if n != nil && (math.IsNaN(*n) || math.IsInf(*n, 0)) {
				t.Fatalf("number %v, want it finite or absent", *n)
			}
		}
	})
}
