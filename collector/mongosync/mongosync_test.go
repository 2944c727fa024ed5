package mongosync

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"progress_exporter/collector/progress"
)

func target(rawURL string) progress.Target {
	u, err := url.Parse(rawURL)
	if err != nil {
		panic(err)
	}
	return progress.Target{Name: "shard0", URL: u, Options: func(any) error { return nil }}
}

// fixture returns the answer in testdata/<name>.
func fixture(t *testing.T, name string) progress.Response {
	t.Helper()
	dir := filepath.Join("testdata", name)
	body, err := os.ReadFile(filepath.Join(dir, "response.json"))
	if err != nil {
		t.Fatal(err)
	}
	resp := progress.Response{Status: http.StatusOK, Body: body}
	if text, err := os.ReadFile(filepath.Join(dir, "status")); err == nil {
		if resp.Status, err = strconv.Atoi(strings.TrimSpace(string(text))); err != nil {
			t.Fatal(err)
		}
	}
	return resp
}

// read asks a source that gets resp for an answer.
func read(t *testing.T, resp progress.Response) (progress.Report, error) {
	t.Helper()
	src, err := API().Open(target("http://localhost:27182"))
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	return src.Progress(t.Context(), func(*http.Request) (progress.Response, error) { return resp, nil })
}

func TestOpen(t *testing.T) {
	strict := errors.New(`line 7: field port not found`)
	tests := []struct {
		name    string
		job     string
		options error
		want    string
	}{
		{name: "nothing to set"},
		{name: "a job", job: "7", want: "mongosync has no job key, the url is the job: leave the job out"},
		{name: "an option", options: strict, want: "line 7: field port not found; the one option of mongosync is ports"},
		{name: "both", job: "7", options: strict, want: "mongosync has no job key, the url is the job: leave the job out\nline 7: field port not found; the one option of mongosync is ports"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tgt := target("http://localhost:27182")
			tgt.Job = tt.job
			tgt.Options = func(any) error {
				return tt.options
			}
			src, err := API().Open(tgt)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tt.want {
				t.Errorf("error %q, want %q", got, tt.want)
			}
			if (src == nil) != (tt.want != "") {
				t.Errorf("source %v beside error %q", src, got)
			}
		})
	}
}

func TestRequest(t *testing.T) {
	for base, want := range map[string]string{
		"http://localhost:27182":            "http://localhost:27182/api/v1/progress",
		"http://localhost:27182/":           "http://localhost:27182/api/v1/progress",
		"https://proxy.example.com/shard0/": "https://proxy.example.com/shard0/api/v1/progress",
	} {
		src, err := API().Open(target(base))
		if err != nil {
			t.Fatalf("Open: %v", err)
		}
		type key struct{}
		ctx := context.WithValue(t.Context(), key{}, "asker")
		broken := progress.Errorf(progress.Connect, "connection refused")
		_, err = src.Progress(ctx, func(req *http.Request) (progress.Response, error) {
			if req.Method != http.MethodGet || req.URL.String() != want {
				t.Errorf("asked %s %s, want GET %s", req.Method, req.URL, want)
			}
			if req.Context().Value(key{}) != "asker" {
				t.Error("the request has lost its context")
			}
			return progress.Response{}, broken
		})
		if err != error(broken) {
			t.Errorf("error %v, want the fetch's own", err)
		}
	}
}

func TestErrors(t *testing.T) {
	answer := func(status int, body string) progress.Response {
		return progress.Response{Status: status, Body: []byte(body)}
	}
	const lookalike = "the answer has no progress.state; " +
		"does another tool answer here? migration-verifier has the same path: check the host and the port of the url"
	own := func(status, text string) string {
		if text != "" {
			text = "; the product says " + text
		}
		return "mongosync answers HTTP " + status + " with an error of its own; see the log of that mongosync" + text
	}
	const badGateway = "HTTP 502 Bad Gateway; the product or a proxy before it is in trouble"
	tests := []struct {
		name string
		resp progress.Response
		want progress.Error
	}{
		{"error", fixture(t, "error"), progress.Error{Reason: progress.APIError, Code: "ExampleError", Message: own("200", `"something could not be read"`)}},
		{"error with HTTP 500", fixture(t, "error_http_500"), progress.Error{Reason: progress.APIError, Code: "ExampleError", Message: own("500", `"something could not be read"`)}},
		{"error with HTTP 404", answer(404, `{"success":false,"error":"E","errorDescription":"d"}`), progress.Error{Reason: progress.APIError, Code: "E", Message: own("404", `"d"`)}},
		{"error before 1.8", fixture(t, "error_before_1_8"), progress.Error{Reason: progress.APIError, Message: own("200", `"something could not be read"`)}},
		{"error without words", answer(200, `{"success":false}`), progress.Error{Reason: progress.APIError, Message: own("200", "")}},
		{"error beside progress", answer(200, `{"success":false,"error":"E","progress":{"state":"RUNNING"}}`), progress.Error{Reason: progress.APIError, Code: "E", Message: own("200", "")}},
		{"long and unprintable", answer(200, `{"success":false,"errorDescription":"a\n`+strings.Repeat("é", 200)+`"}`), progress.Error{Reason: progress.APIError, Message: own("200", `"a\n`+strings.Repeat("é", 97)+`…"`)}},
		{"an error with an odd field", answer(502, `{"success":false,"error":"E","errorDescription":{}}`), progress.Error{Reason: progress.APIError, Code: "E", Message: "mongosync answers HTTP 502 with an error of its own; see the log of that mongosync"}},
		{"half of an error", answer(502, `{"success":false,"error":"E","progress":[]}`), progress.Error{Reason: progress.HTTP5xx, Message: badGateway}},
		{"success with an error", answer(200, `{"success":true,"error":"E"}`), progress.Error{Reason: progress.Contract, Message: lookalike}},
		{"look-alike", fixture(t, "lookalike"), progress.Error{Reason: progress.Contract, Message: lookalike}},
		{"no progress", answer(200, `{"success":true}`), progress.Error{Reason: progress.Contract, Message: lookalike}},
		{"state null", answer(200, `{"success":true,"progress":{"state":null}}`), progress.Error{Reason: progress.Contract, Message: lookalike}},
		{"number for the state", answer(200, `{"progress":{"state":2}}`), progress.Error{Reason: progress.Contract, Message: "field progress.state is a JSON number, which the product does not document"}},
		{"text for a flag of the state", answer(200, `{"progress":{"state":"RUNNING","canCommit":"true"}}`), progress.Error{Reason: progress.Contract, Message: "field progress.canCommit is a JSON string, which the product does not document"}},
		{"text for the copied bytes", answer(200, `{"progress":{"state":"RUNNING","collectionCopy":{"estimatedCopiedBytes":"2"}}}`), progress.Error{Reason: progress.Contract, Message: "field progress.collectionCopy.estimatedCopiedBytes is a JSON string, which the product does not document"}},
		{"number too large", answer(200, `{"progress":{"state":"RUNNING","collectionCopy":{"estimatedTotalBytes":1e999}}}`), progress.Error{Reason: progress.Contract, Message: "field progress.collectionCopy.estimatedTotalBytes is a JSON number 1e999, which the product does not document"}},
		{"not JSON", answer(200, `mongosync`), progress.Error{Reason: progress.Decode, Message: "not JSON: invalid character 'm' looking for beginning of value at byte 1"}},
		{"empty", answer(200, ``), progress.Error{Reason: progress.Decode, Message: "HTTP 200 with an empty body, want a JSON object"}},
		{"an array", answer(200, `[]`), progress.Error{Reason: progress.Contract, Message: "the answer is a JSON array, which the product does not document"}},
		{"a proxy's JSON", fixture(t, "proxy_http_502"), progress.Error{Reason: progress.HTTP5xx, Message: badGateway}},
		{"a proxy's page", answer(502, `<html>`), progress.Error{Reason: progress.HTTP5xx, Message: badGateway}},
		{"no API here", answer(404, `404 page not found`), progress.Error{Reason: progress.HTTP4xx, Message: "HTTP 404 Not Found; check the target's url and options"}},
		{"good body, bad status", answer(502, `{"success":true,"progress":{"state":"RUNNING"}}`), progress.Error{Reason: progress.HTTP5xx, Message: badGateway}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := read(t, tt.resp)
			var e *progress.Error
			if !errors.As(err, &e) {
				t.Fatalf("error %v (%T), want a *progress.Error", err, err)
			}
			e = new(progress.Secrets).Error(e) // as the engine does
			if diff := cmp.Diff(tt.want, *e, cmpopts.IgnoreUnexported(progress.Error{})); diff != "" {
				t.Errorf("error (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(progress.Report{}, got); diff != "" {
				t.Errorf("report beside the error (-want +got):\n%s", diff)
			}
		})
	}
}

// What stands beside progress is no error unless mongosync says so.
func TestTextBesideProgress(t *testing.T) {
	r, err := read(t, progress.Response{Status: http.StatusOK, Body: []byte(`{"error":"E","progress":{"state":"PAUSED"}}`)})
	if err != nil || r.State != progress.Paused {
		t.Errorf("%v, %v; want paused", r.State, err)
	}
}

// A field that no state and no ratio needs costs nothing but itself, whatever it is.
func TestUnread(t *testing.T) {
	r, err := read(t, fixture(t, "odd_fields"))
	if err != nil || r.State != progress.Running || *r.Ratio != 0.4 || *r.Lag != 12 {
		t.Errorf("%v, %v; want a job that is read", r, err)
	}
	want := []progress.Unread{
		{Field: "progress.lag", Kind: progress.ObjectField},
		{Field: "progress.totalEventsApplied", Kind: progress.NumberField},
		{Field: "progress.directionMapping.Source", Kind: progress.TextField},
		{Field: "progress.source.pingLatencyMs", Kind: progress.NumberField},
		{Field: "progress.verification", Kind: progress.ObjectField},
		{Field: "progress.estimatedSecondsToCEACatchup", Kind: progress.NumberField},
		{Field: "progress.indexBuilding.indexesBuilt", Kind: progress.NumberField},
		{Field: "progress.warnings", Kind: progress.TextField},
		{Field: "progress.estimatedOplogTimeRemaining", Kind: progress.TextField}, // no unit
	}
	if diff := cmp.Diff(want, r.Unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
}

// Of a time that is not known yet there is nothing to read.
func TestUnreadOplogTime(t *testing.T) {
	for text, want := range map[string]int{
		"not checked yet": 0, "Not yet checked": 0, "more than 72 hours": 0, "45 minutes": 0, "": 0,
		"soon": 1, "72": 1, "-3 hours": 1, strings.Repeat("not ", 100): 1,
	} {
		r, err := read(t, progress.Response{Status: http.StatusOK, Body: fmt.Appendf(nil, `{"progress":{"state":"RUNNING","estimatedOplogTimeRemaining":%q}}`, text)})
		if err != nil || len(r.Unread) != want {
			t.Errorf("%q: unread %v, %v; want %d", text, r.Unread, err, want)
		}
	}
}
