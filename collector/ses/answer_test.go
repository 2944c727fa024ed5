package ses_test

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

// fixture is an answer: testdata/<name>/response.json and, unless it is 200, the
// HTTP status in the file status beside it. What becomes of the whole of it is in
// metrics.txt; the tests here are for what is not visible there.
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

// states is what every fixture says about the job, read without a states: of the
// target: its state, the word that made it, and how many nodes are done.
var states = map[string]string{
	"vendor_sample":           `running "Upgrade_OpenSearch" 1 of 5, ratio 0.2`,
	"running":                 `running "Upgrade_OpenSearch" 1 of 4, ratio 0.25`,
	"singapore":               `running "Upgrade_OpenSearch" 1 of 2, ratio 0.5`,
	"finished":                `succeeded "" 2 of 2, ratio 1`,
	"waiting":                 `pending "" 0 of 2, ratio 0`,
	"back_to_running":         `succeeded "" 3 of 3, ratio 1`,
	"earlier_upgrade":         `pending "" 0 of 2, ratio 0`,
	"mapped_failure":          `running "Upgrade_Failed" 1 of 3, ratio 0.3333333333333333`,
	"unknown_word":            `running "Odd_Word" 1 of 2, ratio 0.5`,
	"nulls":                   `unknown "" 1 of 2, ratio 0.5`,
	"short_list":              `running "" 2 of 4, ratio 0.5`,
	"long_list":               `running "" 1 of 2, ratio 0.5`,
	"odd_fields":              `running "" 1 of 4, ratio 0.25`,
	"odd_dates":               `running "" 1 of 3, ratio 0.3333333333333333`,
	"duplicate_nodes":         `running "" 1 of 2, ratio 0.5`,
	"no_upgrade_null_result":  `none ""`,
	"no_upgrade_null_version": `none ""`,
	"no_upgrade_empty_list":   `none ""`,
}

func TestStates(t *testing.T) {
	for name, want := range states {
		t.Run(name, func(t *testing.T) {
			r, err := open(t, target(t, options)).Progress(t.Context(), recorded(t, name))
			if err != nil {
				t.Fatal(err)
			}
			got := r.State.String() + " " + strconv.Quote(r.Word)
			if r.Ratio != nil {
				got += " " + number64(r.NodesCompleted) + " of " + number64(r.NodeCount) + ", ratio " + number64(r.Ratio)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("state (-want +got):\n%s", diff)
			}
		})
	}
}

// The identity of an upgrade is the cluster and the date of the request. Without an
// upgrade there is none, so that one that is forgotten is not mistaken for a new one.
func TestJob(t *testing.T) {
	for name, want := range map[string]string{
		"running":                 "3427188 2026-05-12 10:00:05",
		"odd_dates":               "3427188 2026-05-12T10:00:05Z",
		"nulls":                   "3427188 ",
		"no_upgrade_null_result":  "",
		"no_upgrade_null_version": "",
		"no_upgrade_empty_list":   "",
	} {
		r, err := open(t, target(t, options)).Progress(t.Context(), recorded(t, name))
		if err != nil || r.Job != want {
			t.Errorf("%s: job %q, error %v; want %q", name, r.Job, err, want)
		}
	}
}

// A node moves when its date does, even if its word stays.
func TestNodeDateIsWork(t *testing.T) {
	_, body := fixture(t, "running")
	hash := func(body string) float64 {
		r, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(200, body))
		if err != nil {
			t.Fatal(err)
		}
		return r.WorkHash()
	}
	moved := strings.Replace(body, "2026-05-12 10:08:02", "2026-05-12 10:08:03", 1)
	other := strings.Replace(body, "5f0c1f6e", "6f0c1f6e", 1)
	if moved == body || other == body {
		t.Fatal("the fixture has another date or request id")
	}
	if hash(moved) == hash(body) {
		t.Error("a node's new date does not count as work")
	}
	if hash(other) != hash(body) {
		t.Error("the request id counts as work")
	}
}

// Every fixture is expected to be something.
func TestFixturesAreUsed(t *testing.T) {
	for _, name := range fixtures(t) {
		_, isReport := states[name]
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
	f.Add([]byte(`{"error":{"errorCode":"`+accessKey+`","message":"`+secretKey+`"}}`), 401)
	f.Add([]byte(`{"code":"`+secretKey+`","message":"`+strings.Repeat("x", 190)+accessKey+`"}`), 200)
	f.Add([]byte(`{"result":{"nodeCount":1e308,"nodeStatusVoList":[{"status":"complete"}],"versionVo":{"targetVersionCode":"x"}}}`), 200)
	f.Fuzz(func(t *testing.T, body []byte, status int) {
		r, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(status, string(body)))
		if err != nil {
			var e *progress.Error
			if !errors.As(err, &e) || !slices.Contains(progress.Reasons(), e.Reason) || e.Reason == progress.Internal {
				t.Fatalf("error %v, want one with a reason that is not ours", err)
			}
			e = progress.NewSecrets([]string{accessKey, secretKey}, nil).Error(e) // as the engine does
			for _, s := range []string{accessKey, secretKey} {
				if strings.Contains(e.Error(), s) || strings.Contains(e.Code, s) {
					t.Fatalf("the error shows a key: %v", e)
				}
			}
			return
		}
		if status < 200 || status > 299 {
			t.Fatalf("HTTP %d is a report: %+v", status, r)
		}
		if r.State == progress.None && (r.Job != "" || r.Ratio != nil || r.NodesCompleted != nil) {
			t.Fatalf("progress without an upgrade: %+v", r)
		}
		if r.Ratio != nil && !(*r.Ratio >= 0 && *r.Ratio <= 1) {
			t.Fatalf("ratio %v, want 0 to 1", *r.Ratio)
		}
		if r.NodeCount != nil && math.IsInf(*r.NodeCount, 0) {
			t.Fatalf("%v nodes", *r.NodeCount)
		}
		if r.State == progress.Succeeded && *r.Ratio != 1 {
			t.Fatalf("succeeded at %v", *r.Ratio)
		}
	})
}

// recorded is a product that always gives the answer of a fixture.
func recorded(t testing.TB, name string) progress.Fetch {
	t.Helper()
	status, body := fixture(t, name)
	return collectortest.Answering(status, body)
}

func number64(v *float64) string { return strconv.FormatFloat(*v, 'g', -1, 64) }

// The word of a job is that of the first node that makes its state what it is.
func TestWordOfSeveralNodes(t *testing.T) {
	const body = `{"code":0,"result":{"name":"y","versionVo":{"targetVersionCode":"x"},"nodeStatusVoList":[
{"hostname":"a","status":"running"},{"hostname":"b","status":"Stop_Node"},{"hostname":"c","status":"Upgrade_Node"}]}}`
	r, err := open(t, target(t, options)).Progress(t.Context(), collectortest.Answering(200, body))
	if err != nil || r.State != progress.Running || r.Word != "Stop_Node" {
		t.Errorf("%v, word %q, %v; want running, Stop_Node", r.State, r.Word, err)
	}
}

// A field that no state and no ratio needs costs nothing but itself, whatever it is.
func TestUnread(t *testing.T) {
	r, err := open(t, target(t, options)).Progress(t.Context(), recorded(t, "odd_fields"))
	if err != nil {
		t.Fatal(err)
	}
	want := []progress.Unread{
		{Field: "message", Kind: progress.TextField},
		{Field: "result.versionVo.targetVersionCode", Kind: progress.TextField},
		{Field: "result.nodeStatusVoList.nodeRoleCode", Kind: progress.TextField},
		{Field: "result.versionVo.actionDate", Kind: progress.DateField},
		{Field: "result.nodeStatusVoList.updatedDate", Kind: progress.DateField},
	}
	if diff := cmp.Diff(want, r.Unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
}
